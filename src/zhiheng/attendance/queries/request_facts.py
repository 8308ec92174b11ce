"""What a request is judged against: the person's other requests, quota, roster, and closed months."""

from __future__ import annotations

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from zhiheng.attendance.calc.requests import Draft, Facts, Month, Taken
from zhiheng.attendance.choices import MonthState, RequestKind, TimeRequestState
from zhiheng.attendance.models import LIVE_STATES, AttendanceMonth, TimeRequest
from zhiheng.attendance.wording import summary_of
from zhiheng.leave.public import approved_leave
from zhiheng.rosters.public import planned_days
from zhiheng.tenancy.context import current_tenant_id
from zhiheng.tenancy.models import Tenant

COUNTED = (TimeRequestState.PENDING, TimeRequestState.APPROVED)


def tenant_zone() -> str:
    """Return the time zone in which the company's days begin."""
    return Tenant.objects.values_list("time_zone", flat=True).get(id=current_tenant_id())


def facts_for(
    person_id: UUID, draft: Draft, *, legal_entity_id: UUID, zone: str, may_override: bool
) -> Facts:
    """Gather what a draft of a person is judged against."""
    now = timezone.now()
    plan = planned_days([person_id], draft.from_on, draft.to_on).frame
    kinds = {row["on"]: row["day_type"] for row in plan.iter_rows(named=True)}
    return Facts(
        now=now,
        today=now.astimezone(ZoneInfo(zone)).date(),
        day_type=kinds.get(draft.from_on, "WORKDAY"),
        others=_others(person_id, draft),
        leave=_leave(person_id, draft, ZoneInfo(zone)),
        corrections_used=corrections_used(person_id, draft.from_on),
        month_minutes=overtime_asked(person_id, *_month(draft.from_on)),
        day_minutes=overtime_asked(person_id, draft.from_on, draft.from_on),
        locked=_locked_months(legal_entity_id, draft),
        is_employed={draft.from_on, draft.to_on} <= set(kinds),
        may_override=may_override,
    )


def _month(day: dt.date) -> tuple[dt.date, dt.date]:
    first = day.replace(day=1)
    return first, (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def _locked_months(legal_entity_id: UUID, draft: Draft) -> frozenset[Month]:
    """Return the months of the draft that the subsidiary has locked."""
    months = AttendanceMonth.objects.filter(
        legal_entity_id=legal_entity_id, state=MonthState.LOCKED,
        month__range=(draft.from_on.replace(day=1), draft.to_on),
    )  # fmt: skip
    return frozenset((each.year, each.month) for each in months.values_list("month", flat=True))


def _others(person_id: UUID, draft: Draft) -> tuple[Taken, ...]:
    """Return the person's live requests within a day of the draft."""
    near = dt.timedelta(days=1)
    rows = TimeRequest.objects.filter(
        Q(from_on__lte=draft.to_on + near, to_on__gte=draft.from_on - near),
        person_id=person_id, state__in=LIVE_STATES,
    ).select_related("other_person")  # fmt: skip
    return tuple(
        Taken(each.kind, each.from_on, each.to_on, each.from_at, each.to_at, each.end, str(summary_of(each)))
        for each in rows
    )


def _leave(person_id: UUID, draft: Draft, zone: ZoneInfo) -> tuple[Taken, ...]:
    """Return the person's approved leave on the days of the draft."""
    rows = approved_leave([person_id], draft.from_on, draft.to_on)
    found = []
    for row in rows.iter_rows(named=True):
        start, end = row["from_at"].astimezone(zone), row["to_at"].astimezone(zone)
        span = f"{start:%Y-%m-%d %H:%M} – {end:%m-%d %H:%M}"
        label = str(format_lazy(_("请假 {span}"), span=span))
        found.append(Taken("leave", start.date(), end.date(), start, end, label=label))
    return tuple(found)


def corrections_used(person_id: UUID, day: dt.date) -> int:
    """Count the corrections that use up the quota of the day's month: rejected and withdrawn ones give theirs back."""
    first, last = _month(day)
    return TimeRequest.objects.filter(
        person_id=person_id, kind=RequestKind.CORRECTION, state__in=COUNTED, is_device_failure=False,
        from_on__range=(first, last),
    ).count()  # fmt: skip


def overtime_asked(person_id: UUID, first: dt.date, last: dt.date) -> int:
    """Return the minutes of overtime asked for on days from ``first`` to ``last``."""
    rows = TimeRequest.objects.filter(
        person_id=person_id, kind=RequestKind.OVERTIME, state__in=COUNTED, from_on__range=(first, last)
    )
    return rows.aggregate(total=Sum("minutes"))["total"] or 0


def today_of(zone: str) -> dt.date:
    """Return today's date in a zone."""
    return timezone.now().astimezone(ZoneInfo(zone)).date()


def planned_ends(person_id: UUID, on: dt.date) -> tuple[int, int] | None:
    """Return when a person's shift of a day begins and ends, in minutes from its midnight; ``None`` without times."""
    plan = planned_days([person_id], on, on)
    for row in plan.frame.iter_rows(named=True):
        segments = plan.templates[row["template"]].shift.segments
        if segments:
            return segments[0][0], segments[-1][1]
    return None


def has_roster(person_id: UUID, on: dt.date) -> bool:
    """Tell whether somebody has a shift, or a rest day, of a roster that can be exchanged for another's."""
    plan = planned_days([person_id], on, on)
    found = [plan.templates[index] for index in plan.frame["template"]]
    return any(each.shift_id is not None or each.is_rest for each in found)
