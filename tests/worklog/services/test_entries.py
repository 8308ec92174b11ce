"""Work content by category."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from tests.worklog.conftest import MONDAY

from zhiheng.access.errors import Forbidden
from zhiheng.worklog.models import WorkEntry
from zhiheng.worklog.queries.categories import categories, categories_to_enter, effective_codes
from zhiheng.worklog.queries.content import content_of
from zhiheng.worklog.services.entries import add_entry, delete_entry, save_category

pytestmark = pytest.mark.django_db


def span(clock, begin: str, end: str) -> dict[str, dt.datetime]:
    found = []
    for text in (begin, end):
        clock.set(MONDAY, text)
        found.append(clock.now)
    clock.set(MONDAY, "18:00")
    return {"started_at": found[0], "ended_at": found[1]}


def test_a_span_and_a_length(firm, clock):
    ann = firm.member(firm.ann)
    add_entry(actor=ann, category="meeting", on=MONDAY, **span(clock, "10:00", "11:30"), note=" 周会 ")
    add_entry(actor=ann, category="follow_up", on=MONDAY, minutes=120)
    content = content_of(firm.ann.id, MONDAY, MONDAY, categories())[MONDAY]
    assert [(each.label, each.minutes, each.is_effective, each.note) for each in content] == [
        ("会议", 90, False, "周会"),
        ("订单跟进", 120, True, ""),
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"category": "nothing", "minutes": 5}, "没有这个工作类别"),
        ({"category": "visit", "minutes": 5}, "自动带入"),
        ({"category": "meeting", "minutes": 0}, "1 分钟到 24 小时"),
        ({"category": "meeting", "minutes": 1441}, "1 分钟到 24 小时"),
        ({"category": "meeting", "minutes": 5, "on": MONDAY + dt.timedelta(days=1)}, "将来"),
    ],
)
def test_refused_entries(firm, clock, more, said):
    with pytest.raises(ValidationError, match=said):
        add_entry(actor=firm.member(firm.ann), **{"on": MONDAY, **more})


def test_spans_do_not_overlap_and_end_after_they_begin(firm, clock):
    ann = firm.member(firm.ann)
    add_entry(actor=ann, category="meeting", on=MONDAY, **span(clock, "10:00", "11:00"))
    with pytest.raises(ValidationError, match="已有另一条"):
        add_entry(actor=ann, category="learning", on=MONDAY, **span(clock, "10:30", "12:00"))
    with pytest.raises(ValidationError, match="晚于开始"):
        add_entry(actor=ann, category="learning", on=MONDAY, **span(clock, "12:00", "11:00"))
    add_entry(actor=ann, category="learning", on=MONDAY, **span(clock, "11:00", "12:00"))
    assert WorkEntry.objects.count() == 2


def test_one_takes_away_only_ones_own(firm, clock):
    ann, bob = firm.member(firm.ann), firm.member(firm.bob)
    entry_id = add_entry(actor=ann, category="meeting", on=MONDAY, minutes=30)
    with pytest.raises(Http404):
        delete_entry(actor=bob, entry_id=entry_id)
    with pytest.raises(Forbidden):
        add_entry(actor=bob, category="meeting", on=MONDAY, minutes=30, person_id=firm.ann.id)
    assert delete_entry(actor=ann, entry_id=entry_id) == MONDAY
    assert not WorkEntry.objects.exists()


def test_companies_have_their_own_opinion_and_their_own_kinds(firm):
    assert effective_codes(categories()) == {"visit", "follow_up", "project"}
    save_category(actor=firm.actor, code="customer_data", name="客户资料", is_effective=True)
    save_category(actor=firm.actor, code="support", name="售后支持", name_en="Support", is_effective=True)
    save_category(actor=firm.actor, code="meeting", name="会议", is_effective=False, is_active=False)
    known = categories()
    assert effective_codes(known) == {"visit", "follow_up", "project", "customer_data", "support"}
    assert [each.code for each in categories_to_enter()] == [
        "follow_up",
        "customer_data",
        "learning",
        "support",
    ]
    with pytest.raises(Forbidden):
        save_category(actor=firm.member(firm.ann), code="x", name="x", is_effective=True)
