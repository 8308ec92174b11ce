"""Pages of attendance, by noun."""
