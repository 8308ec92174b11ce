"""Who has to agree to a request, in which order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

HEAD, HR = "head", "hr"


@dataclass(frozen=True)
class PlannedStep:
    """A step: any one of the ``approver_ids`` decides it, for HR whoever is responsible for the applicant."""

    role: str
    approver_ids: tuple[UUID, ...] = ()


def chain_of(
    applicant_id: UUID,
    manager_id: UUID | None,
    heads: Sequence[Collection[UUID]],
    able: Collection[UUID],
) -> tuple[PlannedStep, ...]:
    """Return the chain: the direct manager, else the nearest heads, then HR.

    ``heads`` are those of the applicant's unit first, then of the units above. Only people who are ``able`` to decide
    (can sign in) count, and never the applicant; without anybody left the step falls away.
    """
    for group in ([manager_id] if manager_id else [], *heads):
        found = sorted(each for each in group if each in able and each != applicant_id)
        if found:
            return PlannedStep(HEAD, tuple(found)), PlannedStep(HR)
    return (PlannedStep(HR),)
