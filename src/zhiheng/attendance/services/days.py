"""Which days have to be settled again."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.utils import timezone

from zhiheng.tenancy.context import current_tenant_id
from zhiheng.tenancy.keys import uuid7

Day = tuple[UUID, UUID, dt.date]
"""Person, legal entity, date."""

_MARK = """
INSERT INTO attendance_daymark (tenant_id, marked_at, id, person_id, legal_entity_id, "on")
SELECT %s, %s, id, person_id, legal_entity_id, "on"
FROM json_to_recordset(%s) AS given(id uuid, person_id uuid, legal_entity_id uuid, "on" date)
ON CONFLICT (tenant_id, person_id, "on") DO UPDATE SET marked_at = excluded.marked_at
"""


def mark_days(days: Iterable[Day]) -> None:
    """Mark person-days for settlement; marking one again renews its mark."""
    # In one order everywhere, so that two writers never wait for each other in a circle.
    found = sorted(set(days), key=lambda day: (day[0].int, day[2]))
    if not found:
        return
    rows = [
        {"id": uuid7(), "person_id": person_id, "legal_entity_id": entity_id, "on": on}
        for person_id, entity_id, on in found
    ]
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [current_tenant_id(), timezone.now(), json.dumps(rows, default=str)])
