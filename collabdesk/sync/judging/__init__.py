"""The verdict on every operation of a placed segment, and the merge of what is accepted."""
