"""Forms of attendance, by noun."""
