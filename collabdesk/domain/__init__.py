"""What an NHS expert would recognise: pure rules, values in, changes or refusals out."""
