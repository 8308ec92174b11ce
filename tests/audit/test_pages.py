"""Pages and API of the audit log."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories import actor_for, make_member, make_tenant, system_actor

from zhiheng.audit.models import AuditEntry
from zhiheng.audit.public import record, verify_chain
from zhiheng.audit.queries.labels import name_subjects, subject_label, verb_label
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(tenant):
    return make_member(tenant, "auditor")


@pytest.fixture
def page(client, auditor):
    client.force_login(auditor)
    return client


def record_one(tenant, verb="people.person.create", subject=("people.person", 7), **payload):
    with tenant_context(tenant.id):
        return record(system_actor(tenant), verb, subject=subject, payload=payload)


def lines(answer) -> list[list[str]]:
    text = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_list_says_who_did_what(page, tenant):
    record_one(tenant)
    text = page.get("/audit/").content.decode()
    assert "人员 · 新增" in text
    assert "系统" in text
    assert "审计链还没有校验过" in text
    assert "立即校验" in text


def test_an_empty_log_says_so(page):
    assert "还没有审计记录" in page.get("/audit/").content.decode()


@pytest.mark.parametrize(
    ("query", "seqs"),
    [
        ("", ["3", "2", "1"]),
        ("?domain=goals", ["2"]),
        ("?action=create", ["2", "1"]),
        ("?q=8", ["2"]),
        ("?q=goals.goal", ["2"]),
        ("?q=系统", ["3", "2", "1"]),
        ("?since=2100-01-01", []),
        ("?until=2100-01-01", ["3", "2", "1"]),
        ("?until=2000-01-01", []),
        ("?sort=seq", ["1", "2", "3"]),
    ],
)
def test_the_log_can_be_filtered_and_exported(page, tenant, query, seqs):
    record_one(tenant)
    record_one(tenant, "goals.goal.create", ("goals.goal", 8))
    record_one(tenant, "people.person.update")
    answer = page.get(f"/audit/{query}{'&' if query else '?'}export=csv")
    assert [line[0] for line in lines(answer)[1:]] == seqs


def test_an_export_is_itself_recorded(page, tenant):
    record_one(tenant)
    page.get("/audit/?export=csv&domain=people")
    with tenant_context(tenant.id):
        last = AuditEntry.objects.select_related("payload").first()
    assert last.verb == "audit.log.export"
    assert last.payload.content == '{"count":1,"format":"csv","query":"export=csv&domain=people"}'


def test_the_badge_tells_a_sound_chain_from_a_broken_one(page, tenant, monkeypatch):
    record_one(tenant)
    with tenant_context(tenant.id):
        verify_chain(system_actor(tenant))
    text = page.get("/audit/").content.decode()
    assert "审计链完整" in text
    assert "校验了 1 条记录，未发现异常。" in text
    monkeypatch.setattr("zhiheng.audit.calc.chain.entry_digest", lambda line: b"")
    with tenant_context(tenant.id):
        verify_chain(system_actor(tenant))
    text = page.get("/audit/").content.decode()
    assert "审计链异常" in text
    assert "记录被修改 #1、记录被修改 #2" in text


def test_a_list_costs_few_queries(page, tenant):
    for _each in range(60):
        record_one(tenant)
    page.get("/audit/")
    with CaptureQueriesContext(connection) as queries:
        page.get("/audit/")
    # Beside these: SET LOCAL of each tenant context, and the savepoints it is in a test.
    selects = [each for each in queries.captured_queries if each["sql"].startswith("SELECT")]
    assert len(selects) == 7


def test_an_entry_shows_content_and_hashes(page, tenant):
    entry_id = record_one(tenant, note="<b>名</b>")
    url = reverse("audit:entry_detail", args=[entry_id])
    with tenant_context(tenant.id):
        digest = bytes(AuditEntry.objects.get().hash).hex()
    for answer in (page.get(url), page.get(url, headers={"HX-Request": "true"})):
        text = answer.content.decode()
        assert digest in text
        assert "&lt;b&gt;名&lt;/b&gt;" in text
        assert "清除内容" not in text
    assert "<html" not in text


def test_another_tenants_entry_is_not_there(page):
    entry_id = record_one(make_tenant("乙公司"))
    assert page.get(reverse("audit:entry_detail", args=[entry_id])).status_code == 404


def test_an_owner_erases_content_with_a_reason(client, tenant):
    client.force_login(make_member(tenant, "owner"))
    entry_id = record_one(tenant, name="张三")
    url = reverse("audit:entry_detail", args=[entry_id])
    assert "清除内容" in client.get(url).content.decode()
    erase = reverse("audit:payload_erase", args=[entry_id])
    assert "请填写清除原因" in client.post(erase, {"reason": ""}, follow=True).content.decode()
    text = client.post(erase, {"reason": "本人要求"}, follow=True).content.decode()
    assert "内容已清除，审计链保持完整。" in text
    assert "张三" not in text.partition("<main")[2]
    assert "记录和哈希链仍然完整" in text


@pytest.mark.parametrize("role", ["hr", "finance", "department_head", "employee"])
def test_others_do_not_read_the_log(client, tenant, role):
    client.force_login(make_member(tenant, role))
    assert client.get("/audit/").status_code == 403
    assert client.get("/api/v1/audit/entries").status_code == 403


def test_an_auditor_does_not_erase(page, tenant):
    erase = reverse("audit:payload_erase", args=[record_one(tenant)])
    assert page.post(erase, {"reason": "x"}).status_code == 403


def test_the_api_lists_entries_by_cursor(page, tenant):
    ids = [record_one(tenant, n=number) for number in range(3)]
    first = page.get("/api/v1/audit/entries?limit=2").json()
    assert [each["id"] for each in first["items"]] == [str(ids[2]), str(ids[1])]
    rest = page.get(f"/api/v1/audit/entries?limit=2&cursor={first['next_cursor']}").json()
    assert [(each["seq"], each["payload"]) for each in rest["items"]] == [(1, {"n": 0})]
    assert rest["next_cursor"] is None
    assert page.get("/api/v1/audit/entries?verb=other").json()["items"] == []
    one = page.get(f"/api/v1/audit/entries/{ids[1]}").json()
    assert one["previous_hash"] == rest["items"][0]["hash"]
    assert (one["actor_name"], one["subject_type"], one["subject_id"]) == ("系统", "people.person", "7")


def test_the_api_hands_out_the_signed_head(page, tenant):
    assert page.get("/api/v1/audit/head").status_code == 404
    record_one(tenant)
    head = page.get("/api/v1/audit/head").json()
    assert head["seq"] == 1
    assert f'"signature":"{head["signature"]}"' in head["line"]


def test_verbs_and_subjects_have_names(monkeypatch):
    monkeypatch.setattr("zhiheng.audit.queries.labels._subjects", {})
    name_subjects({"goals.plan": "方案"})
    assert verb_label("goals.plan.close") == "方案 · 关闭"
    assert verb_label("people.person.hug") == "people.person.hug"
    assert verb_label("odd") == "odd"
    assert [subject_label(each) for each in ("people.person", "tenancy.org_unit", "x.y", "x")] == [
        "人员", "组织单元", "x.y", "x",
    ]  # fmt: skip


def test_actors_of_the_right_company_only(tenant, auditor):
    assert actor_for(auditor, tenant).can("audit.entry.read")
