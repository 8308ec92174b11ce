"""Targets set by hand and by file, taken back, and shown with live progress."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from tests.factories import actor_for, make_member
from tests.factories.loop import make_loop
from tests.factories.tenancy import make_tenant

from zhiheng.access.errors import Forbidden
from zhiheng.dataimport.services import import_file, undo_batch
from zhiheng.goals.models import Goal, GoalRevision
from zhiheng.goals.queries.goals import goals_for_actor, progress_of_goals, targets_as_of
from zhiheng.goals.services.goals import NewGoal, set_goals, set_target
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 2, 14)


@pytest.fixture
def loop():
    return make_loop()


@pytest.fixture
def inside(loop):
    with tenant_context(loop.tenant.id):
        yield loop


def load(loop, *rows: str):
    content = ("employee_id,quota_date,sales_quota\n" + "\n".join(rows)).encode()
    return import_file(loop.actor, "goals.goal:revenue", name="targets.csv", content=content)


def targets(loop) -> dict[str, Decimal]:
    return {each.person.name: each.target for each in goals_for_actor(loop.actor)}


BEFORE = {"安安": Decimal(100), "白白": Decimal(80), "陈晨": Decimal(0)}


def test_live_progress(inside):
    goals = list(goals_for_actor(inside.actor).order_by("person__name"))
    found = [each.progress for each in progress_of_goals(goals, TODAY)]
    assert [(each.actual, each.attainment, each.elapsed, each.tone) for each in found] == [
        (Decimal(150), Decimal("1.5"), Decimal("0.5"), "ok"),
        (Decimal(40), Decimal("0.5"), Decimal("0.5"), "ok"),
        (Decimal(0), None, Decimal("0.5"), ""),
    ]


def test_a_file_sets_changes_and_leaves_alone(inside):
    ann, bob = inside.ann.employee_number, inside.bob.employee_number
    report = load(inside, f"{ann},2026-01-01,100", f"{bob},2026-01-01,90")
    assert (report.result.created, report.result.updated, report.result.unchanged) == (0, 1, 1)
    assert targets(inside) == {**BEFORE, "白白": Decimal(90)}
    undone = undo_batch(actor=inside.actor, batch_id=report.batch_id)
    assert (undone.deleted, undone.restored) == (0, 1)
    assert targets(inside) == BEFORE
    assert GoalRevision.objects.filter(person=inside.bob).count() == 3


def test_goals_that_a_file_brought_are_withdrawn_and_can_come_back(inside):
    GoalRevision.objects.count()
    other = "2026-01-01"
    set_goals(
        actor=inside.actor, metric_code="new_customers",
        rows=[NewGoal(inside.ann.id, inside.north.legal_entity_id, inside.north.id, inside.period_id, Decimal(1))],
    )  # fmt: skip
    content = f"employee_id,quota_date,sales_quota\n{inside.bob.employee_number},{other},5".encode()
    report = import_file(inside.actor, "goals.goal:new_customers", name="t.csv", content=content)
    undone = undo_batch(actor=inside.actor, batch_id=report.batch_id)
    assert (undone.deleted, undone.restored) == (1, 0)
    assert not goals_for_actor(inside.actor).filter(person=inside.bob, metric__code="new_customers").exists()
    assert [row.person_id for row in targets_as_of(inside.period_id, ["new_customers"], None)] == [
        inside.ann.id
    ]
    again = import_file(inside.actor, "goals.goal:new_customers", name="t.csv", content=content)
    assert again.result.updated == 1


def test_a_file_is_not_taken_back_after_a_later_change(inside):
    report = load(inside, f"{inside.bob.employee_number},2026-01-01,90")
    set_target(
        actor=inside.actor, person_id=inside.bob.id, metric_code="revenue", period_id=inside.period_id,
        target=Decimal(91),
    )  # fmt: skip
    with pytest.raises(ValidationError, match="又被修改"):
        undo_batch(actor=inside.actor, batch_id=report.batch_id)


def test_wrong_rows_are_named(inside):
    report = load(inside, "NOBODY,2026-01-01,1", f"{inside.ann.employee_number},2026-01-02,1")
    assert {issue.message for issue in report.issues} == {
        "没有工号为「NOBODY」的员工。",
        "没有从 2026-01-02 开始的期间。",
    }
    assert targets(inside) == BEFORE


def test_a_head_sets_targets_below_only(loop):
    head = actor_for(make_member(loop.tenant, "department_head", within_org_unit=loop.south), loop.tenant)
    options = {"metric_code": "revenue", "period_id": loop.period_id, "target": Decimal(7)}
    with tenant_context(head.tenant_id, head.legal_entity_ids):
        set_target(actor=head, person_id=loop.bob.id, **options)
        with pytest.raises((Forbidden, ValidationError)):
            set_target(actor=head, person_id=loop.ann.id, **options)
    with tenant_context(loop.tenant.id):
        assert targets(loop) == {**BEFORE, "白白": Decimal(7)}


def test_an_unknown_metric_and_somebody_not_employed(inside):
    options = {"period_id": inside.period_id, "target": Decimal(7)}
    with pytest.raises(ValidationError, match="没有编码为「none」的指标"):
        set_target(actor=inside.actor, person_id=inside.bob.id, metric_code="none", **options)
    with pytest.raises(ValidationError, match="没有任职"):
        set_target(actor=inside.actor, person_id=inside.period_id, metric_code="revenue", **options)


def text(answer) -> str:
    assert answer.status_code == 200, answer.content[:300]
    return answer.content.decode()


def test_pages(loop, client):
    client.force_login(make_member(loop.tenant, "hr"))
    page = text(client.get("/goals/?period=2026Q1"))
    assert all(each in page for each in ("安安", "白白", "陈晨", "目标为零，无法考核"))
    part = text(client.get(f"/goals/?period=2026Q1&unit={loop.north.code}", headers={"HX-Request": "true"}))
    assert "安安" in part
    assert "白白" not in part
    assert "没有符合条件" in text(client.get("/goals/?period=2026Q1&q=nobody"))
    with tenant_context(loop.tenant.id):
        goal = Goal.objects.get(person=loop.ann)
    detail = text(client.get(f"/goals/{goal.id}/"))
    assert "150.00" in detail
    text(client.get("/goals/set/"))
    assert client.post("/goals/set/", {"person_id": "none"}).status_code == 422
    good = {
        "person_id": loop.ann.employee_number, "metric_code": "revenue", "period_id": loop.period_id,
        "target": "120",
    }  # fmt: skip
    assert "120" in text(client.post("/goals/set/", good, follow=True))
    assert "还没有目标" in text(client.get("/goals/me/"))


def test_a_company_without_periods_is_told_to_make_one_first(client):
    client.force_login(make_member(make_tenant("新公司"), "hr"))
    page = text(client.get("/goals/"))
    assert "还没有期间" in page
    assert 'href="/metrics/periods/new/"' in page
    assert 'name="period"' not in page


def test_goals_come_in_pages_and_departments_keep_their_figures(loop, client, monkeypatch):
    monkeypatch.setattr("zhiheng.goals.views.goals.PAGE_SIZE", 1)
    client.force_login(make_member(loop.tenant, "hr"))
    pages = [text(client.get(f"/goals/?period=2026Q1&page={number}")) for number in (1, 2, 3)]
    assert [[name for name in ("安安", "白白", "陈晨") if name in page] for page in pages] == [
        ["安安"], ["白白"], ["陈晨"],
    ]  # fmt: skip
    assert all("共 3 个目标" in page for page in pages)


def test_my_goals_and_nobody_elses(loop, client):
    client.force_login(make_member(loop.tenant, "employee", person=loop.bob))
    assert "50.0%" in text(client.get("/goals/me/"))
    page = text(client.get("/goals/?period=2026Q1"))
    assert "白白" in page
    assert "安安" not in page
    with tenant_context(loop.tenant.id):
        goal = Goal.objects.get(person=loop.ann)
    assert client.get(f"/goals/{goal.id}/").status_code == 404


def test_operations(loop, client):
    client.force_login(make_member(loop.tenant, "hr"))
    goals = client.get(f"/api/v1/goals?person_id={loop.ann.id}").json()["items"]
    assert [each["target"] for each in goals] == ["100.0000"]
    assert client.get(f"/api/v1/goals/{goals[0]['id']}").json()["revision"] == 1
    progress = client.get(f"/api/v1/goals/{goals[0]['id']}/progress").json()
    assert (progress["actual"], len(progress["record_ids"])) == ("150.000000000000", 2)
