"""Pure calculation of terminals."""
