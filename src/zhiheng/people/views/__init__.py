"""Pages of people, split by noun."""
