"""Closing a month: locked it never changes again; unlocking needs a reason."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.attendance.choices import DayState, MonthState
from zhiheng.attendance.models import AttendanceAdjustment, AttendanceDay, AttendanceMonth
from zhiheng.attendance.queries.months import (
    checklist,
    entity_for_actor,
    month_bounds,
    month_digest,
    planned_of,
)
from zhiheng.attendance.services.days import mark_days
from zhiheng.audit.public import record


def lock_month(*, actor: Actor, legal_entity_id: UUID, month: dt.date) -> AttendanceMonth:
    """Lock a subsidiary's month as it is; what is open is kept with it.

    Raises ValidationError while days of it are still to be settled or judged.
    """
    entity = entity_for_actor(actor, legal_entity_id)
    row = _locked_row(entity.id, month)
    if row.state == MonthState.LOCKED:
        raise ValidationError(_("这个月已经锁定。"), code="locked")
    now = timezone.now()
    checks = checklist(entity.id, month, now)
    if any(each.is_blocking and not each.is_done for each in checks):
        raise ValidationError(
            _("这个月还有没有判定的考勤日，暂时不能锁定。请等结算完成后再试。"), code="open_days"
        )
    first, last = month_bounds(month)
    days = AttendanceDay.objects.filter(legal_entity_id=entity.id, on__range=(first, last))
    days.update(state=DayState.LOCKED)
    row.digest, row.day_count = month_digest(entity.id, month)
    row.state, row.locked_at, row.locked_by, row.unlock_reason = MonthState.LOCKED, now, actor.name, ""
    row.checklist = {each.code: each.count for each in checks}
    row.save()
    record(
        actor, "attendance.month.lock", subject=("attendance.month", row.id),
        payload={"legal_entity": entity.name, "month": row.month, "digest": row.digest, "open": row.checklist},
    )  # fmt: skip
    return row


def unlock_month(*, actor: Actor, legal_entity_id: UUID, month: dt.date, reason: str) -> AttendanceMonth:
    """Open a locked month again; its days are settled anew. Raises ValidationError without a reason."""
    entity = entity_for_actor(actor, legal_entity_id)
    row = _locked_row(entity.id, month)
    if row.state != MonthState.LOCKED:
        raise ValidationError(_("这个月没有锁定。"), code="open")
    if not reason.strip():
        raise ValidationError({"reason": _("请写明解锁的理由，会记入审计日志。")})
    first, last = month_bounds(month)
    days = AttendanceDay.objects.filter(legal_entity_id=entity.id, on__range=(first, last))
    days.update(state=DayState.JUDGED)
    row.state, row.unlock_reason = MonthState.OPEN, reason.strip()
    row.save(update_fields=["state", "unlock_reason"])
    _take_back_adjustments(entity.id, first, last)
    mark_days(days.values_list("person_id", "legal_entity_id", "on"))
    record(
        actor, "attendance.month.unlock", subject=("attendance.month", row.id),
        payload={"legal_entity": entity.name, "month": row.month, "reason": row.unlock_reason},
    )  # fmt: skip
    return row


def mark_month(*, actor: Actor, legal_entity_id: UUID, month: dt.date) -> int:
    """Mark all days of a subsidiary's month that have begun; they are settled within minutes. Return how many.

    Raises ValidationError for a locked month.
    """
    entity = entity_for_actor(actor, legal_entity_id)
    row = _locked_row(entity.id, month)
    if row.state == MonthState.LOCKED:
        raise ValidationError(_("这个月已经锁定。"), code="locked")
    first, last = month_bounds(month)
    days = planned_of(entity.id, first, min(last, timezone.localdate()))
    mark_days(days)
    record(
        actor, "attendance.month.settle", subject=("attendance.month", row.id),
        payload={"legal_entity": entity.name, "month": row.month, "days": len(days)},
    )  # fmt: skip
    return len(days)


def _take_back_adjustments(legal_entity_id: UUID, first: dt.date, last: dt.date) -> None:
    """Cancel what adjustments of these days say: the days themselves will say it again."""
    rows = AttendanceAdjustment.objects.filter(legal_entity_id=legal_entity_id, on__range=(first, last))
    sums: dict[tuple[UUID, dt.date, dt.date], dict[str, int]] = {}
    latest: dict[tuple[UUID, dt.date, dt.date], AttendanceAdjustment] = {}
    for row in rows.order_by("created_at"):
        key = (row.person_id, row.on, row.month)
        latest[key] = row
        mine = sums.setdefault(key, {})
        for name, minutes in row.figures.items():
            mine[name] = mine.get(name, 0) + minutes
    back = [(latest[key], {name: -n for name, n in found.items() if n}) for key, found in sums.items()]
    AttendanceAdjustment.objects.bulk_create(
        AttendanceAdjustment(
            legal_entity_id=row.legal_entity_id, person_id=row.person_id, on=row.on,
            month=_still_open(row.legal_entity_id, row.month), figures=figures, rule_id=row.rule_id,
            inputs=row.inputs, created_at=timezone.now(),
        )
        for row, figures in back
        if figures
    )  # fmt: skip


def _still_open(legal_entity_id: UUID, month: dt.date) -> dt.date:
    """Return the month, or the first one after it that is not locked."""
    locked = set(
        AttendanceMonth.objects.filter(legal_entity_id=legal_entity_id, state=MonthState.LOCKED).values_list(
            "month", flat=True
        )
    )
    while month in locked:
        month = (month + dt.timedelta(days=31)).replace(day=1)
    return month


def _locked_row(legal_entity_id: UUID, month: dt.date) -> AttendanceMonth:
    """Return the month's row, locked until the transaction ends, made where there is none."""
    first = month.replace(day=1)
    AttendanceMonth.objects.get_or_create(legal_entity_id=legal_entity_id, month=first)
    return AttendanceMonth.objects.select_for_update().get(legal_entity_id=legal_entity_id, month=first)
