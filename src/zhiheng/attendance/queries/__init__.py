"""Reads of attendance, by noun."""
