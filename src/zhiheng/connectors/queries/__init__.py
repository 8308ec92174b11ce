"""Reads of connectors."""
