"""Verifying a chain on somebody's request; the result is itself recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from zhiheng.audit.calc.head import Head
from zhiheng.audit.policies import VERIFY_CHAIN
from zhiheng.audit.queries.chain import VerifyReport, verify
from zhiheng.audit.services.append import Event, record_events

if TYPE_CHECKING:
    from zhiheng.access.actor import Actor

_MAX_FINDINGS = 100


def verify_chain(*, actor: Actor, heads: Sequence[Head] | None = None) -> VerifyReport:
    """Verify the chain of the actor's tenant and record the result, with at most the first 100 findings."""
    actor.scope(VERIFY_CHAIN)
    report = verify(actor.tenant_id, heads)
    payload = {
        "entry_count": report.entry_count,
        "erased_count": report.erased_count,
        "finding_count": len(report.findings),
        "findings": [asdict(each) for each in report.findings[:_MAX_FINDINGS]],
    }
    done = Event("audit.chain.verify", ("audit.chain", actor.tenant_id), payload)
    record_events(actor=actor, events=[done])
    return report
