"""Effective working time of people and teams over a period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from zhiheng.access.actor import Actor
from zhiheng.people.public import PersonRef, person_ids_in_scope, persons_by_id
from zhiheng.worklog.calc.effective import DayTime, together
from zhiheng.worklog.policies import READ_ENTRY
from zhiheng.worklog.queries.categories import CategoryInfo, categories
from zhiheng.worklog.queries.days import WorkDay, days_by_person, work_days


@dataclass(frozen=True)
class Slice:
    """A category's part of the time present; ``from_x`` and ``width`` are hundredths of a bar."""

    label: str
    minutes: int
    share: float
    is_effective: bool
    colour: str
    from_x: str = "0"

    @property
    def width(self) -> str:
        """Return how wide its part of the bar is."""
        return f"{self.share * 100:.2f}"

    @property
    def hours(self) -> str:
        """Return the hours, with one decimal."""
        return f"{self.minutes / 60:.1f}"


@dataclass(frozen=True)
class PersonTime:
    """Where a person's time of a period went."""

    person: PersonRef
    time: DayTime
    visits: int
    days: int
    slices: tuple[Slice, ...] = ()


@dataclass(frozen=True)
class TeamTime:
    """An org unit's people, and their time together."""

    unit: str
    time: DayTime
    people: tuple[PersonTime, ...]


@dataclass(frozen=True)
class Overview:
    """Everybody in scope over a period: all together, by team, by day, and where the time went."""

    time: DayTime
    visits: int
    teams: tuple[TeamTime, ...]
    by_day: tuple[tuple[dt.date, DayTime], ...]
    slices: tuple[Slice, ...]
    unknown_days: int

    @property
    def people(self) -> list[PersonTime]:
        """Return everybody of all teams."""
        return [person for team in self.teams for person in team.people]


def overview_for_actor(
    actor: Actor, first: dt.date, last: dt.date, *, unit: str = "", text: str = ""
) -> Overview:
    """Return where the time of the people the actor may see went; ``unit`` is the name of an org unit."""
    ids = person_ids_in_scope(actor.scope(READ_ENTRY))
    known = categories()
    days = work_days(ids, first, last, known)
    people = persons_by_id({each.person_id for each in days})
    kept = {key: person for key, person in people.items() if _matches(person, unit, text)}
    mine = [each for each in days if each.person_id in kept]
    rows = [_person_time(kept[key], each, known) for key, each in days_by_person(mine).items()]
    whole = together(each.time for each in mine)
    return Overview(
        whole,
        sum(each.visits for each in mine),
        _teams(rows),
        _by_day(mine),
        slices(whole, known),
        sum(each.time.present is None for each in mine),
    )


def _matches(person: PersonRef, unit: str, text: str) -> bool:
    wanted = text.strip().lower()
    return (not unit or person.unit == unit) and (
        not wanted or wanted in person.name.lower() or wanted in person.number.lower()
    )


def _person_time(person: PersonRef, days: Sequence[WorkDay], known: Mapping[str, CategoryInfo]) -> PersonTime:
    time = together(each.time for each in days)
    return PersonTime(person, time, sum(each.visits for each in days), len(days), slices(time, known))


def _teams(rows: Sequence[PersonTime]) -> tuple[TeamTime, ...]:
    """Return the people by org unit; within one, the largest share first, those without one last."""
    found: dict[str, list[PersonTime]] = {}
    for row in rows:
        found.setdefault(row.person.unit, []).append(row)
    return tuple(
        TeamTime(
            unit,
            together(each.time for each in people),
            tuple(sorted(people, key=lambda each: (-(each.time.share or -1), each.person.number))),
        )
        for unit, people in sorted(found.items())
    )


def _by_day(days: Sequence[WorkDay]) -> tuple[tuple[dt.date, DayTime], ...]:
    dates = sorted({each.on for each in days})
    return tuple((on, together(each.time for each in days if each.on == on)) for on in dates)


def slices(time: DayTime, known: Mapping[str, CategoryInfo]) -> tuple[Slice, ...]:
    """Return the categories' parts of the time present, effective ones first, the largest first."""
    whole = max(time.present or 0, time.logged)
    ordered = sorted(time.by_category.items(), key=lambda each: (not _is_effective(each[0], known), -each[1]))
    found, reached = [], 0
    for index, (code, minutes) in enumerate(ordered):
        label = known[code].label if code in known else code
        start = f"{reached / whole * 100:.2f}"
        found.append(
            Slice(label, minutes, minutes / whole, _is_effective(code, known), f"c{index % 6 + 1}", start)
        )
        reached += minutes
    return tuple(found)


def _is_effective(code: str, known: Mapping[str, CategoryInfo]) -> bool:
    return code in known and known[code].is_effective


def time_of_person(
    actor: Actor, person_id: UUID, first: dt.date, last: dt.date
) -> tuple[list[WorkDay], DayTime]:
    """Return the days of somebody over a period, and their sum; nothing for somebody outside the scope."""
    ids = person_ids_in_scope(actor.scope(READ_ENTRY))
    if ids is not None and person_id not in ids:
        return [], DayTime(None)
    days = work_days([person_id], first, last)
    return days, together(each.time for each in days)
