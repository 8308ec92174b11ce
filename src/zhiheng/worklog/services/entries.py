"""Writing down what somebody did, and which kinds of work there are."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.worklog.models import WorkCategory, WorkEntry
from zhiheng.worklog.policies import MANAGE_CATEGORY, WRITE_ENTRY
from zhiheng.worklog.queries.categories import categories
from zhiheng.worklog.queries.scopes import person_in_scope, rows_of_people
from zhiheng.worklog.services.work_time import refresh_day


def add_entry(
    *,
    actor: Actor,
    category: str,
    on: dt.date,
    minutes: int = 0,
    started_at: dt.datetime | None = None,
    ended_at: dt.datetime | None = None,
    note: str = "",
    person_id: UUID | None = None,
) -> UUID:
    """Write down something done: from when to when, or how long; returns the entry's id.

    ValidationError for a category that is not there or comes by itself, a day to come, or a span over another one.
    """
    person = person_in_scope(actor, WRITE_ENTRY, person_id)
    _check_category(category)
    if on > timezone.localdate():
        raise ValidationError({"on": _("不能填写将来的日期。")}, code="future")
    if started_at and ended_at:
        minutes = _span_minutes(on, started_at, ended_at)
        _refuse_overlap(person.id, started_at, ended_at)
    if not 1 <= minutes <= 24 * 60:
        raise ValidationError({"minutes": _("时长必须在 1 分钟到 24 小时之间。")}, code="bad_minutes")
    entry = WorkEntry(
        person_id=person.id, legal_entity_id=person.legal_entity_id, on=on, category=category,
        started_at=started_at, ended_at=ended_at, minutes=minutes, note=note.strip(),
    )  # fmt: skip
    entry.full_clean(exclude=["person", "legal_entity"])
    entry.save(force_insert=True)
    payload = {"category": category, "on": on, "minutes": minutes}
    record(actor, "worklog.entry.create", subject=("worklog.entry", entry.id), payload=payload)
    refresh_day(person.id, on)
    return entry.id


def _check_category(code: str) -> None:
    known = categories().get(code)
    if known is None or not known.is_active:
        raise ValidationError({"category": _("没有这个工作类别。")}, code="no_category")
    if known.flows_in:
        text = _("「{name}」由拜访和项目工时自动带入，不用手工填写。").format(name=known.label)
        raise ValidationError({"category": text}, code="flows_in")


def _span_minutes(on: dt.date, start: dt.datetime, end: dt.datetime) -> int:
    if timezone.localdate(start) != on or end <= start:
        raise ValidationError({"ended_at": _("结束时间必须晚于开始时间。")}, code="bad_span")
    return int((end - start).total_seconds() // 60)


def _refuse_overlap(person_id: UUID, start: dt.datetime, end: dt.datetime) -> None:
    rows = WorkEntry.objects.filter(person_id=person_id, started_at__lt=end, ended_at__gt=start)
    if rows.exists():
        raise ValidationError({"started_at": _("这段时间已有另一条工作内容。")}, code="overlap")


def delete_entry(*, actor: Actor, entry_id: UUID) -> dt.date:
    """Take an entry away; returns its day. 404 for one that is not the actor's to write."""
    rows = WorkEntry.objects.select_for_update().filter(rows_of_people(actor, WRITE_ENTRY), id=entry_id)
    entry = rows.first()
    if entry is None:
        raise Http404
    payload = {"category": entry.category, "on": entry.on, "minutes": entry.minutes, "note": entry.note}
    record(actor, "worklog.entry.delete", subject=("worklog.entry", entry.id), payload=payload)
    entry.delete()
    refresh_day(entry.person_id, entry.on)
    return entry.on


def save_category(
    *,
    actor: Actor,
    code: str,
    name: str,
    name_en: str = "",
    is_effective: bool,
    is_active: bool = True,
) -> UUID:
    """Add a kind of work, or say what a known one is called and whether it is effective; returns the row's id.

    Days already recorded keep their figures until they are worked out again.
    """
    actor.scope(MANAGE_CATEGORY)
    row = WorkCategory.objects.filter(code=code).first() or WorkCategory(code=code)
    row.name, row.name_en, row.is_effective, row.is_active = name, name_en, is_effective, is_active
    row.full_clean()
    row.save()
    payload = {"code": code, "is_effective": is_effective, "is_active": is_active}
    record(actor, "worklog.category.set", subject=("worklog.category", row.id), payload=payload)
    return row.id
