"""Verbs of leave."""
