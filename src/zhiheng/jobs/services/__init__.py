"""Writes of background jobs."""
