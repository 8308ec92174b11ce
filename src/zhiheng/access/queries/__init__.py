"""Reads of access."""

from zhiheng.access.queries.actors import Place, actor_at, actor_for, actor_of_token, places_of_user

__all__ = ["Place", "actor_at", "actor_for", "actor_of_token", "places_of_user"]
