"""Periodic work of leave."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone
from procrastinate.contrib.django import app

from zhiheng.access.actor import system_actor
from zhiheng.leave.services.grants import run_leave_day
from zhiheng.leave.services.refresh import refresh_leave_around
from zhiheng.tenancy.models import Tenant
from zhiheng.tenancy.tenants import for_each_tenant


@app.periodic(cron="11 * * * *")  # hourly, since midnight comes at another hour in each time zone
@app.task(name="zhiheng.leave.run_day", queue="default", queueing_lock="zhiheng.leave.run_day")
def run_day(timestamp: int) -> int:
    """Grant, accrue, carry over and end leave in all tenants; returns how many lines were written."""
    now = dt.datetime.fromtimestamp(timestamp, dt.UTC) if timestamp else timezone.now()

    def work(tenant: Tenant) -> int:
        today = now.astimezone(ZoneInfo(tenant.time_zone)).date()
        actor = system_actor(tenant.id)
        done = run_leave_day(actor=actor, today=today)
        refresh_leave_around(actor=actor, today=today)
        return done.granted + done.ended

    return for_each_tenant(work)
