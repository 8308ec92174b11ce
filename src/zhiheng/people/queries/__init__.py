"""Reads of people, split by noun."""
