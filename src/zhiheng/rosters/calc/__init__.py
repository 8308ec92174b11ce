"""Pure calculation of rosters."""
