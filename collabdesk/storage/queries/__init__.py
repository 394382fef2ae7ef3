"""What screens read: plain rows, one file a room."""
