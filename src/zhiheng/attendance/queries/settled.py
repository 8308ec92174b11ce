"""Settled days as frames, for payroll, metrics and the work log. Checks no permission."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

import polars as pl
from django.db import connection
from django.db.models import Min

from zhiheng.attendance.calc.columnar import MINUTES
from zhiheng.attendance.models import AttendanceDay, DayMark
from zhiheng.tenancy.context import current_tenant_id

_INSTANT = pl.Datetime("us", "UTC")
SETTLED = {
    "person_id": pl.String, "on": pl.Date, "legal_entity_id": pl.String, "day_type": pl.String, "system": pl.String,
    "state": pl.String, **dict.fromkeys((*MINUTES, "ot_comp"), pl.Int32), "flags": pl.List(pl.String),
}  # fmt: skip
_MINUTES = (*MINUTES, "ot_comp")
_SETTLED = f"""
SELECT d.person_id::text, d."on", d.legal_entity_id::text, d.day_type, r.system, d.state,
    {", ".join(f'd."{name}"' for name in _MINUTES)}, d.flags
FROM attendance_attendanceday d JOIN attendance_dayrule r ON r.tenant_id = d.tenant_id AND r.id = d.rule_id
WHERE d.tenant_id = %(tenant)s AND d."on" BETWEEN %(first)s AND %(last)s
    AND (%(all)s OR d.person_id = ANY(%(ids)s::uuid[]))
ORDER BY d.person_id, d."on"
"""  # noqa: S608 - names of this module only
PRESENCE = {"person_id": pl.String, "from_at": _INSTANT, "to_at": _INSTANT, "site_id": pl.String}
_PRESENCE = """
SELECT d.person_id::text, d.first_in_at, d.last_out_at, (
    SELECT p.site_id::text FROM attendance_punch p
    WHERE p.tenant_id = d.tenant_id AND p.person_id = d.person_id AND p.site_id IS NOT NULL
        AND p.punched_at >= d.first_in_at AND p.punched_at < d.first_in_at + interval '1 minute'
    ORDER BY p.punched_at LIMIT 1
)
FROM attendance_attendanceday d
WHERE d.tenant_id = %(tenant)s AND d."on" BETWEEN %(first)s AND %(last)s
    AND (%(all)s OR d.person_id = ANY(%(ids)s::uuid[]))
    AND d.first_in_at IS NOT NULL AND d.last_out_at > d.first_in_at
ORDER BY d.person_id, d.first_in_at
"""


def settled_days(person_ids: Collection[UUID] | None, first: dt.date, last: dt.date) -> pl.DataFrame:
    """Return the settled days of people (``None``: everybody), both ends included, by person and date.

    Columns: person_id, on, legal_entity_id, day_type, system (of working time), state (waiting, judged, locked), all
    minutes of `calc.facts.DayResult`, ot_comp and flags. Only judged and locked days are final.
    """
    return _frame(_SETTLED, person_ids, first, last, SETTLED)


def presence_intervals(person_ids: Collection[UUID] | None, first: dt.date, last: dt.date) -> pl.DataFrame:
    """Return when people were at work by their punches: person_id, from_at, to_at, and site_id where it is known."""
    return _frame(_PRESENCE, person_ids, first, last, PRESENCE)


def _frame(
    sql: str, person_ids: Collection[UUID] | None, first: dt.date, last: dt.date, schema: dict
) -> pl.DataFrame:
    values = {
        "tenant": current_tenant_id(), "first": first, "last": last, "all": person_ids is None,
        "ids": [] if person_ids is None else list(person_ids),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    return pl.DataFrame(rows, schema=schema, orient="row")


def first_day() -> dt.date | None:
    """Return the first day that is settled or marked for it; ``None`` where nobody's attendance is kept yet."""
    firsts = (model.objects.aggregate(first=Min("on"))["first"] for model in (AttendanceDay, DayMark))
    return min((each for each in firsts if each is not None), default=None)
