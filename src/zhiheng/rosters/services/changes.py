"""Telling whoever has to know that planned days changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from uuid import UUID

import polars as pl
from django.utils import timezone

from zhiheng.people.public import assignment_frame, org_units
from zhiheng.rosters.calc.plan import Plan
from zhiheng.rosters.queries.plan import planned_days
from zhiheng.tenancy.context import current_tenant_id, tenant_context

Day = tuple[UUID, UUID, dt.date]
"""Person, legal entity, date."""
Hook = Callable[[Iterable[Day]], None]
Horizon = Callable[[], dt.date | None]
"""The first day that a hook has anything of; ``None`` while it has nothing."""

_hooks: dict[Hook, Horizon] = {}


def on_change(hook: Hook, *, since: Horizon = lambda: dt.date.min) -> None:
    """Call ``hook`` with the person-days whose plan changed, in the transaction of the change.

    A change of rules or calendars holds for years and everybody: ``since`` keeps it to the days that matter.
    """
    _hooks[hook] = since


def tell(days: Collection[Day]) -> None:
    """Tell of these days."""
    for hook in list(_hooks) if days else ():
        hook(days)


def tell_of_shift(shift_id: UUID, since: dt.date) -> None:
    """Tell of the days that have come on which somebody worked a shift, from a date on."""
    found = _plan_since(since)
    if found is not None:
        mine = [number for number, each in enumerate(found.templates) if each.shift_id == shift_id]
        _tell_rows(found.frame.filter(pl.col("template").is_in(mine)))


def tell_of_all(since: dt.date) -> None:
    """Tell of everybody's days that have come, from a date on."""
    found = _plan_since(since)
    if found is not None:
        _tell_rows(found.frame)


def tell_of_subject(
    person_id: UUID | None, org_unit_id: UUID | None, since: dt.date, until: dt.date | None
) -> None:
    """Tell of the days that have come of a person, or of a unit and below, from a date to before another."""
    people = {person_id} if person_id else _people_below(org_unit_id)
    found = _plan_since(since, until, people)
    if found is not None:
        _tell_rows(found.frame)


def _plan_since(
    since: dt.date, until: dt.date | None = None, people: Collection[UUID] | None = None
) -> Plan | None:
    """Return the plan up to today: days to come are judged by what holds then, so nobody need be told of them."""
    last = min(timezone.localdate(), (until or dt.date.max) - dt.timedelta(days=1))
    with tenant_context(current_tenant_id()):  # a change tells on everybody, whoever makes it
        horizon = min((first for each in _hooks.values() if (first := each()) is not None), default=None)
        earliest = assignment_frame()["valid_from"].min() if horizon else None
        if horizon is None or earliest is None or max(since, earliest, horizon) > last:
            return None
        return planned_days(people, max(since, earliest, horizon), last)


def _tell_rows(frame: pl.DataFrame) -> None:
    rows = frame.select("person_id", "legal_entity_id", "on").iter_rows()
    tell([(UUID(person), UUID(entity), on) for person, entity, on in rows])


def _people_below(org_unit_id: UUID | None) -> set[UUID]:
    inside = [str(unit.id) for unit in org_units() if org_unit_id in unit.path]
    found = assignment_frame().filter(pl.col("org_unit_id").is_in(inside))
    return {UUID(each) for each in found["person_id"].unique()}
