"""Forms of rosters. They shape input; what makes sense is decided by the services."""
