"""Background jobs of reviews."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zhiheng.jobs.public import job
from zhiheng.reviews.services.cycles import close_cycle


@job("reviews.close", queue="settlement", label=_("关闭考核周期"))
def close_cycle_job(run, *, cycle_id: str) -> dict[str, object]:
    """Close a cycle."""
    done = close_cycle(actor=run.actor, cycle_id=UUID(cycle_id), progress=run.progress)
    return {"people": done.people, "not_assessable": done.not_assessable}
