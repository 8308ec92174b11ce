"""Data scopes over frames: the same as `DataScope.q`, for rows that are no table's."""

from __future__ import annotations

import polars as pl

from zhiheng.access.actor import DataScope


def in_scope(scope: DataScope) -> pl.Expr:
    """Return the filter of the rows in scope by person_id, org_unit_id and legal_entity_id."""
    if scope.is_tenant:
        return pl.lit(True)
    return (
        pl.col("legal_entity_id").is_in([str(each) for each in scope.legal_entity_ids])
        | pl.col("org_unit_id").is_in([str(each) for each in scope.org_unit_ids])
        | (pl.col("person_id") == (str(scope.person_id) if scope.person_id else ""))
    )
