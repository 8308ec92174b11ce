"""Logging hours on projects by week: typing, copying, filling, submitting, locking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.people.public import PersonRef
from zhiheng.worklog.calc.weeks import DAY, days_of_week, monday_of
from zhiheng.worklog.choices import WeekState
from zhiheng.worklog.models import TimesheetEntry, TimesheetWeek
from zhiheng.worklog.policies import LOCK_WEEK, WRITE_ENTRY
from zhiheng.worklog.queries.plans import planned_minutes
from zhiheng.worklog.queries.projects import activities_to_log
from zhiheng.worklog.queries.scopes import person_in_scope
from zhiheng.worklog.services.work_time import refresh_days

WEEK = dt.timedelta(days=7)
Cells = Mapping[tuple[UUID, dt.date], int]
"""Activity and day -> minutes; 0 takes an entry away."""


def save_hours(
    *, actor: Actor, cells: Cells, person_id: UUID | None = None, batch_id: UUID | None = None
) -> int:
    """Set the minutes of activities and days; returns how many entries changed.

    ValidationError for a week that is submitted or locked, somebody else's activity, or a day of over 24 hours.
    """
    person = person_in_scope(actor, WRITE_ENTRY, person_id)
    for monday in sorted({monday_of(on) for _activity, on in cells}):
        _refuse_unless_open(person, monday)
    _refuse_unknown(person, cells)
    changed = _write(person, cells, batch_id)
    _refuse_long_days(person, {on for _activity, on in changed})
    if changed:
        payload = {"days": sorted({on for _activity, on in changed}), "entries": len(changed)}
        record(actor, "worklog.timesheet.set", subject=("people.person", person.id), payload=payload)
        refresh_days((person.id, on) for _activity, on in changed)
    return len(changed)


def _refuse_unless_open(person: PersonRef, monday: dt.date) -> TimesheetWeek | None:
    week = TimesheetWeek.objects.select_for_update().filter(person_id=person.id, starts_on=monday).first()
    if week is not None and week.state != WeekState.OPEN:
        text = _("{day} 这一周的工时已提交或锁定，请联系主管解锁后再修改。").format(day=monday)
        raise ValidationError(text, code="week_not_open")
    return week


def _refuse_unknown(person: PersonRef, cells: Cells) -> None:
    wanted = {activity for (activity, _on), minutes in cells.items() if minutes}
    if wanted - {each.id for each in activities_to_log(person)}:
        raise ValidationError(_("您不是这个项目的成员，或该活动已停用。"), code="not_a_member")


def _write(person: PersonRef, cells: Cells, batch_id: UUID | None) -> list[tuple[UUID, dt.date]]:
    if any(not 0 <= minutes <= DAY for minutes in cells.values()):
        raise ValidationError(_("每格工时必须在 0 到 24 小时之间。"), code="bad_minutes")
    rows = TimesheetEntry.objects.select_for_update().filter(
        person_id=person.id, on__in={on for _activity, on in cells}
    )
    known = {(each.activity_id, each.on): each for each in rows}
    changed = [
        key for key, minutes in cells.items() if minutes != (known[key].minutes if key in known else 0)
    ]
    gone = [known[key].id for key in changed if key in known and not cells[key]]
    TimesheetEntry.objects.filter(id__in=gone).delete()
    for key in changed:
        if key in known and cells[key]:
            known[key].minutes = cells[key]
            known[key].save(update_fields=["minutes", "updated_at"])
    TimesheetEntry.objects.bulk_create(
        TimesheetEntry(
            person_id=person.id, legal_entity_id=person.legal_entity_id, activity_id=key[0], on=key[1],
            minutes=cells[key], batch_id=batch_id,
        )
        for key in changed
        if key not in known
    )  # fmt: skip
    return changed


def _refuse_long_days(person: PersonRef, days: set[dt.date]) -> None:
    rows = TimesheetEntry.objects.filter(person_id=person.id, on__in=days).values("on")
    for row in rows.annotate(total=Sum("minutes")).filter(total__gt=DAY):
        raise ValidationError(_("{day} 的工时超过 24 小时。").format(day=row["on"]), code="long_day")


def copy_last_week(*, actor: Actor, monday: dt.date, person_id: UUID | None = None) -> int:
    """Copy the week before to the days and activities that have nothing yet; returns how many entries."""
    person = person_in_scope(actor, WRITE_ENTRY, person_id)
    allowed = {each.id for each in activities_to_log(person)}
    rows = TimesheetEntry.objects.filter(person_id=person.id, on__gte=monday - WEEK, on__lt=monday + WEEK)
    entries = {(each.activity_id, each.on): each.minutes for each in rows}
    cells = {
        (activity, on + WEEK): minutes
        for (activity, on), minutes in entries.items()
        if on < monday and (activity, on + WEEK) not in entries and activity in allowed
    }
    return save_hours(actor=actor, cells=cells, person_id=person.id)


def fill_week(*, actor: Actor, monday: dt.date, activity_id: UUID, person_id: UUID | None = None) -> int:
    """Give an activity what each day's shift leaves after leave and the hours logged; returns how many days.

    ValidationError when nobody planned a shift for the week.
    """
    person = person_in_scope(actor, WRITE_ENTRY, person_id)
    days = days_of_week(monday)
    planned = planned_minutes(person.id, days[0], days[-1])
    if not any(planned.values()):
        raise ValidationError(_("这一周没有排班，无法按日历填充。"), code="no_plan")
    logged: dict[dt.date, int] = dict.fromkeys(days, 0)
    before = dict.fromkeys(days, 0)
    for each in TimesheetEntry.objects.filter(person_id=person.id, on__in=days):
        logged[each.on] += each.minutes
        before[each.on] += each.minutes if each.activity_id == activity_id else 0
    cells = {
        (activity_id, on): before[on] + minutes - logged[on]
        for on, minutes in planned.items()
        if minutes > logged[on]
    }
    return save_hours(actor=actor, cells=cells, person_id=person.id)


def submit_week(*, actor: Actor, monday: dt.date, person_id: UUID | None = None) -> None:
    """Hand a week in; ValidationError for one that is not open or has no hours."""
    person = person_in_scope(actor, WRITE_ENTRY, person_id)
    week = _refuse_unless_open(person, monday)
    if not TimesheetEntry.objects.filter(person_id=person.id, on__in=days_of_week(monday)).exists():
        raise ValidationError(_("这一周还没有工时，填写后再提交。"), code="empty_week")
    week = week or _new_week(person, monday)
    week.state, week.submitted_at, week.reason = WeekState.SUBMITTED, timezone.now(), ""
    week.save()
    _record(actor, "worklog.week.commit", week)


def lock_week(*, actor: Actor, monday: dt.date, person_id: UUID) -> None:
    """Lock somebody's week, submitted or not, so that nothing in it changes; again changes nothing."""
    person = person_in_scope(actor, LOCK_WEEK, person_id)
    rows = TimesheetWeek.objects.select_for_update()
    week = rows.filter(person_id=person.id, starts_on=monday).first() or _new_week(person, monday)
    if week.state == WeekState.LOCKED:
        return
    week.state, week.locked_at, week.locked_by = WeekState.LOCKED, timezone.now(), actor.name
    week.save()
    _record(actor, "worklog.week.close", week)


def unlock_week(*, actor: Actor, monday: dt.date, person_id: UUID, reason: str) -> None:
    """Open a week again; ValidationError without a reason or when it is open anyway."""
    person = person_in_scope(actor, LOCK_WEEK, person_id)
    if not reason.strip():
        raise ValidationError({"reason": _("请填写解锁理由。")}, code="no_reason")
    rows = TimesheetWeek.objects.select_for_update()
    week = rows.filter(person_id=person.id, starts_on=monday).first()
    if week is None or week.state == WeekState.OPEN:
        raise ValidationError(_("这一周的工时没有提交或锁定。"), code="week_open")
    week.state, week.reason = WeekState.OPEN, reason.strip()
    week.submitted_at, week.locked_at, week.locked_by = None, None, ""
    week.full_clean(exclude=["person", "legal_entity"])
    week.save()
    _record(actor, "worklog.week.reopen", week, reason=week.reason)


def _new_week(person: PersonRef, monday: dt.date) -> TimesheetWeek:
    if monday.weekday():
        raise ValidationError(_("工时周必须从周一开始。"), code="not_a_monday")
    return TimesheetWeek(person_id=person.id, legal_entity_id=person.legal_entity_id, starts_on=monday)


def _record(actor: Actor, verb: str, week: TimesheetWeek, **more: object) -> None:
    payload = {"person": week.person_id, "week": week.starts_on, **more}
    record(actor, verb, subject=("worklog.week", week.id), payload=payload)
