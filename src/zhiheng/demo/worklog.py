"""A demo company's work log: visits of field staff with what else they did, and hours logged on projects.

What people would have written down day by day is replayed for the working days of the company. The services of the
work log stamp a check-in with the present time, so past visits are written to the tables, as a migration from another
system would; hours go through the services.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from zhiheng.access.actor import Actor
from zhiheng.demo.attendance import Day, Step, WorkingTime
from zhiheng.people.public import persons_of_units
from zhiheng.worklog.choices import BuiltinCategory, CheckKind, VisitState
from zhiheng.worklog.models import Customer, ProjectActivity, Visit, VisitCheck, WorkEntry
from zhiheng.worklog.models import Project as WorkProject
from zhiheng.worklog.services.projects import set_members
from zhiheng.worklog.services.timesheets import save_hours, submit_week
from zhiheng.worklog.services.work_time import ensure_work_time, refresh_range

# A field day: (minutes after the start of the shift, minutes long).
FORENOON, AFTERNOON = (75, 95), (300, 105)
# Desk work between the visits: category, minutes.
DESK = ((BuiltinCategory.FOLLOW_UP, 135), (BuiltinCategory.CUSTOMER_DATA, 45), (BuiltinCategory.MEETING, 40))
SUMMARIES = (
    "介绍新品，客户要样品",
    "核对上月账款",
    "补货下单，约定送货时间",
    "客户反映交期，已转仓库",
    "续签年度合同",
)


class WorkLog:
    """The work log of one company; ``steps`` follow those of its working time."""

    def __init__(self, time: WorkingTime, data: Mapping[str, Any]) -> None:
        self.time = time
        self.data = data

    @property
    def actor(self) -> Actor:
        """Return who sets the company up."""
        return self.time.actor

    def steps(self) -> Iterator[Step]:
        """Return what there is to do."""
        if "field_titles" in self.data:
            yield "Visits", self._visit
        if "project_unit" in self.data:
            yield "Hours", self._log_hours
        yield "Work time", self._measure

    def _measure(self) -> None:
        ensure_work_time(actor=self.actor)
        refresh_range(self.time.first, self.time.today)

    # --- Visits -----------------------------------------------------------------------------------------------

    def _visit(self) -> None:
        """Two visits a day for each field seller, and the desk work between them."""
        self._place_customers()
        customers = defaultdict(list)
        for each in Customer.objects.order_by("code"):
            customers[each.owner_id].append(each)
        days = [day for day in self.time.days() if day.person.position in self.data["field_titles"]]
        made = [
            (visit, day)
            for day in days if customers[day.person.id]
            for visit in self._visits_of(day, customers[day.person.id])
        ]  # fmt: skip
        Visit.objects.bulk_create([visit for visit, _day in made], batch_size=1000)
        VisitCheck.objects.bulk_create(
            [check for visit, _day in made for check in self._checks(visit)], batch_size=1000
        )
        WorkEntry.objects.bulk_create(
            [entry for day in days for entry in self._desk_work(day)], batch_size=1000
        )

    def _place_customers(self) -> None:
        """Give customers a place around the office: the file has none."""
        site = next(iter(self.time.data["site"]))
        found = list(Customer.objects.all())
        for each in found:
            rng = Random(each.code)  # noqa: S311 - no secret
            each.latitude = Decimal(site["latitude"]) + Decimal(rng.randrange(-90_000, 90_000)) / 1_000_000
            each.longitude = Decimal(site["longitude"]) + Decimal(rng.randrange(-90_000, 90_000)) / 1_000_000
        Customer.objects.bulk_update(found, ["latitude", "longitude"])

    def _visits_of(self, day: Day, customers: list[Customer]) -> Iterator[Visit]:
        for number, (after, minutes) in enumerate((FORENOON, AFTERNOON)):
            rng = Random(f"visit {day.person.number} {day.on} {number}")  # noqa: S311 - no secret
            start = day.start + after + rng.randrange(-15, 15)
            ended_at = self.time.instant(day.on, start + minutes + rng.randrange(-20, 20))
            if ended_at > self.time.now or rng.random() < 0.08:
                continue
            is_far = rng.random() < 0.02
            yield Visit(
                person_id=day.person.id, legal_entity_id=day.person.legal_entity_id,
                customer=customers[rng.randrange(len(customers))], on=day.on, state=VisitState.DONE,
                started_at=self.time.instant(day.on, start), ended_at=ended_at,
                distance=rng.randrange(800, 2500) if is_far else rng.randrange(5, 180),
                risks=["far"] if is_far else [], summary=rng.choice(SUMMARIES),
            )  # fmt: skip

    def _checks(self, visit: Visit) -> Iterator[VisitCheck]:
        for kind, at in ((CheckKind.IN, visit.started_at), (CheckKind.OUT, visit.ended_at)):
            latitude = visit.customer.latitude + Decimal(visit.distance) / 111_320
            latitude = latitude.quantize(Decimal("0.000001"))
            place = {"latitude": latitude, "longitude": visit.customer.longitude}
            yield VisitCheck(
                visit=visit, person_id=visit.person_id, legal_entity_id=visit.legal_entity_id, kind=kind,
                checked_at=at, datum="wgs84", accuracy=20, distance=visit.distance, **place,
                **{f"wgs_{name}": value for name, value in place.items()},
            )  # fmt: skip

    def _desk_work(self, day: Day) -> Iterator[WorkEntry]:
        if day.on == self.time.today:
            return
        rng = Random(f"desk {day.person.number} {day.on}")  # noqa: S311 - no secret
        learning = ((BuiltinCategory.LEARNING, 60),) if day.on.weekday() == 4 else ()
        for category, minutes in (*DESK, *learning):
            yield WorkEntry(
                person_id=day.person.id, legal_entity_id=day.person.legal_entity_id, on=day.on,
                category=category, minutes=minutes + 5 * rng.randrange(-3, 4),
            )  # fmt: skip

    # --- Hours ------------------------------------------------------------------------------------------------

    def _log_hours(self) -> None:
        """Let the engineers log their hours on what the project is at that day; full weeks are handed in."""
        root = self.time.unit(self.data["project_unit"])
        people = persons_of_units([root], self.time.today)
        activities = self._activities()
        projects = list(WorkProject.objects.order_by("code"))
        for number, project in enumerate(projects):
            set_members(
                actor=self.actor,
                project_id=project.id,
                person_ids=[each.id for at, each in enumerate(people) if at % len(projects) == number],
            )
        of_person = {each.id: projects[at % len(projects)] for at, each in enumerate(people)}
        weeks: dict[tuple[UUID, dt.date], dict[tuple[UUID, dt.date], int]] = defaultdict(dict)
        for day in self.time.days():
            project = of_person.get(day.person.id)
            activity = project and _at(activities[project.id], day.on)
            if activity and day.on < self.time.today:
                rng = Random(f"hours {day.person.number} {day.on}")  # noqa: S311 - no secret
                monday = day.on - dt.timedelta(days=day.on.weekday())
                weeks[day.person.id, monday][activity.id, day.on] = 30 * rng.randrange(11, 16)
        for (person_id, monday), cells in sorted(weeks.items(), key=str):
            save_hours(actor=self.actor, cells=cells, person_id=person_id)
            if monday + dt.timedelta(days=7) <= self.time.today:
                submit_week(actor=self.actor, monday=monday, person_id=person_id)

    def _activities(self) -> dict[UUID, list[ProjectActivity]]:
        found = defaultdict(list)
        for each in ProjectActivity.objects.order_by("position"):
            found[each.project_id].append(each)
        return found


def _at(activities: list[ProjectActivity], on: dt.date) -> ProjectActivity | None:
    """Return the activity that a project is at on a day, by its planned dates."""
    return next(
        (
            each
            for each in activities
            if each.starts_on and each.ends_on and each.starts_on <= on <= each.ends_on
        ),
        None,
    )
