"""Tables of terminals."""
