"""Pages and operations of the loop, in both languages."""

from __future__ import annotations

import pytest
from tests.factories import make_member
from tests.factories.loop import make_loop

from zhiheng.reviews.models import ReviewCycle, Scorecard, ScorecardVersion
from zhiheng.reviews.services.cycles import close_cycle
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db


@pytest.fixture
def loop():
    return make_loop()


@pytest.fixture
def hr(loop, client):
    client.force_login(make_member(loop.tenant, "hr"))
    return client


def text(answer) -> str:
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def test_ranking_score_and_export(loop, hr):
    page = f"/reviews/{loop.cycle_id}/"
    assert "2026 年第一季度" in text(hr.get("/reviews/"))
    ranking = text(hr.get(page))
    assert all(
        each in ranking for each in ("安安", "130.00", "白白", "40.00", "陈晨", "无法考核", "关闭考核周期")
    )
    score = text(hr.get(f"{page}{loop.ann.id}/"))
    assert all(each in score for each in ("130.00", "收入÷目标", "150÷100", "与得分所用的数一致", "120.00"))
    part = hr.get(
        f"{page}{loop.ann.id}/?input=新客户", headers={"HX-Request": "true", "HX-Target": "evidence"}
    )
    assert text(part).startswith('<section class="hr-card" id="evidence">')
    assert hr.get(f"{page}{loop.cycle_id}/").status_code == 404
    export = hr.get(f"{page}export/")
    assert export["Content-Type"].startswith("application/vnd.openxmlformats")


def test_the_ranking_is_searched_filtered_and_paged(loop, hr, monkeypatch):
    page = f"/reviews/{loop.cycle_id}/"
    found = text(hr.get(f"{page}?q=安安"))
    assert "130.00" in found
    assert "40.00" not in found
    assert "共 1 人" in found
    assert "安安" in text(hr.get(f"{page}?unit={loop.ann.org_unit_id}"))
    assert "没有符合条件的结果" in text(hr.get(f"{page}?q=没有这个人"))
    monkeypatch.setattr("zhiheng.reviews.views.cycles.PAGE_SIZE", 1)
    second = text(hr.get(f"{page}?page=2"))
    assert "白白" in second
    assert "安安" not in second


def test_english(loop, hr):
    hr.cookies["django_language"] = "en"
    page = text(hr.get(f"/reviews/{loop.cycle_id}/"))
    assert "Close the review cycle" in page
    assert "Q1 2026" in page


def test_closing_proving_and_the_job(loop, hr):
    page = f"/reviews/{loop.cycle_id}/"
    answer = hr.post(f"{page}close/")
    assert answer.status_code == 302
    job = answer.url.partition("job=")[2]
    assert job in text(hr.get(answer.url))
    assert "正在关闭" in text(hr.get(f"{page}job/{job}/"))
    with tenant_context(loop.tenant.id):
        close_cycle(actor=loop.actor, cycle_id=loop.cycle_id)
    closed = text(hr.get(page))
    assert "已封存" in closed
    assert "关闭考核周期" not in closed
    assert "130.00" in text(hr.get(f"{page}{loop.ann.id}/"))
    assert "复算一致" in text(hr.post(f"{page}verify/", follow=True))


def test_opening_a_cycle(loop, hr):
    with tenant_context(loop.tenant.id):
        ReviewCycle.objects.all().delete()
    assert "开启考核周期" in text(hr.get("/reviews/new/"))
    assert hr.post("/reviews/new/", {}).status_code == 422
    answer = hr.post("/reviews/new/", {"period_id": loop.period_id, "scorecard_id": loop.scorecard_id})
    assert "安安" in text(hr.get(answer.url))


def test_my_score_on_the_phone(loop, client):
    client.force_login(make_member(loop.tenant, "employee", person=loop.bob))
    mine = text(client.get("/reviews/me/"))
    assert "40.00" in mine
    assert "hr-m-page" in mine
    assert "40.00" in text(client.get(f"/reviews/me/?cycle={loop.cycle_id}&input=收入"))
    assert "安安" not in text(client.get(f"/reviews/{loop.cycle_id}/"))
    assert client.get(f"/reviews/{loop.cycle_id}/{loop.ann.id}/").status_code == 404


def test_somebody_without_a_score(loop, hr):
    assert "还没有得分" in text(hr.get("/reviews/me/"))


FORM = {
    "code": "new", "name": "新卡", "places": "2", "inputs": ["metric:revenue", "goal:revenue"],
    "derived": "达成率 = 收入÷收入目标值", "formula": "达成率×100%",
}  # fmt: skip


def test_scorecards(loop, hr):
    assert "销售评分卡" in text(hr.get("/reviews/scorecards/"))
    assert "达成率×80%" in text(hr.get(f"/reviews/scorecards/{loop.scorecard_id}/"))
    text(hr.get("/reviews/scorecards/new/"))
    bad = hr.post("/reviews/scorecards/new/", {**FORM, "formula": "达成率×"})
    assert bad.status_code == 422
    assert "公式没有写完" in bad.content.decode()
    assert hr.post("/reviews/scorecards/new/", {**FORM, "derived": "没有等号"}).status_code == 422
    made = hr.post("/reviews/scorecards/new/", FORM)
    assert "收入目标值" in text(hr.get(made.url))
    with tenant_context(loop.tenant.id):
        card = Scorecard.objects.get(code="new")
    edit = f"/reviews/scorecards/{card.id}/edit/"
    assert "达成率 = 收入÷收入目标值" in text(hr.get(edit))
    assert hr.post(edit, {**FORM, "formula": "达成率×"}).status_code == 422
    assert hr.post(edit, {**FORM, "formula": "达成率×50%"}).status_code == 302
    with tenant_context(loop.tenant.id):
        assert ScorecardVersion.objects.get(scorecard=card, version=2).formula == "达成率×50%"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "公式可用"),
        ({"formula": "达成率×("}, "公式没有写完"),
        ({"formula": "达成率+错"}, "<mark>错</mark>"),
        ({"derived": "x"}, "第 1 行"),
        ({"sample_收入": "1,500", "sample_收入目标值": "1000"}, "150%"),
        ({"sample_收入": "abc", "sample_收入目标值": "1e99"}, "公式可用"),
    ],
)
def test_the_live_check(loop, hr, change, expected):
    assert expected in text(hr.post("/reviews/scorecards/check/", {**FORM, **change}))


def test_operations(loop, hr):
    api = "/api/v1"
    assert hr.get(f"{api}/scorecards").json()["items"][0]["version"] == 1
    assert hr.get(f"{api}/scorecards/{loop.scorecard_id}").json()["code"] == "sales"
    assert hr.get(f"{api}/review-cycles").json()["items"][0]["state"] == "open"
    assert hr.get(f"{api}/review-cycles/{loop.cycle_id}").json()["result_hash"] == ""
    scores = hr.get(f"{api}/review-cycles/{loop.cycle_id}/scores").json()
    assert [(each["name"], each["value"], each["reason"]) for each in scores] == [
        ("安安", "1.3000", ""), ("白白", "0.4000", ""), ("陈晨", None, "TARGET_ZERO"),
    ]  # fmt: skip
    one = hr.get(f"{api}/review-cycles/{loop.cycle_id}/scores/{loop.ann.id}").json()
    assert [step["name"] for step in one["trace"]] == ["达成率", "得分"]
    with tenant_context(loop.tenant.id):
        close_cycle(actor=loop.actor, cycle_id=loop.cycle_id)
