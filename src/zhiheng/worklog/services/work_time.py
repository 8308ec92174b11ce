"""Effective working time as records, so that metrics, goals and scores can use it.

A day is one record of the built-in stream ``work_time``; a day that changes becomes a new revision by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from zhiheng.access.actor import Actor
from zhiheng.attendance.public import mark_days
from zhiheng.integrations.public import Fact, ensure_stream, put_records, stream_by_code
from zhiheng.metrics.public import ensure_metric
from zhiheng.people.public import persons_by_id
from zhiheng.worklog.queries.days import WorkDay, work_days

STREAM = "work_time"
FIELDS = (
    {"name": "employee_no", "label": "工号", "label_en": "Employee number", "kind": "text"},
    {"name": "worked_on", "label": "日期", "label_en": "Date", "kind": "date"},
    {"name": "present_minutes", "label": "在岗分钟", "label_en": "Minutes present", "kind": "integer"},
    {"name": "effective_minutes", "label": "有效分钟", "label_en": "Effective minutes", "kind": "integer"},
    {"name": "logged_minutes", "label": "已记录分钟", "label_en": "Minutes logged", "kind": "integer"},
    {"name": "visits", "label": "拜访次数", "label_en": "Visits", "kind": "integer"},
    {"name": "basis", "label": "在岗依据", "label_en": "Presence known from", "kind": "text"},
    {"name": "sources", "label": "明细", "label_en": "Entries", "kind": "text"},
)
_SUM = {"stream": STREAM, "aggregate": "sum"}
METRICS = (
    {"code": "work_present", "name": "在岗分钟", "name_en": "Minutes present", "unit": "min", "places": 0,
     "field": "present_minutes", **_SUM},
    {"code": "work_effective", "name": "有效分钟", "name_en": "Effective minutes", "unit": "min", "places": 0,
     "field": "effective_minutes", **_SUM},
    {"code": "visit_count", "name": "拜访次数", "name_en": "Visits", "unit": "", "places": 0,
     "field": "visits", **_SUM},
    {"code": "effective_share", "name": "有效工时占比", "name_en": "Effective share of working time", "unit": "",
     "places": 4, "formula": "有效分钟 ÷ 在岗分钟"},
)  # fmt: skip


def ensure_work_time(*, actor: Actor) -> None:
    """Make the stream and the metrics of working time where they are missing; again changes nothing."""
    ensure_stream(
        actor=actor, source_code="zhiheng", source_name="知衡", source_name_en="Zhiheng", code=STREAM,
        name="工作时间", name_en="Working time", fields=FIELDS, key_fields=["employee_no", "worked_on"],
        occurred_field="worked_on", subject_field="employee_no",
    )  # fmt: skip
    for each in METRICS:
        ensure_metric(actor=actor, **each)


def refresh_day(person_id: UUID, on: dt.date) -> None:
    """Bring the record of a person-day up to what is logged now."""
    refresh_days([(person_id, on)])


def refresh_days(days: Iterable[tuple[UUID, dt.date]]) -> int:
    """Bring the records of person-days up to what is logged now; returns how many changed.

    Does nothing in a company without the stream. A day that has nothing any more is withdrawn.
    """
    wanted = set(days)
    if not wanted or not _has_stream():
        return 0
    people = {person for person, _on in wanted}
    first, last = min(on for _person, on in wanted), max(on for _person, on in wanted)
    found = {(each.person_id, each.on): each for each in work_days(people, first, last)}
    return _put([(key, found.get(key)) for key in sorted(wanted, key=str)])


def refresh_range(first: dt.date, last: dt.date) -> int:
    """Bring the records of everybody's days between two dates up; returns how many changed."""
    if not _has_stream():
        return 0
    return _put([((each.person_id, each.on), each) for each in work_days(None, first, last)])


def _has_stream() -> bool:
    try:
        stream_by_code(STREAM)
    except LookupError:
        return False
    return True


def _put(days: Sequence[tuple[tuple[UUID, dt.date], WorkDay | None]]) -> int:
    people = persons_by_id({person for (person, _on), _day in days})
    facts = [_fact(people[person].number, on, day) for (person, on), day in days if person in people]
    added = put_records(stream_code=STREAM, facts=facts)
    return added.created + added.updated


def _fact(number: str, on: dt.date, day: WorkDay | None) -> Fact:
    """Return a day as a record; one of which it is not known how long somebody was present counts nowhere."""
    is_known = day is not None and day.time.present is not None
    values = {
        "employee_no": number,
        "worked_on": on,
        "present_minutes": day.time.present if day and is_known else 0,
        "effective_minutes": day.time.effective if day and is_known else 0,
        "logged_minutes": day.time.logged if day else 0,
        "visits": day.visits if day else 0,
        "basis": day.basis if day else "",
        "sources": " ".join(day.sources) if day else "",
    }
    return Fact(values, is_withdrawn=day is None)


def presence_changed(person_id: UUID, legal_entity_id: UUID, on: dt.date) -> None:
    """Let attendance settle a day again, on which somebody was with a customer."""
    mark_days([(person_id, legal_entity_id, on)])
