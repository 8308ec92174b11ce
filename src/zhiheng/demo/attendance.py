"""A demo company's working time: shifts, sites, terminals and their logs, leave, requests, visits, hours.

What an administrator sets up stands in ``company.toml`` and goes through the services. The months before are then
replayed, from the first day given there until this very minute: terminals send their logs through the gateway, phones
their punches, and everything is settled as it would have been.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from zhiheng.access.actor import Actor
from zhiheng.approvals.public import approval_of
from zhiheng.approvals.services.requests import decide_request
from zhiheng.attendance.choices import RequestKind
from zhiheng.attendance.models import AttendanceDay, Site
from zhiheng.attendance.public import NewPunch, mark_days, record_punches
from zhiheng.attendance.services.requests.create import NewRequest, create_request
from zhiheng.attendance.services.settlement import settle_marked_days
from zhiheng.attendance.services.sites import SiteDraft, assign_site, save_site
from zhiheng.demo.punch_logs import FACE, FINGER, Line, Turn, body_of, log_of, minutes_of, uploads_of
from zhiheng.leave.calc.cost import LeaveSpan
from zhiheng.leave.models import LeaveType
from zhiheng.leave.public import approved_leave
from zhiheng.leave.services.catalogue import load_leave_types
from zhiheng.leave.services.grants import run_leave_day
from zhiheng.leave.services.records import set_service
from zhiheng.leave.services.requests import request_leave
from zhiheng.people.public import PersonRef, org_units, persons_of_units
from zhiheng.rosters.calc.shift import Flex, Policy, Shift
from zhiheng.rosters.public import planned_days
from zhiheng.rosters.services.assignments import Subject, assign_shift
from zhiheng.rosters.services.rotations import save_rotation
from zhiheng.rosters.services.shifts import ShiftLook, save_rule_set, save_shift
from zhiheng.tenancy.models import LegalEntity
from zhiheng.terminals.services.gateway import Incoming, answer
from zhiheng.terminals.services.terminals import approve_terminal, open_pairing

Step = tuple[str, Any]
FEW = 24
PAIRED = dt.timedelta(minutes=30)
"""How long before now the terminals were paired and sent what they had kept; what they say later is in order."""
BEATS = (12, 8, 4, 0)
"""Minutes before now at which a terminal asks for commands: often enough to be known as connected."""
PAUSE, OVERTIME = 30, 150
"""Minutes after the end of the shift from which, and until which, people stay whose overtime was agreed."""


@dataclass(frozen=True)
class Day:
    """A planned working day of a person: start and end in minutes from 00:00 of its date."""

    person: PersonRef
    on: dt.date
    start: int
    end: int


class HasActor(Protocol):
    """A company on its way into the database."""

    actor: Actor


class WorkingTime:
    """The working time of one company on its way into the database; ``steps`` are to be done in order."""

    def __init__(self, company: HasActor, data: Mapping[str, Any], zone: str) -> None:
        self.company = company
        self.data = data
        self.zone = ZoneInfo(zone)
        self.now = timezone.now()
        self.today = self.now.astimezone(self.zone).date()
        self.first: dt.date = data["from"]
        self.sites: dict[str, UUID] = {}
        self.rng = Random(data.get("seed", "zhiheng"))  # noqa: S311 - no secret
        self._units: dict[str, UUID] = {}
        self._days: list[Day] | None = None
        self._planned: list[tuple[UUID, UUID, dt.date]] = []
        self._stayed: list[Day] = []

    @property
    def actor(self) -> Actor:
        """Return who sets the company up; there once it has signed up."""
        return self.company.actor

    def steps(self) -> Iterator[Step]:
        """Return what there is to do, each a note and a function."""
        yield "Shifts", self._add_shifts
        yield "Sites", self._add_sites
        yield "Leave", self._add_leave
        if "terminal" in self.data:
            yield "Terminals", self._punch_at_terminals
        if "phone" in self.data:
            yield "Phones", self._punch_by_phone
        yield "Settlement", self.settle
        yield "Requests", self._add_requests
        yield "Settlement", self.settle

    # --- Set-up -----------------------------------------------------------------------------------------------

    def unit(self, code: str) -> UUID:
        """Return an org unit by its code."""
        if not self._units:
            self._units.update({each.code: each.id for each in org_units()})
        return self._units[code]

    def _add_shifts(self) -> None:
        rules = save_rule_set(
            actor=self.actor, code="default", name="公司考勤规则", name_en="Company rules", is_default=True,
            rules=Policy(**self.data.get("rules", {})),
        )  # fmt: skip
        shifts = {
            each["code"]: save_shift(
                actor=self.actor,
                look=ShiftLook(each["code"], each["name"], each["name_en"], each["colour"]),
                kind=each["kind"],
                times=_times(each),
                rule_set_id=rules,
            )
            for each in self.data["shift"]
        }
        rotations = {
            each["code"]: save_rotation(
                actor=self.actor, code=each["code"], name=each["name"], name_en=each["name_en"],
                slots=[shifts.get(code) for code in each["slots"]], follows_calendar=True,
            )
            for each in self.data.get("rotation", [])
        }  # fmt: skip
        for each in self.data["assignment"]:
            assign_shift(
                actor=self.actor, subject=Subject(dt.date(2026, 1, 1), org_unit_id=self.unit(each["org_unit"])),
                shift_id=shifts.get(each.get("shift")), rotation_id=rotations.get(each.get("rotation")),
                anchor_on=each.get("anchor_on"),
            )  # fmt: skip

    def _add_sites(self) -> None:
        entity = LegalEntity.objects.order_by("code").first()
        for each in self.data["site"]:
            draft = SiteDraft(
                code=each["code"], name=each["name"], legal_entity_id=entity.id, methods=each["methods"],
                address=each["address"], datum="wgs84", latitude=Decimal(each["latitude"]),
                longitude=Decimal(each["longitude"]), radius=each["radius"], wifi=each.get("wifi", []),
                actions={"outside": "review", "clock_off": "review"},
            )  # fmt: skip
            self.sites[each["code"]] = save_site(actor=self.actor, draft=draft)
            assign_site(
                actor=self.actor, site_id=self.sites[each["code"]], org_unit_id=self.unit(each["org_unit"]),
                from_on=dt.date(2026, 1, 1),
            )  # fmt: skip

    def days(self) -> list[Day]:
        """Return every working day that is planned from the first day until now."""
        if self._days is None:
            people = {each.id: each for each in persons_of_units([self.unit(self.data["root"])], self.today)}
            plan = planned_days(list(people), self.first, self.today)
            ids = plan.frame.select("person_id", "legal_entity_id", "on").iter_rows()
            self._planned = [(UUID(person), UUID(entity), on) for person, entity, on in ids]
            spans = [_span(each.shift) for each in plan.templates]
            self._days = [
                Day(people[UUID(row["person_id"])], row["on"], *spans[row["template"]])
                for row in plan.frame.iter_rows(named=True)
                if spans[row["template"]]
            ]
            over = [each for each in self._days if each.on < self.today]
            self._stayed = self.rng.sample(over, min(len(over), self.data.get("overtime_days", 0)))
        return self._days

    def _turns(self) -> list[Day]:
        """Return the days on which people come to work; where they stay for overtime, until its end."""
        stayed = {(each.person.id, each.on) for each in self._stayed} if self.days() else set()
        away = self._away()
        return [
            replace(each, end=each.end + OVERTIME) if (each.person.id, each.on) in stayed else each
            for each in self.days()
            if (each.person.id, each.on) not in away
        ]

    def instant(self, on: dt.date, minute: int, second: int = 0) -> dt.datetime:
        """Return the instant of a minute after 00:00 of a day."""
        midnight = dt.datetime.combine(on, dt.time(), self.zone)
        return (midnight + dt.timedelta(minutes=minute, seconds=second)).astimezone(dt.UTC)

    # --- Leave ------------------------------------------------------------------------------------------------

    def _add_leave(self) -> None:
        """Bring the types of the law, everybody's years of service, balances, and some leave of a few people."""
        load_leave_types(actor=self.actor)
        people = sorted({each.person for each in self.days()}, key=lambda each: each.number)
        for each in people:
            set_service(actor=self.actor, person_id=each.id, months_before=self.rng.randrange(0, 140))
        run_leave_day(actor=self.actor, today=self.today)
        kinds = {each.code: each.id for each in LeaveType.objects.filter(code__in=["annual", "personal"])}
        for number, each in enumerate(self.rng.sample(people, min(len(people), FEW))):
            code = "annual" if number % 2 else "personal"
            on = self._workday_of(each, number)
            if on is None or code not in kinds:
                continue
            span = LeaveSpan(on, on, "pm" if number % 3 == 0 else "am")
            self._approve(
                request_leave(
                    actor=self.actor, person_id=each.id, type_id=kinds[code], span=span, reason="家中有事"
                )
            )

    def _workday_of(self, person: PersonRef, number: int) -> dt.date | None:
        """Return one of somebody's working days."""
        mine = [each.on for each in self.days() if each.person.id == person.id]
        return mine[(number * 5 + 3) % len(mine)] if mine else None

    def _approve(self, subject_id: UUID) -> None:
        """Let a request through all its steps."""
        while (found := approval_of(subject_id)) and found.state == "pending":
            step = next(each for each in found.steps if each.state == "open")
            decide_request(
                actor=self.actor, approval_id=found.id, step_id=step.id, is_approved=True, comment="同意"
            )

    # --- Punches ----------------------------------------------------------------------------------------------

    def _punch_at_terminals(self) -> None:
        """Pair the terminals, approve them, and let them send their logs in uploads."""
        terminals = self.data["terminal"]
        for each in terminals:
            self._pair(each)
        turns = [
            Turn(
                _pin_of(each.person), each.on, each.start, each.end,
                terminal=_place_of(each.person, len(terminals)), verify=FACE if number % 9 else FINGER,
            )
            for number, each in enumerate(self._turns())
        ]  # fmt: skip
        logs = log_of(turns, len(terminals), seed=self.data["seed"])
        for each, lines in zip(terminals, logs, strict=True):
            self._upload(each["serial_number"], lines)
            for minutes in BEATS:
                self._send(each["serial_number"], self.now - dt.timedelta(minutes=minutes))

    def _upload(self, serial_number: str, lines: Sequence[Line]) -> None:
        """Send the log of the days before as one that was kept, and today's lines minutes after they were written."""
        past = [line for line in lines if line.at.date() < self.today]
        for body in uploads_of(past):
            self._send(serial_number, self.now - PAIRED, body, table="ATTLOG", stamp="9999")
        groups: dict[dt.datetime, list[Line]] = defaultdict(list)
        for line in lines:
            sent_at = line.at.replace(tzinfo=self.zone) + dt.timedelta(minutes=5 - line.at.minute % 5)
            if line.at.date() >= self.today and sent_at <= self.now:
                groups[sent_at].append(line)
        for sent_at, group in sorted(groups.items()):
            self._send(serial_number, sent_at, body_of(group), table="ATTLOG", stamp="9999")

    def _pair(self, each: Mapping[str, str]) -> None:
        entity = LegalEntity.objects.order_by("code").first()
        serial, at = each["serial_number"], self.now - PAIRED
        terminal_id = open_pairing(
            actor=self.actor, serial_number=serial, name=each["name"], legal_entity_id=entity.id,
            site_id=self.sites[each["site"]], zone=str(self.zone),
        )  # fmt: skip
        self._send(serial, at, options="all", pushver="2.4.1", language="83")
        approve_terminal(actor=self.actor, terminal_id=terminal_id)
        self._send(serial, at, options="all", pushver="2.4.1", language="83")

    def _send(self, serial_number: str, at: dt.datetime, body: bytes = b"", **params: str) -> None:
        """Send what a terminal would: an upload or a greeting, or without parameters the question for commands."""
        path = "cdata" if params else "getrequest"
        named = {"SN": serial_number} | {key.upper(): value for key, value in params.items()}
        answer(Incoming(path, named, body, "127.0.0.1", at, is_post=bool(body)))

    def _away(self) -> set[tuple[UUID, dt.date]]:
        """Return the days on which people have whole days of leave: nobody punches then."""
        frame = approved_leave(None, self.first, self.today)
        return {
            (UUID(row["person_id"]), row["from_at"].astimezone(self.zone).date())
            for row in frame.iter_rows(named=True)
            if row["to_at"] - row["from_at"] > dt.timedelta(hours=6)
        }

    def _punch_by_phone(self) -> None:
        """Replay the punches of phones: near the site by GPS or Wi-Fi; a few far away, which wait for a review."""
        phone = self.data["phone"]
        site = Site.objects.get(id=self.sites[phone["site"]])
        punches = [
            self._phone_punch(day, minute, site, phone["method"])
            for day in self._turns()
            for minute in minutes_of(Turn(day.person.number, day.on, day.start, day.end, 0), self.data["seed"])
        ]  # fmt: skip
        record_punches([each for each in punches if each.punched_at <= self.now])

    def _phone_punch(self, day: Day, minute: int, site: Site, method: str) -> NewPunch:
        rng = Random(f"{day.person.number} {day.on} {minute}")  # noqa: S311 - no secret
        is_far = rng.random() < 0.006
        metres = rng.randrange(900, 4000) if is_far else rng.randrange(5, 120)
        latitude = site.latitude + Decimal(metres) / 111_320
        place = {"latitude": latitude, "longitude": site.longitude, "datum": "wgs84", "accuracy": rng.randrange(8, 40),
                 "wgs_latitude": latitude, "wgs_longitude": site.longitude, "distance": metres}  # fmt: skip
        return NewPunch(
            person_id=day.person.id, legal_entity_id=day.person.legal_entity_id, source="phone",
            punched_at=self.instant(day.on, minute, rng.randrange(60)), zone=str(self.zone), method=method,
            client_id=f"demo-{day.person.number}-{day.on}-{minute}", browser_id=f"demo-{day.person.number}",
            site_id=site.id, risks=("outside",) if is_far else (), is_pending=is_far,
            **(place if method == "gps" or is_far else {}),
        )  # fmt: skip

    # --- Afterwards -------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Settle every day from the first one on, those of rest too."""
        self.days()
        mark_days(self._planned)
        while settle_marked_days().days:
            pass

    def _add_requests(self) -> None:
        """Let people ask for the overtime they worked and for punches they forgot; some are still to be decided."""
        for number, each in enumerate(self._stayed):
            self._ask(
                each, number, kind=RequestKind.OVERTIME, reason="赶交期", compensation="pay",
                minutes=OVERTIME - PAUSE, from_at=self.instant(each.on, each.end + PAUSE),
                to_at=self.instant(each.on, each.end + OVERTIME),
            )  # fmt: skip
        for number, (each, end) in enumerate(self._forgotten()):
            minute = each.start if end == "in" else each.end
            self._ask(
                each, number, kind=RequestKind.CORRECTION, reason="忘记打卡", end=end,
                from_at=self.instant(each.on, minute),
            )  # fmt: skip

    def _forgotten(self) -> list[tuple[Day, str]]:
        """Return the days before this month of which a punch is missing, with the missing end, one a person."""
        days = {(each.person.id, each.on): each for each in self.days()}
        rows = AttendanceDay.objects.filter(unresolved__gt=0, on__lt=self.today.replace(day=1)).order_by("on")
        found: dict[UUID, tuple[Day, str]] = {}
        for row in rows.only("person_id", "on", "flags"):
            end = next((flag[8:] for flag in row.flags if flag in ("missing_in", "missing_out")), "")
            if end and (row.person_id, row.on) in days:
                found.setdefault(row.person_id, (days[row.person_id, row.on], end))
        return list(found.values())

    def _ask(self, day: Day, number: int, **fields: Any) -> None:
        new = NewRequest(person_id=day.person.id, from_on=day.on, to_on=day.on, **fields)
        request_id = create_request(actor=self.actor, new=new, is_confirmed=True)
        if number % 4:
            self._approve(request_id)


def _times(each: Mapping[str, Any]) -> Shift:
    flex = each.get("flex")
    return Shift(
        segments=tuple((start, end) for start, end in each.get("segments", [])),
        flex=Flex(flex["earliest"], flex["latest"], flex["required"]) if flex else None,
        breaks=tuple((start, end) for start, end in each.get("breaks", [])),
    )


def _span(shift: Shift) -> tuple[int, int] | None:
    """Return when a shift starts and ends; ``None`` on a day of rest."""
    if shift.flex:
        pause = sum(end - start for start, end in shift.breaks)
        return shift.flex.latest, shift.flex.latest + shift.flex.required + pause
    return (shift.segments[0][0], shift.segments[-1][1]) if shift.segments else None


def _pin_of(person: PersonRef) -> str:
    """Return the number under which terminals know somebody: the digits of the employee number."""
    return str(int("".join(filter(str.isdigit, person.number))))


def _place_of(person: PersonRef, terminals: int) -> int:
    """Return the terminal that somebody usually passes: everybody of a unit has the same way in."""
    return sum(map(ord, person.unit)) % terminals
