"""Running background jobs in tests."""

from __future__ import annotations

from uuid import UUID

from zhiheng.jobs.models import JobRun
from zhiheng.jobs.services.execution import execute
from zhiheng.jobs.services.side import SameConnection
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import Tenant


def run_job(tenant: Tenant, job_id: UUID) -> JobRun:
    """Run a queued job to its end, in the test's own transaction; raises what the queue would be told."""
    execute(tenant_id=tenant.id, job_id=job_id, side=SameConnection(), should_stop=lambda: False)
    with tenant_context(tenant.id):
        return JobRun.objects.get(id=job_id)
