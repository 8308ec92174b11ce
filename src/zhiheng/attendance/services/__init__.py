"""Verbs of attendance, by noun."""
