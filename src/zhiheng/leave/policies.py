"""Permissions of leave."""
