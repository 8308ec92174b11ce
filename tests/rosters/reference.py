"""Which shift somebody has on a day, said plainly: no columns, one day at a time."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from zhiheng.rosters.calc.plan import DEFAULT_SHIFT, DayTemplate, Held, PlanData, Rule
from zhiheng.rosters.calc.shift import Policy, Shift


def plan_by_day(data: PlanData) -> dict[tuple[str, dt.date], tuple]:
    """Return (template, day type, next day type, zone, entity, unit, source) by person and day."""
    found = {}
    spells = sorted(
        data.spells.iter_rows(named=True), key=lambda row: (row["valid_from"], row["legal_entity_id"])
    )
    for spell in spells:
        on = data.first
        while on <= data.last:
            is_employed = spell["valid_from"] <= on and (spell["valid_to"] is None or on < spell["valid_to"])
            key = (spell["person_id"], on)
            if is_employed and key not in found:
                found[key] = _day(data, spell, on)
            on += dt.timedelta(days=1)
    return found


def _day(data: PlanData, spell: dict, on: dt.date) -> tuple:
    person, unit, entity = spell["person_id"], spell["org_unit_id"], spell["legal_entity_id"]
    up = list(reversed(data.paths.get(unit, ())))
    code = next(
        (data.calendar_of[each] for each in [*up, entity] if each in data.calendar_of), data.default_calendar
    )
    calendar = data.calendars[code]
    kind, following = calendar.types[on], calendar.types[on + dt.timedelta(days=1)]
    system = _holding(data.systems, person, up, on)
    rule = _holding(data.rules, person, up, on)
    entry = [
        row
        for row in data.entries.iter_rows(named=True)
        if (row["person_id"], row["on"]) == (person, on) and not row["is_removed"]
    ]
    if entry:
        shift, source = entry[0]["shift_id"], "entry"
    elif rule is None:
        shift, source = ("default" if kind in ("WORKDAY", "ADJUSTED_WORKDAY") else None), "default"
    else:
        shift, source = _by_rule(data, rule, on, kind), "person" if rule.is_person else "unit"
    time = (system.kind, system.period) if system else ("standard", "")
    template = _template(data, shift, rule, on, time)
    return template, kind, following, calendar.zone, entity, unit, source


def _holding(held: tuple[Held, ...], person: str, up: list[str], on: dt.date):
    for subject, is_person in [(person, True), *((unit, False) for unit in up)]:
        for each in held:
            has_begun = (each.subject, each.is_person) == (subject, is_person) and each.valid_from <= on
            if has_begun and (each.valid_to is None or on < each.valid_to):
                return each
    return None


def _by_rule(data: PlanData, rule: Rule, on: dt.date, kind: str) -> str | None:
    if rule.rotation_id is None:
        is_off = rule.follows_calendar and kind not in ("WORKDAY", "ADJUSTED_WORKDAY")
        return None if is_off else rule.shift_id
    rotation = data.rotations[rule.rotation_id]
    day = (on - rule.anchor_on).days % len(rotation.slots)
    if rotation.follows_calendar and kind in ("SWAP_OFF", "SUBSTITUTE_OFF", "STATUTORY_HOLIDAY"):
        return None
    if rotation.follows_calendar and kind == "ADJUSTED_WORKDAY" and rotation.slots[day] is None:
        for back in range(1, len(rotation.slots)):
            if rotation.slots[day - back] is not None:
                return rotation.slots[day - back]
        return None
    return rotation.slots[day]


def _template(
    data: PlanData, shift: str | None, rule: Rule | None, on: dt.date, time: tuple[str, str]
) -> DayTemplate:
    ruled = shift
    if shift is None and rule is None:
        ruled = "default"
    elif shift is None:
        slots = data.rotations[rule.rotation_id].slots if rule.rotation_id else (rule.shift_id,)
        ruled = next((each for each in slots if each), None)
    rule_set = data.default_rule_set
    if ruled not in (None, "default"):
        rule_set = _version(data.shifts[ruled].versions, on).rule_set_id or rule_set
    policy = Policy()
    if rule_set:
        versions = data.rule_sets[rule_set].versions
        policy = next((each for since, each in reversed(versions) if since <= on), versions[0][1])
    if shift is None:
        return DayTemplate(Shift(), policy, None, "", data.rest_name, *time)
    if shift == "default":
        return DayTemplate(DEFAULT_SHIFT, policy, None, "", data.default_name, *time)
    info = data.shifts[shift]
    return DayTemplate(_version(info.versions, on).shift, policy, UUID(info.id), info.code, info.name, *time)


def _version(versions, on: dt.date):
    return next((each for each in reversed(versions) if each.valid_from <= on), versions[0])
