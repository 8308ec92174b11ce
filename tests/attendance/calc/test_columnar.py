"""The columnar path gives what the plain one gives."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from tests.attendance.calc.strategies import companies

from zhiheng.attendance.calc.columnar import (
    DAYS,
    MINUTES,
    PUNCHES,
    SPANS,
    flags_of,
    read,
    settle_frame,
    stored_inputs,
)  # fmt: skip
from zhiheng.attendance.calc.day import settle_day
from zhiheng.attendance.calc.stored import day_from_text, inputs_text
from zhiheng.attendance.calc.timeline import day_inputs

FIELDS = (*MINUTES, "flags", "first_in", "last_out")


def frames(persons):
    """The frames of some persons, numbered from 0."""
    days = [
        (who, day.begin, day.midnight, template, *day.day_types, day.is_trip, day.approved_minutes)
        for who, person in enumerate(persons)
        for day, template in zip(person.days, person.templates, strict=True)
    ]
    punches = [(who, minute) for who, person in enumerate(persons) for minute in person.punches]
    spans = [
        (who, kind, start, end, None)
        for who, person in enumerate(persons)
        for kind, found in (("leave", person.leave), ("outing", person.outing), ("overtime", person.approved))
        for start, end in found
    ]
    return (
        pl.DataFrame(days, DAYS, orient="row"),
        pl.DataFrame(punches, PUNCHES, orient="row"),
        pl.DataFrame(spans, SPANS, orient="row"),
    )


def plainly(persons):
    return [
        tuple(getattr(found, name) for name in FIELDS)
        for person in persons
        for found in map(
            settle_day,
            day_inputs(person.days, person.punches, person.leave, person.outing, person.approved),
        )
    ]


def by_column(templates, persons):
    result = settle_frame(*frames(persons), templates)
    at = FIELDS.index("flags")
    return [
        tuple(flags_of(value) if place == at else value for place, value in enumerate(row))
        for row in result.select(FIELDS).iter_rows()
    ]


@settings(max_examples=150, deadline=None)
@given(companies())
def test_both_paths_agree(company):
    templates, persons = company

    assert by_column(templates, persons) == plainly(persons)


@settings(max_examples=60, deadline=None)
@given(companies())
def test_what_days_were_judged_by_is_kept_alike_and_read_back(company):
    templates, persons = company
    days = [
        day
        for each in persons
        for day in day_inputs(each.days, each.punches, each.leave, each.outing, each.approved)
    ]
    texts = stored_inputs(read(*frames(persons), templates)).to_list()

    assert texts == [inputs_text(day) for day in days]
    assert [
        day_from_text(text, day.shift, day.policy, day.day_types)
        for text, day in zip(texts, days, strict=True)
    ] == days


def test_no_days():
    result = settle_frame(*frames([]), [])

    assert result.is_empty()
    assert set(FIELDS) <= set(result.columns)
