"""Nightly work of terminals."""

from __future__ import annotations

import datetime as dt
import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from zhiheng.tenancy.tenants import for_each_tenant
from zhiheng.terminals.services.people import keep_people_current
from zhiheng.terminals.services.reconcile import verify_yesterday
from zhiheng.terminals.services.register import drop_old_knocks
from zhiheng.terminals.services.unknown import settle_unknown
from zhiheng.terminals.services.uploads import purge_uploads

logger = logging.getLogger(__name__)
KNOCKS_FOR = dt.timedelta(days=7)
BY = "系统"


@app.periodic(cron="17 * * * *")  # hourly: who left or withdrew consent should not wait for the night
@app.task(
    name="zhiheng.terminals.keep_people", queue="default", queueing_lock="zhiheng.terminals.keep_people"
)
def keep_people(timestamp: int) -> None:
    """Take people who left, and faces without consent, off the terminals; find owners of unknown PINs."""
    for_each_tenant(lambda _tenant: _keep_people())


def _keep_people() -> int:
    keep_people_current(by=BY)
    return settle_unknown()


@app.periodic(cron="41 2 * * *")
@app.task(name="zhiheng.terminals.nightly", queue="default", queueing_lock="zhiheng.terminals.nightly")
def nightly(timestamp: int) -> None:
    """Compare yesterday's punches with the terminals' own counts, and delete uploads that are old."""
    drop_old_knocks(timezone.now() - KNOCKS_FOR)
    if purged := for_each_tenant(lambda _tenant: _look_after()):
        logger.info("deleted %s old uploads of terminals", purged)


def _look_after() -> int:
    verify_yesterday(by=BY)
    return purge_uploads()
