"""Permissions of rosters."""
