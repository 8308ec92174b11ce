from __future__ import annotations

import pytest

from zhiheng.rosters.calc.checks import policy_fault, shift_fault
from zhiheng.rosters.calc.shift import Flex, Policy, Shift

FLEX = Flex(480, 600, 480, ((600, 900),))


@pytest.mark.parametrize(
    ("kind", "shift", "fault"),
    [
        ("fixed", Shift(segments=((480, 960),)), ""),
        ("fixed", Shift(segments=((1320, 1800),)), ""),
        ("fixed", Shift(), "no_segments"),
        ("split", Shift(segments=((480, 960),)), "one_segment"),
        ("split", Shift(segments=((480, 720), (780, 960))), ""),
        ("fixed", Shift(segments=((480, 960),), breaks=((720, 780),)), "mixed"),
        ("fixed", Shift(segments=((960, 480),)), "empty_span"),
        ("fixed", Shift(segments=((480, 720), (700, 960))), "overlap"),
        ("fixed", Shift(segments=((1440, 1500),)), "start"),
        ("fixed", Shift(segments=((480, 2881),)), "too_long"),
        ("flexible", Shift(flex=FLEX, breaks=((720, 780),)), ""),
        ("flexible", Shift(), "no_flex"),
        ("flexible", Shift(flex=FLEX, segments=((480, 960),)), "no_flex"),
        ("flexible", Shift(flex=Flex(600, 480, 480)), "flex_frame"),
        ("flexible", Shift(flex=Flex(480, 600, 0)), "flex_frame"),
        ("flexible", Shift(flex=FLEX, breaks=((780, 720),)), "empty_span"),
        ("flexible", Shift(flex=Flex(480, 1439, 1442)), "too_long"),
        ("flexible", Shift(flex=Flex(480, 600, 480, ((540, 900),))), "core"),
        ("flexible", Shift(flex=Flex(480, 600, 480, ((600, 1000),))), "core"),
        ("free", Shift(free_mode="strict", day_start=240), ""),
        ("free", Shift(free_mode="strict", day_start=1440), "free"),
        ("free", Shift(), "free"),
    ],
)
def test_shifts(kind, shift, fault):
    assert shift_fault(shift, kind) == fault


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        (Policy(), ""),
        (Policy(before=721), "before"),
        (Policy(ot_unit=0), "ot_unit"),
        (Policy(ot_start=1110, absent_half_over=60, ot_breaks=((1080, 1110),), auto_break=((360, 30),)), ""),
        (Policy(ot_start=-1), "ot_start"),
        (Policy(absent_half_over=0), "absent_half_over"),
        (Policy(ot_breaks=((1110, 1080),)), "ot_breaks"),
        (Policy(auto_break=((30, 60),)), "auto_break"),
    ],
)
def test_rules(rules, fault):
    assert policy_fault(rules) == fault
