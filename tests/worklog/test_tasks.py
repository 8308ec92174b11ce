"""What attendance settles later comes in by itself."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.worklog.conftest import MONDAY

from zhiheng.integrations.models import Record
from zhiheng.tenancy.context import tenant_context
from zhiheng.worklog.services.work_time import ensure_work_time
from zhiheng.worklog.tasks import refresh_month, refresh_recent

pytestmark = pytest.mark.django_db


def test_days_settled_later_come_in(company, settled):
    with tenant_context(company.tenant.id):
        ensure_work_time(actor=company.actor)
    settled.minutes = {
        (str(company.ann.id), MONDAY): 480,
        (str(company.ann.id), MONDAY - dt.timedelta(days=30)): 420,
    }
    timestamp = int(dt.datetime(2026, 11, 3, 3, tzinfo=dt.UTC).timestamp())
    assert [refresh_recent(timestamp), refresh_recent(timestamp), refresh_month(timestamp)] == [1, 0, 1]
    with tenant_context(company.tenant.id):
        found = Record.objects.order_by("occurred_on").values_list("payload__present_minutes", flat=True)
        assert list(found) == [420, 480]
    assert refresh_recent(0) == 0
