"""Background work of goals."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from zhiheng.goals.services.negotiations import open_negotiations
from zhiheng.goals.services.outlooks import refresh_outlooks
from zhiheng.jobs.public import job
from zhiheng.tenancy.tenants import for_each_tenant


@app.periodic(cron="20 5 * * *")
@app.task(name="zhiheng.goals.outlooks", queue="default", queueing_lock="zhiheng.goals.outlooks")
def outlooks(timestamp: int) -> int:
    """Look ahead in all tenants, every morning."""
    return for_each_tenant(lambda _tenant: refresh_outlooks(timezone.localdate()))


@job(
    "goals.negotiate",
    label=_("发起目标协商"),
    link=lambda _params, _result: reverse("goals:negotiation_list"),
)
def open_negotiations_job(
    run, *, period_id: str, metric_code: str = "", from_median: bool = False
) -> dict[str, object]:
    """Begin to negotiate with everybody in scope who has a past in a metric."""
    count = open_negotiations(
        actor=run.actor, metric_code=metric_code, period_id=UUID(period_id), from_median=from_median,
        progress=run.progress,
    )  # fmt: skip
    return {"count": count}
