"""Sources of outside data and the raw records they deliver."""
