"""Work that is done for every tenant in turn."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable

from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import Tenant

logger = logging.getLogger(__name__)


class SomeTenantsFailed(RuntimeError):
    """The work is done for all tenants but some; what happened to each is in the log."""


def for_each_tenant(work: Callable[[Tenant], int], *, in_one_transaction: bool = True) -> int:
    """Do something for every tenant and return the sum of what it returned; for periodic jobs.

    Each tenant's work is a transaction of its own in its context, or, without ``in_one_transaction``, opens
    what it needs itself. One tenant's failure keeps nobody else waiting: the others' work is done and stays,
    then `SomeTenantsFailed` says that the job failed.
    """
    total, failed = 0, []
    for tenant in list(Tenant.objects.all()):
        try:
            with tenant_context(tenant.id) if in_one_transaction else contextlib.nullcontext():
                total += work(tenant)
        except Exception:  # whatever it is, it is this tenant's alone
            logger.exception("work for tenant %s failed", tenant.id)
            failed.append(str(tenant.id))
    if failed:
        raise SomeTenantsFailed(", ".join(failed))
    return total
