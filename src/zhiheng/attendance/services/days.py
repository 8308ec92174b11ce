"""Which days have to be settled again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.utils import timezone

from zhiheng.tenancy.context import current_tenant_id
from zhiheng.tenancy.keys import uuid7

Day = tuple[UUID, UUID, dt.date]
"""Person, legal entity, date."""

_MARK = """
INSERT INTO attendance_daymark (tenant_id, id, person_id, legal_entity_id, "on", marked_at)
SELECT %s, * , %s FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::date[])
ON CONFLICT (tenant_id, person_id, "on") DO UPDATE SET marked_at = excluded.marked_at
"""


def mark_days(days: Iterable[Day]) -> None:
    """Mark person-days for settlement; marking one again renews its mark."""
    found = sorted(
        set(days), key=str
    )  # in one order everywhere, so that two writers never wait for each other
    if not found:
        return
    persons, entities, dates = zip(*found, strict=True)
    ids = [uuid7() for _ in found]
    with connection.cursor() as cursor:
        cursor.execute(
            _MARK, [current_tenant_id(), timezone.now(), ids, list(persons), list(entities), list(dates)]
        )
