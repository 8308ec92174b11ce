"""Background work of attendance: days are settled soon after something about them changed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from zhiheng.attendance.services.marking import mark_due_days
from zhiheng.attendance.services.settlement import Settled, settle_marked_days
from zhiheng.jobs.public import Run, job
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import Tenant
from zhiheng.tenancy.tenants import for_each_tenant

MOST_BATCHES = 50


@app.periodic(cron="* * * * *")
@app.task(
    name="zhiheng.attendance.settle", queue="settlement", queueing_lock="zhiheng.attendance.settle",
    lock="zhiheng.attendance.settle",
)  # fmt: skip
def settle_all(timestamp: int) -> int:
    """Settle what is marked, in all tenants; return how many days changed. Each batch is a transaction of its own."""
    return for_each_tenant(_settle_tenant, in_one_transaction=False)


def _settle_tenant(tenant: Tenant) -> int:
    changed = 0
    for _batch in range(MOST_BATCHES):
        with tenant_context(tenant.id):
            done = settle_marked_days()
        changed += done.changed
        if not done.days:
            break
    return changed


@app.periodic(cron="*/10 * * * *")  # windows close at any time, midnight comes at another hour in each zone
@app.task(name="zhiheng.attendance.mark_due", queue="settlement", queueing_lock="zhiheng.attendance.mark_due")
def mark_due(timestamp: int) -> int:
    """Mark the days that are due by the clock, in all tenants; return how many."""
    return for_each_tenant(lambda _tenant: mark_due_days())


@job("attendance.settle", queue="settlement", label=_("结算考勤"), is_exclusive=True)
def settle_now(run: Run) -> dict[str, int]:
    """Settle all that is marked, at somebody's wish."""
    total = Settled()
    while (done := settle_marked_days()).days:
        total += done
        run.progress(total.days)
    return {"days": total.days, "changed": total.changed, "adjusted": total.adjusted}
