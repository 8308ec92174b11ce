"""Who has to agree, in which order."""

from __future__ import annotations

from uuid import UUID

import pytest

from zhiheng.approvals.calc.chain import HEAD, HR, PlannedStep, chain_of

ANN, MAX, HEAD_1, HEAD_2, BOSS = (UUID(int=number) for number in range(1, 6))
EVERYBODY = {ANN, MAX, HEAD_1, HEAD_2, BOSS}
THEN_HR = PlannedStep(HR)


@pytest.mark.parametrize(
    ("manager", "heads", "able", "expected"),
    [
        (MAX, [[HEAD_1]], EVERYBODY, [PlannedStep(HEAD, (MAX,)), THEN_HR]),
        (None, [[HEAD_2, HEAD_1], [BOSS]], EVERYBODY, [PlannedStep(HEAD, (HEAD_1, HEAD_2)), THEN_HR]),
        (MAX, [[], [BOSS]], {BOSS}, [PlannedStep(HEAD, (BOSS,)), THEN_HR]),
        (None, [[ANN], [BOSS]], EVERYBODY, [PlannedStep(HEAD, (BOSS,)), THEN_HR]),
        (ANN, [[ANN]], EVERYBODY, [THEN_HR]),
        (None, [], EVERYBODY, [THEN_HR]),
        (MAX, [[HEAD_1]], set(), [THEN_HR]),
    ],
    ids=[
        "manager",
        "co-heads",
        "manager cannot sign in",
        "is head",
        "own manager",
        "nobody",
        "nobody can sign in",
    ],
)
def test_chain(manager, heads, able, expected):
    assert list(chain_of(ANN, manager, heads, able)) == expected
