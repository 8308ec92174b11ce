"""The kinds of requests that domains have approved, and what happens to them then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from zhiheng.access.actor import Actor


@dataclass(frozen=True)
class ApprovalKind:
    """A kind of request, registered in a domain's ``approvals.py``.

    The callbacks get the actor who decided and the subject's id, in the transaction of the decision: what they
    raise undoes it, and a ``ValidationError`` is shown to the approver. They run with all subsidiaries of the
    tenant in view, for an approver may work for another one than the applicant. ``url`` is the subject's page.
    """

    code: str
    label: str
    on_approved: Callable[[Actor, UUID], None]
    on_rejected: Callable[[Actor, UUID], None]
    on_withdrawn: Callable[[Actor, UUID], None]
    url: Callable[[UUID], str]


_kinds: dict[str, ApprovalKind] = {}


def register_kind(kind: ApprovalKind) -> None:
    """Make a kind known; two with one code are an error of the program."""
    if _kinds.setdefault(kind.code, kind) != kind:
        raise ValueError(f"approval kind {kind.code} is registered twice")


def kind_of(code: str) -> ApprovalKind:
    """Return the kind with this code; raise `LookupError` for one that no domain registered."""
    return _kinds[code]


def all_kinds() -> list[ApprovalKind]:
    """Return every kind, by code."""
    return [_kinds[code] for code in sorted(_kinds)]
