"""Pages and API of connections: from choosing a system to its rows."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.connectors.fakes.server import System, serving
from tests.connectors.fakes.systems import Redmine
from tests.factories import make_legal_entity, make_member, make_org_unit, make_tenant
from tests.factories.performance import make_worker

from zhiheng.connectors.models import Connection, Feed, Mapping, RawRow, Sync, UnmatchedRow
from zhiheng.connectors.services.mappings import apply_mapping
from zhiheng.connectors.services.syncs import run_sync
from zhiheng.integrations.models import Record, Stream
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db


class Office:
    """A company with somebody of HR at a browser and a Redmine in its network."""

    def __init__(self, system: System, data: Redmine) -> None:
        self.system, self.data, self.tenant, self.client = system, data, make_tenant(), Client()
        self.client.force_login(make_member(self.tenant, role="hr"))

    def given(self, **more: str) -> dict[str, str]:
        return {
            "name": "任务系统", "code": "pm", "base_url": self.system.url, "api_key": Redmine.SETTINGS["api_key"],
            "every_minutes": "60", "is_on_premise": "on",
        } | more  # fmt: skip

    def get(self, name: str, /, *args: object, **query: str) -> str:
        answer = self.client.get(reverse(f"connectors:{name}", args=args), query)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    def post(self, name: str, /, *args: object, **data: object):
        return self.client.post(reverse(f"connectors:{name}", args=args), data, follow=True)

    def connect(self) -> Connection:
        self.post("connection_new", "redmine", **self.given())
        self.sync()
        with tenant_context(self.tenant.id):
            return Connection.objects.select_related("source").get()

    def map(self) -> None:
        with tenant_context(self.tenant.id):
            mappings = list(Mapping.objects.values_list("id", flat=True))
        for each in mappings:
            apply_mapping(tenant_id=self.tenant.id, mapping_id=each)

    def map_all_to_nobody(self) -> str:
        """Map the tasks by API to people the company does not have; return the address of the mapping."""
        with tenant_context(self.tenant.id):
            feed = Feed.objects.get(code="issues")
        self.post("mapping_choose", feed.id, canonical="work_items")
        with tenant_context(self.tenant.id):
            stream = Stream.objects.get(code="work_items")
        path = f"/api/v1/feeds/{feed.id}/mappings/{stream.id}"
        assert self.client.get(path).status_code == 404
        field = {"item_no": "id", "changed_on": "updated_on", "assignee": "assigned_to.name"}
        body = {"fields": {name: {"kind": "field", "source": source} for name, source in field.items()}}
        assert self.client.put(path, body, content_type="application/json").status_code == 200
        self.map()
        return path

    def sync(self) -> None:
        with tenant_context(self.tenant.id):
            waiting = list(Sync.objects.filter(state="waiting").values_list("id", flat=True))
        for each in waiting:
            run_sync(tenant_id=self.tenant.id, sync_id=each)


@pytest.fixture
def office():
    data = Redmine()
    with serving(data) as system:
        yield Office(system, data)


def test_from_choosing_a_system_to_its_rows(office):
    assert "还没有连接业务系统" in office.get("connection_list")
    assert "Redmine" in office.get("connection_choose")
    assert "API 访问键" in office.get("connection_new", "redmine")
    wrong = office.post("connection_new", "redmine", **office.given(base_url="redmine", api_key=""))
    assert wrong.status_code == 422
    done = office.post("connection_new", "redmine", **office.given())
    assert "正在进行第一次同步" in done.content.decode()
    assert "取消同步" in done.content.decode()
    office.sync()
    with tenant_context(office.tenant.id):
        connection = Connection.objects.get()
        row = RawRow.objects.get(feed__code="issues", key="7")
        sync = Sync.objects.get()
    page = office.get("connection_detail", connection.id)
    assert all(each in page for each in ("正常", "任务", "205", "立即同步", "重新拉取"))
    assert "0011223344556677" not in page
    assert "正常" in office.get("connection_list")
    assert "任务 7" in office.get("row_list", feed=str(row.feed_id), q="7")
    detail = office.get("row_detail", row.id)
    assert all(each in detail for each in ("任务 7", "第 1 版", row.payload_hash))
    assert "205" in office.get("sync_detail", sync.id)
    assert 'data-poll-done-value="true"' in office.get("connection_status", connection.id)


def test_a_changed_row_shows_what_changed_and_a_deleted_one_that_it_is(office):
    connection = office.connect()
    office.data.data["issues"][204] |= {"subject": "改名", "updated_on": "2027-01-01T00:00:00Z"}
    office.data.data["projects"].pop()
    office.post("connection_act", connection.id, act="sync")
    office.sync()
    with tenant_context(office.tenant.id):
        changed = RawRow.objects.get(feed__code="issues", key="205")
        gone = RawRow.objects.get(feed__code="projects", is_deleted=True)
    assert "subject：任务 205 → 改名" in office.get("row_detail", changed.id)
    assert "来源已删除" in office.get("row_detail", gone.id)
    assert ">2<" in office.get("row_list", gone="1")
    assert "任务 205" not in office.get("row_list", gone="1")


def test_settings_keep_secrets_and_say_so(office):
    connection = office.connect()
    page = office.get("connection_edit", connection.id)
    assert "已设置，留空表示不变" in page
    assert "0011223344556677" not in page
    changed = office.post("connection_edit", connection.id, **office.given(api_key="", name="研发任务"))
    assert "设置已保存" in changed.content.decode()
    moved = office.post(
        "connection_edit", connection.id, **office.given(api_key="", base_url="https://elsewhere.example")
    )
    assert (moved.status_code, "请重新填写密钥" in moved.content.decode()) == (422, True)


def test_what_the_buttons_do(office):
    connection = office.connect()
    said = {
        "pause": "已暂停", "resume": "已恢复自动同步", "sync": "已开始同步", "cancel": "已取消",
    }  # fmt: skip
    for act, text in said.items():
        assert text in office.post("connection_act", connection.id, act=act).content.decode()
    assert (
        "接口选择已保存"
        in office.post("connection_act", connection.id, act="feeds", feed="issues").content.decode()
    )
    with tenant_context(office.tenant.id):
        assert set(Feed.objects.filter(is_selected=True).values_list("code", flat=True)) == {"issues"}
    assert office.post("connection_act", connection.id, act="explode").status_code == 404
    window = office.post("connection_window", connection.id, first="2026-05-02", last="2026-05-01")
    assert "不能早于" in window.content.decode()
    window = office.post("connection_window", connection.id, first="2026-05-01", last="2026-05-02")
    assert "已开始重新拉取" in window.content.decode()


def test_a_failure_is_explained(office):
    connection = office.connect()
    office.post("connection_edit", connection.id, **office.given(api_key="wrong-key"))
    office.post("connection_act", connection.id, act="sync")
    office.sync()
    page = office.get("connection_detail", connection.id)
    assert "系统拒绝了凭证" in page
    assert "已连续失败 1 次" in page
    assert "失败" in office.get("connection_list")
    with tenant_context(office.tenant.id):
        sync = Sync.objects.filter(state="failed").get()
    assert "连接器的日志" in office.get("sync_detail", sync.id)


def test_english(office):
    connection = office.connect()
    office.client.cookies["django_language"] = "en"
    assert "Sync now" in office.get("connection_detail", connection.id)
    assert "Projects, issues and time entries." in office.get("connection_choose")


def test_only_what_there_is_and_only_for_those_who_may(office):
    assert office.client.get("/sources/new/none/").status_code == 404
    connection = office.connect()
    employee = Client()
    employee.force_login(make_member(office.tenant, role="employee"))
    assert employee.get(f"/sources/{connection.id}/").status_code == 403


def test_operations(office):
    body = {
        "code": "pm", "name": "任务系统", "connector": "redmine", "is_on_premise": True, "every_minutes": 30,
        "settings": {"base_url": office.system.url, "api_key": Redmine.SETTINGS["api_key"]},
    }  # fmt: skip
    made = office.client.post("/api/v1/connections", body, content_type="application/json")
    assert made.status_code == 201
    assert made.json()["settings"] == {"base_url": office.system.url}
    path = f"/api/v1/connections/{made.json()['id']}"
    started = office.client.post(f"{path}/syncs", {}, content_type="application/json")
    assert (started.status_code, started.json()["state"]) == (202, "waiting")
    office.sync()
    assert (
        office.client.get(f"/api/v1/syncs/{started.json()['id']}").json()["counts"]["issues"]["created"]
        == 205
    )
    assert len(office.client.get(f"{path}/syncs").json()["items"]) == 1
    rows = office.client.get("/api/v1/raw-rows?limit=2").json()["items"]
    assert {each["source"] for each in rows} == {"pm"}
    assert office.client.get(f"/api/v1/raw-rows/{rows[0]['id']}").json() == rows[0]
    assert office.client.post(f"{path}/pause", content_type="application/json").json()["is_paused"] is True
    assert office.client.post(f"{path}/resume", content_type="application/json").json()["is_paused"] is False
    assert office.client.get("/api/v1/connections").json()["items"][0]["last_state"] == "done"
    assert office.client.get(path).json()["code"] == "pm"


def test_from_rows_to_records_by_form(office):
    connection = office.connect()
    with tenant_context(office.tenant.id):
        feed = Feed.objects.get(code="issues")
        assert "设置映射" in office.get("connection_detail", connection.id)
    choose = office.get("mapping_choose", feed.id)
    assert all(text in choose for text in ("推荐", "选用项目任务"))
    editor = office.post("mapping_choose", feed.id, canonical="work_items")
    page = editor.content.decode()
    assert all(text in page for text in ("项目任务", "尚未保存", "status.name", 'value="assigned_to.name"'))
    assert office.post("mapping_choose", feed.id, canonical="nothing").status_code == 404
    with tenant_context(office.tenant.id):
        stream = Stream.objects.get(code="work_items")
    names = ["item_no", "changed_on", "assignee", "title", "project", "status", "hours"]
    sources = ["id", "updated_on", "assigned_to.name", "subject", "project.name", "status.name", ""]
    rules = {f"source_{number}": source for number, source in enumerate(sources)}
    rules |= {f"kind_{number}": "field" if sources[number] else "none" for number in range(len(names))}
    rules |= {"kind_2": "person", "path_0": "id", "operator_0": "in", "value_0": "7,8"}
    previewed = office.post("mapping_edit", feed.id, stream.id, act="preview", **rules).content.decode()
    assert "不满足条件，不转成记录" in previewed
    wrong = office.post("mapping_edit", feed.id, stream.id, act="save", **(rules | {"source_0": ""}))
    assert (wrong.status_code, "请填写字段、固定值或公式" in wrong.content.decode()) == (422, True)
    saved = office.post("mapping_edit", feed.id, stream.id, act="save", **rules).content.decode()
    assert all(text in saved for text in ("映射已保存", "第 1 版，启用", "205 行正在后台处理"))
    office.map()
    assert "没有匹配到" in office.get("case_list", state="open")
    with tenant_context(office.tenant.id):
        case = UnmatchedRow.objects.get(row__key="7")
        row = RawRow.objects.get(feed=feed, key="7")
    page = office.get("case_detail", case.id)
    assert all(text in page for text in (f"「{case.value}」是谁", "assigned_to.name", "任务 7"))
    unknown = office.post("case_act", case.id, act="answer", number="none")
    assert (unknown.status_code, "没有工号为「none」的员工" in unknown.content.decode()) == (422, True)
    worker = make_worker(make_org_unit(make_legal_entity(office.tenant)), "赵六", "E6")
    said = office.post("case_act", case.id, act="answer", number=worker.employee_number).content.decode()
    assert "已记住" in said
    assert "项目任务" in office.get("row_detail", row.id)
    with tenant_context(office.tenant.id):
        made = Record.objects.get(key="7")
    record_page = office.client.get(f"/records/{made.id}/").content.decode()
    assert all(text in record_page for text in ("赵六", "查看（第 1 版）", f"/sources/rows/{row.id}/"))
    assert "已停用，新到达的行" in office.post("mapping_stop", feed.id, stream.id).content.decode()
    assert "已停用" in office.get("mapping_choose", feed.id)


def test_rows_that_wait_can_be_ignored_and_tried_again(office):
    office.connect()
    path = office.map_all_to_nobody()
    with tenant_context(office.tenant.id):
        case = UnmatchedRow.objects.first()
    assert "已忽略" in office.post("case_act", case.id, act="ignore").content.decode()
    assert "已重新处理" in office.post("case_act", case.id, act="retry").content.decode()
    assert office.post("case_act", case.id, act="explode").status_code == 404
    assert office.client.get(path).json()["version"] == 1
    rows = office.client.get("/api/v1/unmatched-rows?state=open&limit=2").json()["items"]
    assert rows[0]["problem"] == "unmatched"
    one = f"/api/v1/unmatched-rows/{rows[0]['id']}"
    assert office.client.get(one).json() == rows[0]
    refused = office.client.post(f"{one}/answer", {"number": "none"}, content_type="application/json")
    assert refused.status_code == 422
    worker = make_worker(make_org_unit(make_legal_entity(office.tenant)), "赵六", "E6")
    body = {"number": worker.employee_number}
    answered = office.client.post(f"{one}/answer", body, content_type="application/json")
    assert answered.json()["state"] == "solved"
    other = office.client.get("/api/v1/unmatched-rows?state=open&limit=2").json()["items"]
    if other:
        one = f"/api/v1/unmatched-rows/{other[0]['id']}"
        assert (
            office.client.post(f"{one}/ignore", content_type="application/json").json()["state"] == "ignored"
        )
        assert office.client.post(f"{one}/retry", content_type="application/json").json()["state"] == "open"
