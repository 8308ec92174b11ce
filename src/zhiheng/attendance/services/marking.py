"""Marking days that nothing arrived for: everybody's new days, closed windows, what stayed unresolved too long."""

from __future__ import annotations

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

import polars as pl
from django.db.models import Max
from django.utils import timezone

from zhiheng.attendance.choices import DayState
from zhiheng.attendance.models import AttendanceDay, Punch
from zhiheng.attendance.queries.rules import settlement_rules
from zhiheng.attendance.services.days import mark_days
from zhiheng.rosters.public import planned_days
from zhiheng.tenancy.context import current_tenant_id
from zhiheng.tenancy.models import Tenant

MOST_DAYS_BACK = 35
"""How far back days without a row are looked for after a pause."""


def mark_due_days(*, now: dt.datetime | None = None) -> int:
    """Mark all that is due by the clock in the tenant in force; return how many days.

    A company that nobody has ever punched in does not use attendance: nobody is absent there.
    """
    if not Punch.objects.exists():
        return 0
    moment = now or timezone.now()
    due = _new_days(moment) | _closed_days(moment) | _overdue_days(moment)
    mark_days(due)
    return len(due)


def _new_days(now: dt.datetime) -> set[tuple[UUID, UUID, dt.date]]:
    """Return the days that have begun and have no row yet, since the last one that has."""
    zone = Tenant.objects.values_list("time_zone", flat=True).get(id=current_tenant_id())
    today = now.astimezone(ZoneInfo(zone)).date()
    latest = AttendanceDay.objects.aggregate(last=Max("on"))["last"] or today
    first = max(min(latest, today) - dt.timedelta(days=1), today - dt.timedelta(days=MOST_DAYS_BACK))
    plan = planned_days(None, first, today).frame.select("person_id", "legal_entity_id", "on")
    rows = AttendanceDay.objects.filter(on__range=(first, today)).values_list("person_id", "on")
    known = pl.DataFrame(
        [(str(person), on) for person, on in rows],
        schema={"person_id": pl.String, "on": pl.Date}, orient="row",
    )  # fmt: skip
    missing = plan.join(known, on=["person_id", "on"], how="anti")
    return {(UUID(person), UUID(entity), on) for person, entity, on in missing.iter_rows()}


def _closed_days(now: dt.datetime) -> set[tuple[UUID, UUID, dt.date]]:
    """Return the waiting days whose window has closed."""
    rows = AttendanceDay.objects.filter(state=DayState.WAITING, closes_at__lte=now)
    return set(rows.values_list("person_id", "legal_entity_id", "on"))


def _overdue_days(now: dt.datetime) -> set[tuple[UUID, UUID, dt.date]]:
    """Return the unresolved days that now count as absence, where the company wants it so."""
    days = settlement_rules().absent_after_days
    if days is None:
        return set()
    rows = AttendanceDay.objects.filter(
        state=DayState.JUDGED, unresolved__gt=0, closes_at__lte=now - dt.timedelta(days=days)
    )
    return set(rows.values_list("person_id", "legal_entity_id", "on"))
