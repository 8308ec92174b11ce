"""Composition root of pages and API: shell, navigation, request to actor, errors."""
