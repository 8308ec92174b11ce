"""The roster: drafts, publishing, moving, copying, filling, swapping."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from tests.factories import actor_for, make_member, make_person
from tests.factories.rosters import MONDAY

from zhiheng.access.errors import Forbidden
from zhiheng.rosters.models import RosterEntry
from zhiheng.rosters.public import planned_days, swap_shifts
from zhiheng.rosters.services.assignments import Subject, assign_shift
from zhiheng.rosters.services.roster import (
    NewEntry,
    PublishedSince,
    copy_week,
    discard_drafts,
    fill_rotation,
    move_shift,
    publish_roster,
    set_entries,
    withdraw_batch,
)
from zhiheng.rosters.services.rotations import save_rotation
from zhiheng.tenancy.keys import uuid7

SUNDAY = MONDAY + dt.timedelta(days=6)


def on(number: int) -> dt.date:
    return MONDAY + dt.timedelta(days=number)


def week(person, *, drafts: bool = False, start: int = 0) -> str:
    """The person's week, a letter a day."""
    found = planned_days({person.id}, on(start), on(start + 6), with_drafts=drafts)
    return "".join(found.templates[each].name[0] for each in found.frame["template"].to_list())


def put(inside, person, letters: str, start: int = 0) -> int:
    shifts = {"早": inside.early, "中": inside.late, "夜": inside.night, "休": None}
    entries = [
        NewEntry(person.id, on(start + at), shifts[each]) for at, each in enumerate(letters) if each in shifts
    ]
    return set_entries(actor=inside.actor, entries=entries)


def publish(inside, **more) -> int:
    return publish_roster(actor=inside.actor, first=MONDAY, last=SUNDAY, **more)


def test_a_draft_binds_nobody_before_it_is_published(inside, told):
    assert put(inside, inside.ann, "早早中休") == 4
    assert (week(inside.ann), week(inside.ann, drafts=True)) == ("标标标标标休休", "早早中休标休休")
    assert told == []
    assert publish(inside) == 4
    assert week(inside.ann) == "早早中休标休休"
    assert told == [(inside.ann.id, on(number)) for number in range(4)]
    assert publish(inside) == 0


def test_a_draft_over_a_published_day_leaves_it_until_published(inside):
    put(inside, inside.ann, "早早")
    publish(inside)
    assert put(inside, inside.ann, "早夜") == 1  # the first day says what is published already
    assert (week(inside.ann)[:2], week(inside.ann, drafts=True)[:2]) == ("早早", "早夜")
    assert put(inside, inside.ann, "早早") == 1  # back again: the draft goes
    assert RosterEntry.objects.filter(state="draft").count() == 0
    assert put(inside, inside.ann, "早早") == 0


def test_taking_an_entry_away_brings_the_assignment_back(inside):
    put(inside, inside.ann, "早早")
    publish(inside)
    gone = [NewEntry(inside.ann.id, on(0), is_removed=True), NewEntry(inside.ann.id, on(4), is_removed=True)]
    assert set_entries(actor=inside.actor, entries=gone) == 1
    assert week(inside.ann, drafts=True)[:2] == "标早"
    assert publish(inside) == 1
    assert week(inside.ann)[:2] == "标早"
    assert RosterEntry.objects.count() == 1


def test_discarding_drafts(inside):
    put(inside, inside.ann, "早")
    put(inside, inside.bob, "早")
    assert discard_drafts(actor=inside.actor, first=MONDAY, last=SUNDAY, person_ids=[inside.ann.id]) == 1
    assert discard_drafts(actor=inside.actor, first=MONDAY, last=SUNDAY) == 1
    assert discard_drafts(actor=inside.actor, first=MONDAY, last=SUNDAY) == 0


def test_a_head_of_a_department_plans_and_publishes_only_its_people(inside):
    put(inside, inside.cleo, "早")
    head = actor_for(
        make_member(inside.tenant, "department_head", person=inside.ann, within_org_unit=inside.line),
        inside.tenant,
    )
    set_entries(actor=head, entries=[NewEntry(inside.bob.id, on(0), inside.late)])
    with pytest.raises(Forbidden):
        set_entries(actor=head, entries=[NewEntry(inside.cleo.id, on(0), inside.late)])
    assert publish_roster(actor=head, first=MONDAY, last=SUNDAY) == 1
    assert (week(inside.bob)[0], week(inside.cleo)[0]) == ("中", "标")
    assert discard_drafts(actor=head, first=MONDAY, last=SUNDAY) == 0


def test_what_cannot_be_planned(inside):
    late = make_person(inside.line, "迟来", hired_on=on(3))
    for entries, code in (
        ([NewEntry(late.id, on(0), inside.early)], "not_employed"),
        ([NewEntry(inside.ann.id, on(0), uuid7())], "unknown_shift"),
        ([], "count"),
    ):
        with pytest.raises(ValidationError) as caught:
            set_entries(actor=inside.actor, entries=entries)
        assert caught.value.code == code
    with pytest.raises(Http404):
        set_entries(actor=inside.actor, entries=[NewEntry(uuid7(), on(0), inside.early)])


def test_moving_exchanges_two_cells_and_copying_does_not(inside):
    put(inside, inside.ann, "早")
    put(inside, inside.bob, "夜休")
    move_shift(actor=inside.actor, source=(inside.ann.id, on(0)), target=(inside.bob.id, on(1)))
    assert (week(inside.ann, drafts=True)[0], week(inside.bob, drafts=True)[:2]) == ("休", "夜早")
    move_shift(actor=inside.actor, source=(inside.bob.id, on(0)), target=(inside.ann.id, on(0)), is_copy=True)
    assert (week(inside.ann, drafts=True)[0], week(inside.bob, drafts=True)[:2]) == ("夜", "夜早")
    with pytest.raises(ValidationError) as caught:  # the default week is no shift that could be given
        move_shift(actor=inside.actor, source=(inside.cleo.id, on(0)), target=(inside.ann.id, on(0)))
    assert caught.value.code == "no_shift"


def test_copying_a_week(inside):
    assign_shift(
        actor=inside.actor, subject=Subject(MONDAY, org_unit_id=inside.line.id), shift_id=inside.early
    )
    put(inside, inside.ann, "夜夜休")
    people = [inside.ann.id, inside.bob.id]
    assert copy_week(actor=inside.actor, person_ids=people, source=MONDAY, target=on(7)) == 3
    assert week(inside.ann, drafts=True, start=7) == "夜夜休早早休休"
    assert week(inside.bob, drafts=True, start=7) == "早早早早早休休"
    assert copy_week(actor=inside.actor, person_ids=people, source=MONDAY, target=on(7)) == 0
    with pytest.raises(ValidationError):
        copy_week(actor=inside.actor, person_ids=people, source=MONDAY, target=MONDAY)


def test_filling_from_a_rotation(inside):
    slots = [inside.early, inside.early, inside.late, inside.late, inside.night, inside.night, None, None]
    rotation = save_rotation(actor=inside.actor, code="4x3", name="四班三运转", slots=slots)
    options = {"rotation_id": rotation, "first": MONDAY, "last": on(8)}
    assert fill_rotation(actor=inside.actor, person_ids=[inside.ann.id], anchor_on=MONDAY, **options) == 8
    assert week(inside.ann, drafts=True) == "早早中中夜夜休"
    assert week(inside.ann, drafts=True, start=2) == "中中夜夜休休早"
    with pytest.raises(Http404):
        fill_rotation(
            actor=inside.actor, person_ids=[inside.ann.id], rotation_id=uuid7(), anchor_on=MONDAY, first=MONDAY, last=MONDAY
        )  # fmt: skip


def test_an_approved_swap_is_published_at_once(inside, told):
    put(inside, inside.ann, "早")
    put(inside, inside.bob, "夜")
    publish(inside)
    told.clear()
    put(inside, inside.ann, "中")
    swap_shifts(actor=inside.actor, one=(inside.ann.id, on(0)), other=(inside.bob.id, on(0)))
    assert (week(inside.ann)[0], week(inside.bob)[0]) == ("夜", "早")
    assert week(inside.ann, drafts=True)[0] == "夜"  # a draft made before goes
    assert sorted(told) == sorted([(inside.ann.id, on(0)), (inside.bob.id, on(0))])
    with pytest.raises(ValidationError):
        swap_shifts(actor=inside.actor, one=(inside.ann.id, on(0)), other=(inside.cleo.id, on(0)))
    with pytest.raises(ValidationError):
        swap_shifts(
            actor=inside.actor, one=(inside.ann.id, on(0)), other=(inside.cleo.id, dt.date(2019, 1, 1))
        )


def test_an_imported_batch_is_withdrawn_unless_published(inside):
    batch = uuid7()
    entries = [NewEntry(inside.ann.id, on(0), inside.early)]
    set_entries(actor=inside.actor, entries=entries, batch_id=batch)
    assert withdraw_batch(actor=inside.actor, batch_id=batch) == 1
    set_entries(actor=inside.actor, entries=entries, batch_id=batch)
    publish(inside)
    with pytest.raises(PublishedSince):
        withdraw_batch(actor=inside.actor, batch_id=batch)
