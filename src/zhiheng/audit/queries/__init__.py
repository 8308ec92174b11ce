"""Reads of the audit log."""
