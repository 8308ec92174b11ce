"""Permissions of faces."""
