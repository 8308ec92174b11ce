"""Permissions of terminals."""
