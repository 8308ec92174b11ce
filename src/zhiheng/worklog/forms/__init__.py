"""Forms of the work log, by noun."""
