"""Reads of terminals, by noun."""
