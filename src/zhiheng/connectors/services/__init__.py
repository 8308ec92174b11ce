"""Writes of connectors."""
