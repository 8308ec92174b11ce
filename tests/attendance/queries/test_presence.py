"""Domains above say when people were at work elsewhere."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from zhiheng.attendance.public import presence_elsewhere, register_presence
from zhiheng.attendance.queries import presence

DAY = dt.date(2026, 11, 2)
NINE = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    monkeypatch.setattr(presence, "_providers", {})


def test_without_providers_nobody_is_elsewhere():
    assert presence_elsewhere(None, DAY, DAY).to_dicts() == []


def test_what_all_providers_say_comes_together():
    row = {"person_id": "p", "from_at": NINE, "to_at": NINE + dt.timedelta(hours=1)}
    register_presence("worklog", lambda ids, first, last: pl.DataFrame([{**row, "kind": "visit", "more": 1}]))
    register_presence("none", lambda ids, first, last: pl.DataFrame(schema=presence.COLUMNS))
    assert presence_elsewhere([], DAY, DAY).to_dicts() == [{**row, "kind": "visit"}]
