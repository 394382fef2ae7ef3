"""The protocol: signed change sets, authority, merge, stores."""
