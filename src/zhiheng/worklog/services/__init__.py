"""Verbs of the work log, by noun."""
