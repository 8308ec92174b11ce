"""Tables of faces."""
