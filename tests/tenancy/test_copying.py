"""Frames read by COPY hold what the database holds."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from zhiheng.tenancy.copying import copied_frame

pytestmark = pytest.mark.django_db

NASTY = ["", None, "NULL", '"', '""', ",", "\n", "\r\n", "\\.", "\\N", "\t", "中 文", "it's 100 %", " x "]


def test_any_text_arrives_as_it_is():
    numbered = list(enumerate(NASTY * 500))
    frame = copied_frame(
        "SELECT * FROM unnest(%s::int[], %s::text[])",
        [[number for number, _text in numbered], [text for _number, text in numbered]],
        {"number": pl.Int64, "text": pl.String},
    )
    assert frame.rows() == numbered


def test_days_and_null():
    frame = copied_frame(
        "SELECT 1, %s::date, NULL::int", [dt.date(2026, 2, 28)],
        {"one": pl.Int64, "day": pl.Date, "none": pl.Int64},
    )  # fmt: skip
    assert frame.rows() == [(1, dt.date(2026, 2, 28), None)]


def test_no_rows_are_an_empty_frame_of_the_same_columns():
    frame = copied_frame("SELECT 1 WHERE false", [], {"one": pl.Int64})
    assert (frame.schema, frame.height) == ({"one": pl.Int64}, 0)
