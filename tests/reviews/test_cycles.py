"""Opening, looking at, closing and proving a cycle, by people with different scopes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from tests.factories import actor_for, make_member
from tests.factories.loop import DERIVED, FORMULA, INPUTS, make_loop

from zhiheng.access.errors import Forbidden
from zhiheng.audit.models import AuditEntry
from zhiheng.jobs.public import run_inline
from zhiheng.reviews.models import ReviewCycle, Score
from zhiheng.reviews.queries.evidence import evidence, sources
from zhiheng.reviews.queries.reports import cycle_for_actor, report_rows, score_view, score_views
from zhiheng.reviews.services.cycles import close_cycle, open_cycle, recompute_cycle
from zhiheng.reviews.services.scorecards import create_scorecard, redefine_scorecard
from zhiheng.reviews.tasks import close_cycle_job
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db
EXPECTED = [
    ("安安", Decimal("1.3000"), "", 1, 1),
    ("白白", Decimal("0.4000"), "", 2, 1),
    ("陈晨", None, "TARGET_ZERO", None, None),
]


@pytest.fixture
def loop():
    return make_loop()


def seen(actor, loop):
    with tenant_context(actor.tenant_id, actor.legal_entity_ids):
        cycle = cycle_for_actor(actor, loop.cycle_id)
        return [(v.name, v.value, v.reason, v.rank, v.rank_in_unit) for v in score_views(actor, cycle)]


@pytest.mark.parametrize("is_closed", [False, True])
def test_everybody_sees_their_scope_and_the_same_figures(loop, is_closed):
    if is_closed:
        with tenant_context(loop.tenant.id):
            close_cycle(actor=loop.actor, cycle_id=loop.cycle_id)
    hr = actor_for(make_member(loop.tenant, "hr"), loop.tenant)
    head = actor_for(make_member(loop.tenant, "department_head", within_org_unit=loop.south), loop.tenant)
    bob = actor_for(make_member(loop.tenant, "employee", person=loop.bob), loop.tenant)
    assert seen(hr, loop) == EXPECTED
    assert seen(head, loop) == EXPECTED[1:]
    assert seen(bob, loop) == EXPECTED[1:2]
    with tenant_context(bob.tenant_id, bob.legal_entity_ids), pytest.raises(Http404):
        score_view(bob, cycle_for_actor(bob, loop.cycle_id), loop.ann.id)


def test_another_company_sees_no_cycle(loop):
    other = make_loop("别家公司")
    with tenant_context(other.tenant.id), pytest.raises(Http404):
        cycle_for_actor(other.actor, loop.cycle_id)


def test_the_report_is_by_department(loop):
    with tenant_context(loop.tenant.id):
        groups = report_rows(loop.actor, cycle_for_actor(loop.actor, loop.cycle_id))
    found = {
        group.unit: ([view.name for view in group.views], group.mean, group.mean_points) for group in groups
    }
    assert found == {
        "北方销售": (["安安"], Decimal("1.3"), Decimal(130)),
        "南方销售": (["白白", "陈晨"], Decimal("0.4"), Decimal(40)),
    }
    assert [group.views[0].unit_code for group in groups] == sorted([loop.north.code, loop.south.code])


@pytest.mark.parametrize("is_closed", [False, True])
def test_the_records_behind_each_input_come_to_its_value(loop, is_closed):
    with tenant_context(loop.tenant.id):
        if is_closed:
            close_cycle(actor=loop.actor, cycle_id=loop.cycle_id)
        cycle = cycle_for_actor(loop.actor, loop.cycle_id)
        view = score_view(loop.actor, cycle, loop.ann.id)
        revenue, target, new = sources(loop.actor, cycle, view)
        found = evidence(loop.actor, revenue)
        assert [(row.key, row.counted) for row in found.rows] == [("2", "50"), ("3", "100")]
        assert (found.total, found.is_equal, revenue.value) == (Decimal(150), True, Decimal(150))
        assert (evidence(loop.actor, target), target.words) == (None, "本期设定的目标值")
        assert [row.key for row in evidence(loop.actor, new).rows] == ["3"]
        assert evidence(loop.actor, new).is_equal


def test_closing_as_a_job_writes_everything_once(loop):
    steps = []
    with tenant_context(loop.tenant.id):
        done = run_inline(
            loop.actor,
            close_cycle_job,
            report=lambda *step: steps.append(step[:2]),
            cycle_id=str(loop.cycle_id),
        )
        assert done == {"people": 3, "not_assessable": 1}
        assert steps == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
        assert Score.objects.count() == 3
        again = close_cycle(actor=loop.actor, cycle_id=loop.cycle_id)
        assert (again.was_closed, again.people, again.not_assessable, Score.objects.count()) == (
            True,
            3,
            1,
            3,
        )
        assert recompute_cycle(actor=loop.actor, cycle_id=loop.cycle_id).is_equal
        cycle = ReviewCycle.objects.get(id=loop.cycle_id)
        assert cycle.is_closed
        assert again.result_hash == cycle.result_hash


def test_closing_needs_the_right_and_somebody_to_assess(loop):
    head = actor_for(make_member(loop.tenant, "department_head"), loop.tenant)
    with tenant_context(loop.tenant.id):
        with pytest.raises(Forbidden):
            close_cycle(actor=head, cycle_id=loop.cycle_id)
        with pytest.raises(Http404):
            close_cycle(actor=loop.actor, cycle_id=loop.period_id)
        with pytest.raises(Http404):
            recompute_cycle(actor=loop.actor, cycle_id=loop.cycle_id)
        alone = create_scorecard(
            actor=loop.actor, code="alone", name="空", formula="收入",
            inputs=[{"name": "收入", "source": "goal", "code": "new_customers"}],
            applies_to={"persons": [loop.scorecard_id]},
        )  # fmt: skip
        empty = open_cycle(actor=loop.actor, period_id=loop.period_id, scorecard_id=alone)
        with pytest.raises(ValidationError, match="没有可考核的人员"):
            close_cycle(actor=loop.actor, cycle_id=empty)


def test_a_scorecard_may_name_units_and_needs_no_goals(loop):
    with tenant_context(loop.tenant.id):
        plain = [{"name": "收入", "source": "metric", "code": "revenue"}]
        by_unit = create_scorecard(
            actor=loop.actor, code="unit", name="部门", formula="收入", inputs=plain,
            applies_to={"org_units": [loop.south.id]},
        )  # fmt: skip
        everybody = create_scorecard(actor=loop.actor, code="all", name="全体", formula="收入", inputs=plain)
        found = {}
        for scorecard in (by_unit, everybody):
            cycle_id = open_cycle(actor=loop.actor, period_id=loop.period_id, scorecard_id=scorecard)
            views = score_views(loop.actor, cycle_for_actor(loop.actor, cycle_id))
            found[scorecard] = [(view.name, view.value) for view in views]
    assert found == {
        by_unit: [("白白", 40), ("陈晨", 0)],
        everybody: [("安安", 150), ("白白", 40)],  # whoever has records
    }


def test_opening_twice_is_one_cycle_with_the_version_of_its_opening(loop):
    with tenant_context(loop.tenant.id):
        new = redefine_scorecard(
            actor=loop.actor, scorecard_id=loop.scorecard_id, formula="达成率", inputs=INPUTS, derived=DERIVED
        )
        same = redefine_scorecard(
            actor=loop.actor, scorecard_id=loop.scorecard_id, formula="达成率", inputs=INPUTS, derived=DERIVED
        )
        assert (new, same) == (2, 2)
        again = open_cycle(actor=loop.actor, period_id=loop.period_id, scorecard_id=loop.scorecard_id)
        assert again == loop.cycle_id
        assert ReviewCycle.objects.get(id=again).scorecard_version.formula == FORMULA


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"formula": "达成率×"}, "formula", "第 5 个字符：公式没有写完。"),
        ({"formula": "达成率+不存在"}, "formula", "第 5 个字符：没有名为「不存在」的数据。"),
        (
            {"derived": [{"name": "达成率", "formula": "收入÷"}]},
            "derived",
            "派生项「达成率」第 4 个字符：公式没有写完。",
        ),
        (
            {"derived": [{"name": "达成率", "formula": "乙"}, {"name": "乙", "formula": "达成率"}]},
            "derived",
            "派生项「达成率」第 1 个字符：公式互相引用，形成循环：达成率 → 乙 → 达成率。",
        ),
        ({"inputs": [*INPUTS, INPUTS[0]]}, "inputs", "名称「收入」用了不止一次。"),
        (
            {"derived": [{"name": "得分", "formula": "收入"}]},
            "inputs",
            "名称「得分」留给最终结果，请换一个。",
        ),
        (
            {"inputs": [{"name": "x", "source": "metric", "code": "none"}]},
            "inputs",
            "没有编码为「none」的指标。",
        ),
    ],
)
def test_a_wrong_scorecard_is_refused_with_the_place(loop, change, field, message):
    given = {"formula": FORMULA, "inputs": INPUTS, "derived": DERIVED, **change}
    with tenant_context(loop.tenant.id), pytest.raises(ValidationError) as caught:
        create_scorecard(actor=loop.actor, code="bad", name="坏", **given)
    assert caught.value.message_dict == {field: [message]}


def test_what_was_done_is_in_the_audit_log(loop):
    with tenant_context(loop.tenant.id):
        close_cycle(actor=loop.actor, cycle_id=loop.cycle_id)
    with tenant_context(loop.tenant.id):
        verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {
        "integrations.stream.create", "metrics.metric.create", "goals.goal.set", "reviews.scorecard.create",
        "reviews.cycle.open", "reviews.cycle.close",
    } <= verbs  # fmt: skip
