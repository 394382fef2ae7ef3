"""The risk and gain share, and the investment of savings."""
