"""Reads of rosters, by noun."""
