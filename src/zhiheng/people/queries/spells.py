"""Who worked where and when, as a frame: for calculations that need everybody at once."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import polars as pl
from django.db import connection

from zhiheng.tenancy.context import current_tenant_id

_SQL = """
SELECT e.employee_number, a.person_id::text, e.legal_entity_id::text, a.org_unit_id::text,
       a.position_id::text, lower(a.valid), upper(a.valid)
FROM people_assignment a
JOIN people_employment e ON e.tenant_id = a.tenant_id AND e.id = a.employment_id
WHERE a.tenant_id = %s AND a.is_primary AND (%s OR a.person_id = ANY(%s::uuid[]))
ORDER BY e.employee_number, lower(a.valid)
"""
_SCHEMA = {
    "employee_number": pl.String, "person_id": pl.String, "legal_entity_id": pl.String,
    "org_unit_id": pl.String, "position_id": pl.String, "valid_from": pl.Date, "valid_to": pl.Date,
}  # fmt: skip


def assignment_frame(person_ids: Collection[UUID] | None = None) -> pl.DataFrame:
    """Return the main assignments that the current scope lets through, of these people or all, by number and beginning.

    Columns: employee_number, person_id, legal_entity_id, org_unit_id, position_id (may be null), valid_from,
    valid_to (the day after the last; null without end). Ids are text.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [current_tenant_id(), person_ids is None, list(person_ids or ())])
        return pl.DataFrame(cursor.fetchall(), schema=_SCHEMA, orient="row")
