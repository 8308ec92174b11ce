"""Permissions of worklog."""
