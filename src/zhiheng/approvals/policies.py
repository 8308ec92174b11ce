"""Permissions of approvals."""
