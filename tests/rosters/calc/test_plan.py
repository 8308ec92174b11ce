"""The columnar plan: worked examples, and the same as the plain reference on anything."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import UUID

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rosters.reference import plan_by_day

from zhiheng.rosters.calc.calendar import DAY_TYPES
from zhiheng.rosters.calc.plan import (
    DEFAULT_SHIFT,
    CalendarInfo,
    DayTemplate,
    PlanData,
    Rotation,
    Rule,
    RuleSetInfo,
    ShiftInfo,
    System,
    Version,
    plan,
)
from zhiheng.rosters.calc.shift import Policy, Shift

FIRST = dt.date(2026, 9, 14)  # a Monday; the Sunday after, the 20th, is worked
EARLY, LATE = (f"00000000-0000-0000-0000-00000000000{number}" for number in (1, 2))
EARLY_TIMES = Shift(segments=((480, 960),))
LATE_TIMES = Shift(segments=((960, 1440),))
STRICT = Policy(ot_unit=60)
SPELLS = {
    "person_id": pl.String, "legal_entity_id": pl.String, "org_unit_id": pl.String, "valid_from": pl.Date,
    "valid_to": pl.Date,
}  # fmt: skip
ENTRIES = {"person_id": pl.String, "on": pl.Date, "shift_id": pl.String, "is_removed": pl.Boolean}
SHIFTS = {
    EARLY: ShiftInfo(EARLY, "E", "早班", (Version(dt.date(2020, 1, 1), EARLY_TIMES, "strict"),)),
    LATE: ShiftInfo(
        LATE, "L", "晚班",
        (Version(dt.date(2020, 1, 1), LATE_TIMES), Version(dt.date(2026, 9, 17), Shift(segments=((1020, 1500),)))),
    ),
}  # fmt: skip


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


def week(*kinds: str) -> CalendarInfo:
    usual = ("WORKDAY",) * 5 + ("REST_DAY", "ADJUSTED_WORKDAY", "WORKDAY")
    return CalendarInfo({day(number): kind for number, kind in enumerate(kinds or usual)}, "Asia/Shanghai")


def data_of(*, spells=(("p", "e", "u", dt.date(2020, 1, 1), None),), entries=(), **more) -> PlanData:
    given = {
        "paths": {"u": ("top", "u")}, "calendars": {"CN": week()}, "default_calendar": "CN", "shifts": SHIFTS,
        "rule_sets": {"strict": RuleSetInfo(((dt.date(2020, 1, 1), STRICT),))}, "default_name": "标准", "rest_name": "休息",
        **more,
    }  # fmt: skip
    return PlanData(
        first=FIRST, last=day(6), spells=pl.DataFrame(list(spells), schema=SPELLS, orient="row"),
        entries=pl.DataFrame(list(entries), schema=ENTRIES, orient="row"), **given,
    )  # fmt: skip


def names(data: PlanData) -> str:
    """Return the names of the week's days, a letter each."""
    found = plan(data)
    return "".join(found.templates[each].name[0] for each in found.frame["template"].to_list())


def test_without_anything_people_work_nine_to_six_on_the_calendars_workdays():
    found = plan(data_of())
    work = DayTemplate(DEFAULT_SHIFT, Policy(), None, "", "标准")
    assert found.templates == (work, DayTemplate(Shift(), Policy(), None, "", "休息"))
    assert [each.is_rest for each in found.templates] == [False, True]
    assert found.frame.row(4) == ("p", day(4), 0, "WORKDAY", "REST_DAY", "Asia/Shanghai", "e", "u", "default")
    assert names(data_of()) == "标标标标标休标"


def test_the_strongest_word_counts():
    rules = [
        Rule("top", False, day(0), shift_id=LATE),
        Rule("u", False, day(1), day(3), shift_id=EARLY),
        Rule("p", True, day(2), shift_id=LATE, follows_calendar=False),
    ]
    assert names(data_of(rules=rules)) == "晚早晚晚晚晚晚"
    entries = [("p", day(2), None, False), ("p", day(3), EARLY, False), ("p", day(4), None, True)]
    assert names(data_of(rules=rules, entries=entries)) == "晚早休早晚晚晚"
    assert plan(data_of(rules=rules, entries=entries)).frame["source"].to_list() == [
        "unit", "unit", "entry", "entry", "person", "person", "person",
    ]  # fmt: skip


def test_rotations_turn_and_may_follow_the_calendar():
    kinds = (
        "WORKDAY",
        "STATUTORY_HOLIDAY",
        "WORKDAY",
        "WORKDAY",
        "WORKDAY",
        "REST_DAY",
        "ADJUSTED_WORKDAY",
        "WORKDAY",
    )
    rule = Rule("p", True, day(0), rotation_id="r", anchor_on=day(-1))
    turning = {
        "rules": [rule],
        "rotations": {"r": Rotation((EARLY, LATE, None))},
        "calendars": {"CN": week(*kinds)},
    }
    assert names(data_of(**turning)) == "晚休早晚休早晚"
    turning["rotations"] = {
        "r": Rotation((EARLY, LATE, LATE, EARLY, None, None, None, EARLY), follows_calendar=True)
    }
    assert names(data_of(**turning)) == "晚休早休休休早"


def test_days_keep_the_version_they_had_and_rest_days_the_rules_of_the_usual_shift():
    late = plan(data_of(rules=[Rule("p", True, day(0), shift_id=LATE)]))
    assert [late.templates[each].shift.segments for each in late.frame["template"]] == [
        ((960, 1440),), ((960, 1440),), ((960, 1440),), ((1020, 1500),), ((1020, 1500),), (), ((1020, 1500),),
    ]  # fmt: skip
    early = plan(data_of(rules=[Rule("p", True, day(0), shift_id=EARLY)]))
    assert early.templates == (
        DayTemplate(EARLY_TIMES, STRICT, UUID(EARLY), "E", "早班"),
        DayTemplate(Shift(), STRICT, None, "", "休息"),
    )


def test_calendars_and_systems_come_from_the_nearest_place():
    spells = [
        ("p", "e", "u", day(0), day(2)),
        ("q", "f", "v", day(1), None),
        ("r", "e", "nowhere", day(6), None),
    ]
    data = data_of(
        spells=spells,
        paths={"u": ("top", "u"), "v": ("v",)},
        calendars={"CN": week(), "HK": replace(week(*["REST_DAY"] * 8), zone="Asia/Hong_Kong"), "X": week()},
        calendar_of={"top": "HK", "f": "X"},
        systems=[
            System("q", True, day(3), None, "irregular"),
            System("top", False, day(0), day(1), "comprehensive"),
        ],
    )
    found = plan(data)
    rows = found.frame.select("person_id", "on", "zone", "template").rows()
    assert [(who, on.day, zone[5:], found.templates[each].name, found.templates[each].system) for who, on, zone, each in rows] == [
        ("p", 14, "Hong_Kong", "休息", "comprehensive"), ("p", 15, "Hong_Kong", "休息", "standard"),
        ("q", 15, "Shanghai", "标准", "standard"), ("q", 16, "Shanghai", "标准", "standard"),
        ("q", 17, "Shanghai", "标准", "irregular"), ("q", 18, "Shanghai", "标准", "irregular"),
        ("q", 19, "Shanghai", "休息", "irregular"), ("q", 20, "Shanghai", "标准", "irregular"),
        ("r", 20, "Shanghai", "标准", "standard"),
    ]  # fmt: skip


def test_nobody_is_planned_before_or_after_their_employment():
    data = data_of(spells=[("p", "e", "u", day(-9), day(0)), ("q", "e", "u", day(7), None)])
    assert plan(data).frame.is_empty()
    assert plan(data).templates == ()


# --- Anything at all ---------------------------------------------------------------------------------------

PEOPLE, UNITS = ("p", "q", "r"), ("top", "u", "v")
numbers = st.integers(-3, 9)
spans = st.tuples(numbers, st.none() | st.integers(1, 8)).map(
    lambda each: (day(each[0]), day(each[0] + each[1]) if each[1] else None)
)


def without_overlaps(held: list) -> list:
    """Keep of what holds of one subject only what the database would let stand."""
    kept: list = []
    for each in held:
        end = each.valid_to or dt.date.max
        same = [other for other in kept if (other.subject, other.is_person) == (each.subject, each.is_person)]
        if all(
            end <= other.valid_from or (other.valid_to or dt.date.max) <= each.valid_from for other in same
        ):
            kept.append(each)
    return kept


subjects = st.sampled_from([*((each, True) for each in PEOPLE), *((each, False) for each in UNITS)])
shift_ids = st.sampled_from([EARLY, LATE])
rules = st.tuples(subjects, spans, shift_ids, st.sampled_from([None, "r", "s", "t"]), st.booleans(), numbers).map(
    lambda each: Rule(
        *each[0], *each[1], shift_id=None if each[3] else each[2], rotation_id=each[3], follows_calendar=each[4],
        anchor_on=day(each[5]),
    )
)  # fmt: skip
systems = st.tuples(
    subjects,
    spans,
    st.sampled_from([("comprehensive", "month"), ("comprehensive", "year"), ("irregular", "")]),
).map(lambda each: System(*each[0], *each[1], *each[2]))
slots = st.lists(st.none() | shift_ids, min_size=1, max_size=5).map(tuple)
calendars = st.lists(st.sampled_from(DAY_TYPES), min_size=8, max_size=8).map(lambda kinds: week(*kinds))


@st.composite
def anything(draw) -> PlanData:
    spells = draw(
        st.lists(
            st.tuples(st.sampled_from(PEOPLE), st.sampled_from("ef"), st.sampled_from("uvw"), spans),
            max_size=5,
        )
    )
    entries = draw(
        st.lists(
            st.tuples(
                st.sampled_from(PEOPLE), st.integers(0, 6).map(day), st.none() | shift_ids, st.booleans()
            ),
            unique_by=lambda row: row[:2],
        )
    )
    return data_of(
        spells=[(*row[:3], *row[3]) for row in spells],
        entries=entries,
        paths={"u": ("top", "u"), "v": ("top", "u", "v")},
        calendars={"CN": draw(calendars), "HK": draw(calendars)},
        calendar_of=draw(st.dictionaries(st.sampled_from(["e", "u", "top"]), st.sampled_from(["CN", "HK"]))),
        rules=without_overlaps(draw(st.lists(rules, max_size=6))),
        systems=without_overlaps(draw(st.lists(systems, max_size=4))),
        rotations={name: Rotation(draw(slots), draw(st.booleans())) for name in "rst"},
        default_rule_set=draw(st.sampled_from([None, "strict", "two"])),
        rule_sets={
            "strict": RuleSetInfo(((dt.date(2020, 1, 1), STRICT),)),
            "two": RuleSetInfo(((day(2), Policy(ot_min=10)), (day(4), Policy(ot_min=20)))),
        },
    )


@settings(max_examples=80, deadline=None)
@given(anything())
def test_columns_say_what_the_reference_says(data):
    found = plan(data)
    rows = {
        (row["person_id"], row["on"]): (
            found.templates[row["template"]], row["day_type"], row["next_day_type"], row["zone"],
            row["legal_entity_id"], row["org_unit_id"], row["source"],
        )
        for row in found.frame.iter_rows(named=True)
    }  # fmt: skip
    assert rows == plan_by_day(data)
    assert len(rows) == found.frame.height
