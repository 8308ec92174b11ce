"""Pure calculation of attendance."""
