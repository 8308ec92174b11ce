from __future__ import annotations

import json

import pytest

from zhiheng.rosters.calc.shift import Flex, Policy, Shift, policy_from_data, shift_from_data, stored

SHIFTS = (
    Shift(),
    Shift(segments=((480, 720), (780, 1020))),
    Shift(flex=Flex(480, 600, 480, ((600, 900),)), breaks=((720, 780),)),
    Shift(free_mode="strict", day_start=240),
)


@pytest.mark.parametrize("shift", SHIFTS)
def test_a_shift_comes_back_from_its_stored_form(shift):
    assert shift_from_data(json.loads(json.dumps(stored(shift)))) == shift


@pytest.mark.parametrize(
    "rules", [Policy(), Policy(ot_breaks=((1080, 1110),), auto_break=((360, 30),), ot_start=1110)]
)
def test_rules_come_back_from_their_stored_form(rules):
    assert policy_from_data(json.loads(json.dumps(stored(rules)))) == rules


def test_what_is_not_stored_has_its_default_and_what_is_unknown_is_left_out():
    assert policy_from_data({"late_grace": 5, "of_another_version": 1}) == Policy(late_grace=5)
    assert shift_from_data({}) == Shift()
