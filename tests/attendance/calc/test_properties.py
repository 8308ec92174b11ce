"""What must hold for every day, whatever the shift."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.attendance.calc.strategies import companies

from zhiheng.attendance.calc.day import settle_day
from zhiheng.attendance.calc.facts import DayInput
from zhiheng.attendance.calc.timeline import Planned, day_inputs
from zhiheng.rosters.calc.shift import Policy, Shift

fast = settings(max_examples=40, deadline=None)


def inputs(person):
    return day_inputs(person.days, person.punches, person.leave, person.outing, person.approved)


@fast
@given(companies(), st.randoms())
def test_each_scheduled_minute_is_accounted_for_once_and_order_does_not_matter(company, random):
    for person in company[1]:
        shuffled = random.sample(person.punches, len(person.punches))
        for day in inputs(replace(person, punches=tuple(shuffled))):
            found = settle_day(day)
            parts = (found.worked, found.late, found.early, found.absent, found.leave, found.unresolved)
            assert found.scheduled == sum(parts)
            assert min(parts) >= 0
        assert list(map(settle_day, inputs(person))) == [
            settle_day(day) for day in inputs(replace(person, punches=tuple(shuffled)))
        ]


@fast
@given(companies(people=1, most_days=4), st.integers(-600, 600))
def test_moving_all_instants_together_changes_nothing(company, minutes):
    """The same wall times in another zone make the same days."""

    def moved(spans):
        return tuple((start + minutes, end + minutes) for start, end in spans)

    person = company[1][0]
    elsewhere = replace(
        person,
        days=tuple(replace(day, begin=day.begin + minutes) for day in person.days),
        punches=tuple(minute + minutes for minute in person.punches),
        leave=moved(person.leave), outing=moved(person.outing), approved=moved(person.approved),
    )  # fmt: skip

    assert inputs(elsewhere) == inputs(person)


@fast
@given(companies(people=1, most_days=4))
def test_no_punch_belongs_to_two_days(company):
    person = company[1][0]

    mine = [
        minute + day.begin
        for day, found in zip(person.days, inputs(person), strict=True)
        for minute in found.punches
    ]

    assert len(mine) <= len(person.punches)
    assert set(mine) <= set(person.punches)


@fast
@given(
    st.integers(60, 600), st.integers(1, 300), st.integers(5, 200), st.integers(0, 600), st.integers(0, 900),
    st.sampled_from(["forgive", "deduct"]),
)  # fmt: skip
def test_a_shift_in_two_parts_adds_up_to_what_the_parts_are(start, length, gap, came, stayed, grace_mode):
    """With punches of its own for each half, a split day is its halves."""
    policy = Policy(
        match="per_segment", ot_mode="punched", ot_start=4000, grace_mode=grace_mode, late_grace=7
    )
    first, second = (start, start + length), (start + length + gap, start + 2 * length + gap)
    middle = (first[1] + second[0]) // 2
    punches = tuple(sorted({start + came, start + came + stayed}))
    whole = settle_day(DayInput(Shift((first, second)), policy, punches, limits=(-1440, 4320)))
    halves = [
        settle_day(DayInput(Shift((part,)), replace(policy, before=4000, after=4000), punches, limits=limits))
        for part, limits in ((first, (-1440, middle)), (second, (middle, 4320)))
    ]
    assume("orphan_punch" not in whole.flags)

    for name in ("scheduled", "worked", "late", "early", "absent", "leave", "unresolved"):
        assert getattr(whole, name) == sum(getattr(half, name) for half in halves), name


@fast
@given(st.integers(420, 1000), st.integers(421, 1320), st.integers(0, 120), st.integers(0, 120))
def test_who_comes_earlier_and_leaves_later_never_works_less(came, left, earlier, later):
    assume(left - came > 2 and came - earlier >= 420 and left + later <= 1320)
    shift, policy = Shift(((540, 720), (780, 1080))), Policy(ot_mode="punched", ot_unit=1, ot_min=0)
    assume(left > 540 and came < 1080)

    one = settle_day(DayInput(shift, policy, (came, left)))
    more = settle_day(DayInput(shift, policy, (came - earlier, left + later)))

    assert more.worked >= one.worked
    assert more.late <= one.late
    assert more.early <= one.early
    assert more.ot_150 >= one.ot_150


@fast
@given(st.integers(0, 1439), st.integers(30, 700), st.integers(0, 60), st.integers(0, 60))
def test_midnight_is_nothing_special(start, length, late, early):
    assume(late + early < length - 2)

    def settled(at):
        shift = Shift(((at, at + length),))
        found = settle_day(DayInput(shift, Policy(), (at + late, at + length - early)))
        return replace(found, first_in=None, last_out=None)

    assert settled(start) == settled(600)


@fast
@given(companies(people=1, most_days=1), st.integers(0, 1440))
def test_leave_only_takes_away_from_what_is_open(company, start):
    person = company[1][0]
    day = inputs(replace(person, leave=()))[0]
    assume(not day.shift.free_mode and day.shift.flex is None)
    on_leave = settle_day(replace(day, leave=((start, start + 240),)))
    without = settle_day(day)

    assert on_leave.scheduled == without.scheduled
    assert (
        on_leave.worked
        + on_leave.leave
        + on_leave.late
        + on_leave.early
        + on_leave.absent
        + on_leave.unresolved
        == (without.scheduled)
    )


def test_plans_far_apart_do_not_share_a_border():
    shift, policy = Shift(((540, 1080),)), Policy()
    days = (Planned(0, shift, policy), Planned(100 * 1440, shift, policy))

    assert [found.limits for found in day_inputs(days, ())] == [(-1440, 4320), (-1440, 4320)]
