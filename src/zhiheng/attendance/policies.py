"""Permissions of attendance."""
