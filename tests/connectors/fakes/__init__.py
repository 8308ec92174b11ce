"""Small servers that answer as the documentation of a system says; their data are invented."""
