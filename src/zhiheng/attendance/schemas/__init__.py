"""API schemas of attendance, by noun."""
