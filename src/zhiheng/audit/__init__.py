"""Append-only, hash-chained log of what was done, by whom."""
