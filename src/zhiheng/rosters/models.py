"""Tables of rosters."""
