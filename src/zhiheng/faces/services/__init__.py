"""Verbs of faces, by noun."""
