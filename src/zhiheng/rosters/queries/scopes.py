"""Data scopes over frames: the same as `DataScope.q`, for rows that are no table's."""

from __future__ import annotations

import polars as pl
from django.db.models import Q

from zhiheng.access.actor import Actor, DataScope
from zhiheng.access.permissions import Permission


def in_scope(scope: DataScope) -> pl.Expr:
    """Return the filter of the rows in scope by person_id, org_unit_id and legal_entity_id."""
    if scope.is_tenant:
        return pl.lit(True)
    return (
        pl.col("legal_entity_id").is_in([str(each) for each in scope.legal_entity_ids])
        | pl.col("org_unit_id").is_in([str(each) for each in scope.org_unit_ids])
        | (pl.col("person_id") == (str(scope.person_id) if scope.person_id else ""))
    )


def held_in_scope(actor: Actor, permission: Permission) -> Q:
    """Return the filter of what holds of people and units in scope; a person counts where they work today."""
    scope = actor.scope(permission)
    return scope.q() | scope.q(org_unit="person__org_unit_id")
