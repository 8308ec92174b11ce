"""Verbs of terminals, by noun."""
