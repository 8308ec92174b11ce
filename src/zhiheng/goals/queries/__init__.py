"""Reads of goals."""
