from __future__ import annotations

import datetime as dt

import pytest
from tests.factories.rosters import make_workshop

from zhiheng.rosters.services import changes
from zhiheng.tenancy.context import tenant_context


@pytest.fixture
def workshop(db):
    return make_workshop()


@pytest.fixture
def inside(workshop):
    with tenant_context(workshop.tenant.id):
        yield workshop


@pytest.fixture
def told(monkeypatch):
    """The days that hooks were told of, as (person id, date)."""
    days: list = []
    monkeypatch.setattr(
        changes, "_hooks",
        {lambda found: days.extend((each[0], each[2]) for each in found): lambda: dt.date.min},
    )  # fmt: skip
    return days
