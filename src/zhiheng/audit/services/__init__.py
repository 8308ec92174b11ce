"""Writes of the audit log."""
