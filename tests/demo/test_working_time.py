"""The demo companies' working time, replayed for a few days."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from zhiheng import demo
from zhiheng.attendance.choices import PunchRisk
from zhiheng.attendance.models import AttendanceDay, DayMark, Punch, TimeRequest
from zhiheng.attendance.queries.sync import silent_devices
from zhiheng.demo.attendance import WorkingTime
from zhiheng.leave.models import LeaveRequest
from zhiheng.tenancy.context import tenant_context
from zhiheng.terminals.models import Terminal, TerminalUpload, UnknownPunch
from zhiheng.worklog.models import TimesheetEntry, Visit
from zhiheng.worklog.queries.days import work_days

pytestmark = pytest.mark.django_db


def load(folder: str, days: int) -> demo.Company:
    company = demo.Company(demo.EXAMPLES / folder)
    company.data["attendance"]["from"] = dt.date.today() - dt.timedelta(days=days)
    company.data["scorecard"] = {}
    for _note, step in company.steps():
        if company.actor is None:
            step()
        else:
            with tenant_context(company.actor.tenant_id), transaction.atomic():
                step()
    return company


def test_the_manufacturer_punches_at_terminals():
    company = load("manufacturer", days=8)

    with tenant_context(company.actor.tenant_id):
        assert Terminal.objects.filter(state="approved").count() == 2
        assert silent_devices(timezone.now(), dt.timedelta(hours=1)) == []
        uploads = TerminalUpload.objects.filter(table="ATTLOG")
        punches = Punch.objects.filter(source="terminal")
        # Each line is one punch however often it was sent; dead clocks wait, and strangers are kept.
        assert uploads.count() >= 4
        assert punches.filter(risks__contains=[PunchRisk.CLOCK_OFF], is_pending=True).count() == 2
        assert set(UnknownPunch.objects.values_list("pin", flat=True)) == {"9001"}
        assert punches.count() == punches.values("person", "wall_time").distinct().count() > 1000
        assert AttendanceDay.objects.filter(state="judged").count() > 500
        assert not DayMark.objects.exists()
        assert TimeRequest.objects.filter(kind="overtime", state="approved").count() > 20
        assert AttendanceDay.objects.aggregate(Sum("ot_150"))["ot_150__sum"] > 600
        assert LeaveRequest.objects.filter(state="approved").count() > 10


def test_sellers_spend_about_seventy_percent_of_their_time_effectively():
    company = load("trading", days=14)

    with tenant_context(company.actor.tenant_id):
        time = WorkingTime(company, company.data["attendance"], company.data["company"]["time_zone"])
        sellers = {each.person.id for each in time.days() if each.person.position == "外勤销售代表"}
        today = time.today
        days = work_days(sellers, today - dt.timedelta(days=14), today - dt.timedelta(days=1))
        share = Fraction(sum(day.time.effective for day in days), sum(day.time.present or 0 for day in days))
        assert Visit.objects.values("person").distinct().count() == len(sellers) == 14
        assert Punch.objects.filter(method="gps").exists()
    assert Fraction(60, 100) < share < Fraction(75, 100)


def test_engineers_log_hours_on_what_the_project_is_at():
    company = load("research", days=14)

    with tenant_context(company.actor.tenant_id):
        activities = set(TimesheetEntry.objects.values_list("activity__project__code", flat=True))
        assert activities <= {"P1", "P2"}
        assert Punch.objects.filter(method="wifi").exists()
