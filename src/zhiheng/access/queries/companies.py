"""The company itself."""

from __future__ import annotations

from zhiheng.access.actor import Actor
from zhiheng.access.policies import WRITE_COMPANY
from zhiheng.tenancy.models import Tenant


def company_of(actor: Actor) -> Tenant:
    """Return the actor's own company."""
    actor.scope(WRITE_COMPANY)
    return Tenant.objects.get(id=actor.tenant_id)
