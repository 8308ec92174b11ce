"""Rosters: definitions of the whole company, and assignments and entries in every department."""

from __future__ import annotations

import datetime as dt

from zhiheng.rosters.calc.shift import Policy, Shift
from zhiheng.rosters.models import RosterEntry
from zhiheng.rosters.services.assignments import Subject, assign_shift, set_working_time
from zhiheng.rosters.services.calendars import save_calendar, set_calendar_day, use_calendar
from zhiheng.rosters.services.roster import NewEntry, publish_roster, set_entries
from zhiheng.rosters.services.rotations import save_rotation
from zhiheng.rosters.services.shifts import ShiftLook, save_rule_set, save_shift

KINDS = {
    "shift_id": "shift",
    "rule_set_id": "rule_set",
    "rotation_id": "rotation",
    "calendar_id": "calendar",
    "working_time_id": "working_time",
}
KINDS_BELOW = {
    ("rosters/", "assignment_id"): "shift_assignment",
    ("api/v1/shift-assignments/", "assignment_id"): "shift_assignment",
}
FIELD_KINDS = {"person_ids": "person"}
WORDS = {("rosters/feed/", "secret"): "nothing"}
OF_PEOPLE = {"shift_assignment", "working_time", "roster_entry"}
ON = dt.date(2026, 5, 1)
DEPARTMENTS = (("S1", "南一"), ("S2", "丁密"), ("N1", "北密"), ("N2", "北密"))


def add(company, actor) -> None:
    name, mine = company.name, company.ids["all"]
    times = Shift(segments=((480, 720), (780, 1020)))
    mine["rule_set"] = save_rule_set(
        actor=actor, code="RULES", name=f"{name}规则", rules=Policy(), is_default=True
    )
    mine["shift"] = save_shift(
        actor=actor,
        look=ShiftLook("DAY", f"{name}白班"),
        kind="fixed",
        times=times,
        rule_set_id=mine["rule_set"],
    )
    mine["rotation"] = save_rotation(
        actor=actor, code="TURN", name=f"{name}轮班", slots=[mine["shift"], mine["shift"], None]
    )
    mine["calendar"] = save_calendar(actor=actor, code="OWN", name=f"{name}日历")
    set_calendar_day(actor=actor, calendar_id=mine["calendar"], on=ON, kind="WORKDAY", note=f"{name}开工")
    use_calendar(actor=actor, calendar_id=mine["calendar"], org_unit_id=company.ids["N2"]["unit"])
    for code, mark in DEPARTMENTS:
        ids = company.ids[code]
        person = ids["person"]
        ids["shift_assignment"] = assign_shift(
            actor=actor, subject=Subject(dt.date(2026, 1, 1), person_id=person), shift_id=mine["shift"]
        )
        ids["working_time"] = set_working_time(
            actor=actor, subject=Subject(dt.date(2026, 1, 1), person_id=person), kind="comprehensive", period="month",
            approval_number=f"{name}{mark}批准",
        )  # fmt: skip
        set_entries(actor=actor, entries=[NewEntry(person, ON, mine["shift"])])
        ids["roster_entry"] = RosterEntry.objects.get(person_id=person, on=ON).id
    publish_roster(actor=actor, first=ON, last=ON, person_ids=[company.ids["S1"]["person"]])


def crowd(company, actor, count: int) -> None:
    times = Shift(segments=((480, 960),))
    unit = company.ids["S1"]["unit"]
    shift = None
    for number in range(count):
        name = f"{company.name}{number}"
        shift = save_shift(actor=actor, look=ShiftLook(f"S{number}", name), kind="fixed", times=times)
        save_rule_set(actor=actor, code=f"R{number}", name=name, rules=Policy())
        save_rotation(actor=actor, code=f"T{number}", name=name, slots=[shift, None])
        save_calendar(actor=actor, code=f"C{number}", name=name)
    for number in range(count):
        subject = Subject(
            dt.date(2030 + number, 1, 1), org_unit_id=unit, valid_to=dt.date(2030 + number, 6, 1)
        )
        assign_shift(actor=actor, subject=subject, shift_id=shift)
        set_working_time(
            actor=actor, subject=subject, kind="irregular", approval_number=f"{company.name}{number}"
        )
