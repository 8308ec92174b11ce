from __future__ import annotations

from decimal import Decimal as D

import pytest

from zhiheng.reviews.calc.scorecard import (
    GroupShare,
    ManySidedScore,
    RaterGroup,
    WeightsError,
    check_weights,
    objective_score,
    score_from_raters,
)


def test_weights_make_one_whole() -> None:
    check_weights([D("0.8"), D("0.15"), D("0.05")])
    with pytest.raises(WeightsError, match=r"add up to 1\.1") as refused:
        check_weights([D("0.8"), D("0.3")])
    assert (refused.value.code, refused.value.total) == ("WEIGHTS_SUM", D("1.1"))


def test_groups_too_small_to_be_anonymous_leave_their_weight_to_the_others() -> None:
    groups = {
        "self": RaterGroup(D(10), (D(90),)),
        "peer": RaterGroup(D(30), (D(50), D(60)), least_raters=3),
        "manager": RaterGroup(D(60), (D(80),)),
        "guest": RaterGroup(D(0), (D(1),)),
    }
    assert score_from_raters(groups) == ManySidedScore(
        D("81.43"),
        (GroupShare("self", D("90.00"), D("0.1429")), GroupShare("manager", D("80.00"), D("0.8571"))),
    )


def test_nobody_answered() -> None:
    assert score_from_raters({"peer": RaterGroup(D(100))}) == ManySidedScore(None, ())


def test_an_objective_is_the_mean_of_its_key_results() -> None:
    assert objective_score([D("0.7"), D("0.5"), D("1.0")]) == D("0.73")
    assert objective_score([]) is None
