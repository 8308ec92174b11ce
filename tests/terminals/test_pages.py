"""Pages and API of terminals: pairing, people, punches of nobody, and what can be told to a terminal."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from tests.factories import make_legal_entity, make_member, make_org_unit, make_tenant
from tests.factories.performance import make_worker
from tests.factories.terminals import GATEWAY, Device, make_terminal

from zhiheng.attendance.models import Punch
from zhiheng.tenancy.context import tenant_context
from zhiheng.terminals.models import Terminal, TerminalCommand, TerminalEvent, TerminalUpload, TerminalUser

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff\xe0 picture"


class Site:
    """A company with somebody of HR at a browser, and terminals at the gateway."""

    def __init__(self) -> None:
        self.tenant = make_tenant()
        self.entity = make_legal_entity(self.tenant)
        self.unit = make_org_unit(self.entity, "一车间")
        self.ann = make_worker(self.unit, "安安", "1001")
        self.client = Client()
        self.client.force_login(make_member(self.tenant, role="hr"))
        with override_settings(**GATEWAY):
            self.terminal = make_terminal(self.tenant, self.entity)

    def context(self):
        return tenant_context(self.tenant.id)

    def device(self, act):
        """Let a terminal do something at the gateway."""
        with override_settings(**GATEWAY):
            return act(Device())

    def get(self, name: str, /, *args: object, **query: str):
        return self.client.get(reverse(f"terminals:{name}", args=args), query)

    def post(self, page: str, /, *args: object, **data: object):
        return self.client.post(reverse(f"terminals:{page}", args=args), data, follow=True)


@pytest.fixture
def site(db):
    return Site()


def test_from_serial_number_to_approval(site):
    assert "序列号" in site.get("terminal_new").content.decode()
    wrong = site.post(
        "terminal_new", serial_number="x", name="后门", legal_entity=site.entity.id, zone="Asia/Shanghai"
    )
    assert (wrong.status_code, "3 至 64 位" in wrong.content.decode()) == (422, True)
    given = {
        "serial_number": "SN0002",
        "name": "后门",
        "legal_entity": site.entity.id,
        "zone": "Asia/Shanghai",
    }
    assert site.post("terminal_new", **given, allowed_ips="10.0.0").status_code == 422
    page = site.post("terminal_new", **given, allowed_ips="10.0.0.8，10.0.0.9").content.decode()
    assert "等待设备连接" in page
    with site.context():
        terminal = Terminal.objects.get(serial_number="SN0002")
        assert terminal.allowed_ips == ["10.0.0.8", "10.0.0.9"]
    with override_settings(**GATEWAY):
        Device("SN0002").hello()
    assert "批准" in site.get("terminal_status", terminal.id).content.decode()
    assert "已启用" in site.post("terminal_approve", terminal.id).content.decode()
    assert "只能拒绝等待中的设备" in site.post("terminal_refuse", terminal.id).content.decode()
    assert "已停用" in site.post("terminal_retire", terminal.id).content.decode()
    again = site.get("terminal_new", serial="SN0002").content.decode()
    assert 'value="后门"' in again


def test_a_window_that_is_over_says_that_the_terminal_knocked(site):
    given = {
        "serial_number": "SN0003",
        "name": "侧门",
        "legal_entity": site.entity.id,
        "zone": "Asia/Shanghai",
    }
    site.post("terminal_new", **given)
    with site.context():
        terminal = Terminal.objects.get(serial_number="SN0003")
        Terminal.objects.filter(id=terminal.id).update(window_until="2026-01-01T00:00Z")
        type(terminal)._meta.apps.get_model("terminals", "TerminalClaim").objects.filter(
            serial_number="SN0003"
        ).update(until="2026-01-01T00:00Z")
    with override_settings(**GATEWAY):
        Device("SN0003").hello()
    page = site.get("terminal_detail", terminal.id).content.decode()
    assert "配对时间已过" in page
    assert "尝试过连接" in page
    assert "已拒绝" in site.post("terminal_refuse", terminal.id).content.decode()


def test_list_and_tabs(site):
    site.device(
        lambda device: device.punch("1001\t2026-07-01 08:00:00\t0\t1", "9\t2026-07-01 08:00:00\t0\t1", "bad")
    )
    site.device(
        lambda device: device.post("cdata", "USER PIN=9\tName=Zoe\nFP PIN=9\tFID=1\tTMP=A\n", table="OPERLOG")
    )
    site.device(
        lambda device: device.post(
            "cdata", "OPLOG 21\t1\t2026-07-01 08:00:00\t0\nOPLOG 999\t0\tx\t0\n", table="OPERLOG"
        )
    )
    site.device(lambda device: device.post("cdata", "ERRORLOG ErrCode=D01E0003\n", table="ERRORLOG"))
    assert "大门" in site.get("terminal_list").content.decode()
    assert "设置时间" in site.get("terminal_detail", site.terminal.id).content.decode()
    for tab, texts in (
        ("user_list", ("安安", "Zoe", "指纹 1")),
        ("command_list", ("还没有命令",)),
        ("upload_list", ("ATTLOG", "新打卡 1，已有 0，未知人员 1", "人员 1，特征 1，事件 0")),
        ("event_list", ("设置时间", "操作 999", "照片不够清晰", "1 行，例如 bad")),
    ):
        page = site.get(tab, site.terminal.id).content.decode()
        assert [text for text in texts if text not in page] == []
    for name, option in (
        ("event_list", {"open": "1"}),
        ("upload_list", {"bad": "1"}),
        ("terminal_list", {"q": "SN"}),
    ):
        args = () if name == "terminal_list" else (site.terminal.id,)
        assert site.get(name, *args, **option).status_code == 200
    assert "已标记为知悉" in site.post("events_seen", site.terminal.id).content.decode()


def test_a_punch_of_nobody_is_given_to_somebody(site):
    site.device(lambda device: device.punch("77\t2026-07-01 08:00:00\t0\t1"))
    assert "77" in site.get("unknown_list").content.decode()
    with site.context():
        user = TerminalUser.objects.get(pin="77")
    assert "编号 77 是谁" in site.get("user_assign", user.id).content.decode()
    wrong = site.post("user_assign", user.id, employee_number="NOBODY")
    assert (wrong.status_code, "没有工号为「NOBODY」的员工" in wrong.content.decode()) == (422, True)
    page = site.post("user_assign", user.id, employee_number="1001").content.decode()
    assert "已指定，补记 1 条打卡。" in page
    assert "没有未知人员的打卡" in page
    with site.context():
        assert Punch.objects.get().person_id == site.ann.id


def test_people_are_sent_and_removed(site):
    assert "一车间" in site.get("people_send", site.terminal.id).content.decode()
    assert site.post("people_send", site.terminal.id).status_code == 422
    assert site.post("people_send", site.terminal.id, numbers="NOBODY").status_code == 422
    page = site.post("people_send", site.terminal.id, units=[site.unit.id], numbers="1001").content.decode()
    assert "已安排下发 1 人，其中 0 人带人脸照片" in page
    with site.context():
        user = TerminalUser.objects.get()
    assert "已安排删除" in site.post("user_remove", user.id).content.decode()
    assert "已取消" in site.post("commands_cancel", site.terminal.id).content.decode()
    assert site.device(lambda device: device.commands()) == []
    with site.context():
        assert TerminalUser.objects.get().state == "none"


def test_orders(site):
    for kind in ("query_users", "info", "reboot"):
        assert "命令已下达" in site.post("terminal_order", site.terminal.id, kind=kind).content.decode()
    assert site.post("terminal_order", site.terminal.id, kind="shell").status_code == 404
    assert "不支持" in site.post("terminal_order", site.terminal.id, kind="user_delete").content.decode()
    assert "重新上传全部打卡" in site.post("terminal_resend", site.terminal.id).content.decode()
    assert site.get("stretch_order", site.terminal.id).status_code == 200
    days = {"first": "2026-07-01", "last": "2026-07-02"}
    site.post("stretch_order", site.terminal.id, **days)
    site.post("stretch_order", site.terminal.id, **days, fetch="1")
    assert (
        site.post("stretch_order", site.terminal.id, first="2026-07-02", last="2026-07-01").status_code == 422
    )
    with site.context():
        kinds = TerminalCommand.objects.order_by("number").values_list("kind", flat=True)
        assert list(kinds) == ["query_users", "info", "reboot", "check", "verify_count", "query_punches"]


def test_changes(site):
    assert site.get("terminal_edit", site.terminal.id).status_code == 200
    given = {"name": "南门", "zone": "Asia/Tokyo", "allowed_ips": "", "keep_days": 60}
    assert "已保存" in site.post("terminal_edit", site.terminal.id, **given).content.decode()
    assert site.post("terminal_edit", site.terminal.id, **{**given, "keep_days": 3}).status_code == 422


def test_raw_uploads_and_photos(site):
    site.device(lambda device: device.punch("1001\t2026-07-01 08:00:00\t0\t1"))
    photo = b"PIN=20260701080000-1001.jpg\nCMD=uploadphoto\0" + JPEG
    site.device(lambda device: device.post("cdata", photo, table="ATTPHOTO"))
    with site.context():
        upload = TerminalUpload.objects.get(table="ATTLOG")
        event = TerminalEvent.objects.get(kind="photo")
    answer = site.get("upload_raw", upload.id)
    assert answer.content == b"1001\t2026-07-01 08:00:00\t0\t1\n"
    assert answer["Content-Disposition"].startswith("attachment")
    assert site.get("event_photo", event.id).content == JPEG
    assert site.get("event_photo", upload.id).status_code == 404
    assert "查看照片" in site.get("event_list", site.terminal.id).content.decode()
    assert "已重新处理" in site.post("uploads_process", site.terminal.id).content.decode()


def test_an_auditor_reads_and_does_nothing(site):
    auditor = Client()
    auditor.force_login(make_member(site.tenant, role="auditor"))
    page = auditor.get(reverse("terminals:terminal_detail", args=[site.terminal.id])).content.decode()
    assert "重启设备" not in page
    assert auditor.get(reverse("terminals:event_list", args=[site.terminal.id])).status_code == 200
    assert auditor.post(reverse("terminals:terminal_retire", args=[site.terminal.id])).status_code == 403
    assert auditor.get(reverse("terminals:terminal_new")).status_code == 403


def test_the_gateway_is_no_page(site):
    assert site.client.get("/iclock/ping?SN=SN0001").status_code == 404


def test_by_the_api(site):
    def call(method: str, path: str, **body: object):
        return getattr(site.client, method)(f"/api/v1/{path}", body or None, content_type="application/json")

    made = call("post", "terminals", serial_number="SN0004", name="后门", legal_entity_id=str(site.entity.id))
    assert (made.status_code, made.json()["state"]) == (201, "expected")
    with override_settings(**GATEWAY):
        Device("SN0004").hello()
    path = f"terminals/{made.json()['id']}"
    assert call("post", f"{path}/approve").json()["state"] == "approved"
    assert call("post", f"{path}/users", person_ids=[str(site.ann.id)]).json() == {"people": 1, "faces": 0}
    assert call("post", f"{path}/commands", kind="info").status_code == 204
    assert call("post", f"{path}/commands", kind="shell").status_code == 422
    assert call("post", f"{path}/verify", first="2026-07-01", last="2026-07-01").status_code == 204
    assert call("post", f"{path}/resend").status_code == 204
    kinds = [each["kind"] for each in call("get", f"{path}/commands").json()["items"]]
    assert kinds == ["user_update", "info", "verify_count", "check"]
    assert call("get", f"{path}/users").json()["items"][0]["pin"] == "1001"
    with override_settings(**GATEWAY):
        Device("SN0004").punch("9\t2026-07-01 08:00:00\t0\t1", "bad")
    assert call("get", f"{path}/events").json()["items"][0]["code"] == "bad_lines"
    (unknown,) = call("get", "unknown-pins").json()["items"]
    assigned = call("post", f"terminal-users/{unknown['id']}/assign", person_id=str(site.ann.id))
    assert assigned.json() == {"punches": 1}
    assert call("post", f"{path}/retire").json()["state"] == "retired"
    assert call("post", f"{path}/refuse").status_code == 422
    assert [each["name"] for each in call("get", "terminals").json()["items"]] == ["大门", "后门"]
