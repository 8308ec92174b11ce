"""Settling somebody's day at once, at somebody's wish."""

from __future__ import annotations

from uuid import UUID

import polars as pl
from django.http import Http404
from django.utils import timezone

from zhiheng.access.actor import Actor
from zhiheng.attendance.models import AttendanceDay
from zhiheng.attendance.policies import SETTLE_DAY
from zhiheng.attendance.services.settlement import Settled, settle_days
from zhiheng.audit.public import record

PERSON_COLUMNS = {
    "person": "person_id", "org_unit": "person__org_unit_id", "legal_entity": "legal_entity_id",
}  # fmt: skip


def settle_day_again(*, actor: Actor, day_id: UUID) -> Settled:
    """Settle a day from everything that is known now; raise `Http404` for one the actor may not settle."""
    row = AttendanceDay.objects.filter(actor.scope(SETTLE_DAY).q(**PERSON_COLUMNS), id=day_id).first()
    if row is None:
        raise Http404
    wanted = pl.DataFrame(
        {"person_id": [str(row.person_id)], "on": [row.on]}, schema={"person_id": pl.String, "on": pl.Date}
    )
    done = settle_days(wanted, now=timezone.now())
    record(
        actor, "attendance.day.settle", subject=("attendance.day", row.id),
        payload={"person": row.person_id, "on": row.on, "changed": done.changed, "adjusted": done.adjusted},
    )  # fmt: skip
    return done
