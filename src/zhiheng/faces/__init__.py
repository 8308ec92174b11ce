"""Faces: consent, templates, live challenges and recognition."""
