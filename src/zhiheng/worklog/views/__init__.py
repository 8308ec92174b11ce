"""Pages of the work log, by noun."""
