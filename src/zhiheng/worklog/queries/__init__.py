"""Reads of the work log, by noun."""
