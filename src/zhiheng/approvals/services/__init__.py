"""Verbs of approvals."""
