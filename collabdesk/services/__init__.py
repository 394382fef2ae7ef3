"""One verb a user can do is one command and its handler."""
