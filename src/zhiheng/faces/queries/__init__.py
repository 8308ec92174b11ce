"""Reads of faces, by noun."""
