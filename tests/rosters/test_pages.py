"""The board, the lists and forms, one's own roster with its feed, the import and the API."""

from __future__ import annotations

import datetime as dt
import io
import json
from html import unescape

import icalendar
import polars as pl
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from python_calamine import CalamineWorkbook
from tests.factories import actor_for, make_member
from tests.factories.rosters import MONDAY, make_workshop

from zhiheng.dataimport.services import import_file, undo_batch
from zhiheng.rosters.models import (
    RosterEntry,
    RotationPattern,
    RuleSet,
    Shift,
    ShiftAssignment,
    WorkCalendar,
    WorkingTime,
)
from zhiheng.rosters.public import planned_days
from zhiheng.rosters.queries import leave
from zhiheng.rosters.queries.board import board_of, people_for_actor, units_for_actor
from zhiheng.rosters.services.assignments import Subject, assign_shift, set_working_time
from zhiheng.rosters.services.roster import NewEntry, publish_roster, set_entries
from zhiheng.tenancy.context import tenant_context

SUNDAY = MONDAY + dt.timedelta(days=6)
WEEK = f"?on={MONDAY}"


@pytest.fixture
def shop(db):
    return make_workshop()


def sign_in(client, shop, role: str = "hr", **more):
    client.force_login(make_member(shop.tenant, role, **more))
    return client


def page(client, page_name: str, /, *args, query: str = "", **data):
    address = reverse(f"rosters:{page_name}", args=args) + query
    return client.post(address, data) if data else client.get(address)


def text(answer) -> str:
    return unescape(answer.content.decode())


def planned(shop, person, on: dt.date = MONDAY, *, drafts: bool = True) -> str:
    with tenant_context(shop.tenant.id):
        found = planned_days({person.id}, on, on, with_drafts=drafts)
        return found.templates[found.frame["template"][0]].name


def cell(person, on: dt.date = MONDAY) -> str:
    return f"{person.id}|{on}"


# --- The board -----------------------------------------------------------------------------------------------


def test_the_board_is_edited_published_and_exported(client, shop):
    sign_in(client, shop)
    assert "标准班" in text(page(client, "board", query=WEEK))
    answer = client.post(
        reverse("rosters:board_set") + WEEK,
        {"cell": f"{cell(shop.ann)},{cell(shop.bob)}", "shift": str(shop.night)},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    assert "<html" not in text(answer)
    assert "2 天草稿" in text(answer)
    next_day = MONDAY + dt.timedelta(days=1)
    moved = page(
        client, "board_move", query=WEEK, source=cell(shop.ann), target=cell(shop.bob, next_day), copy="1"
    )
    assert moved.status_code == 302
    assert (planned(shop, shop.bob, next_day), planned(shop, shop.ann, drafts=False)) == ("夜班", "标准班")
    page(client, "board_set", query=WEEK, cell=cell(shop.bob), shift="rest")
    answer = client.post(reverse("rosters:board_publish") + WEEK, follow=True)
    assert "已发布 3 天的排班" in text(answer)
    assert planned(shop, shop.bob, drafts=False) == "休息"
    export = page(client, "board_export", query=WEEK)
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(export.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][:4] == ["工号", "姓名", "部门", "08-03"]
    assert [row[1:4] for row in rows[1:]] == [
        ["安安", "一线", "夜班"], ["白白", "一线", "休息"], ["陈晨", "仓库", "标准班"],
    ]  # fmt: skip
    page(client, "board_set", query=WEEK, cell=cell(shop.bob), shift="reset")
    assert planned(shop, shop.bob) == "标准班"
    assert "已放弃 1 天的草稿" in text(client.post(reverse("rosters:board_discard") + WEEK, follow=True))


def test_what_cannot_be_done_is_said_on_the_board(client, shop):
    sign_in(client, shop)
    for name, data in (
        ("board_set", {"cell": "nobody", "shift": "rest"}),
        ("board_set", {"cell": cell(shop.ann), "shift": "nothing"}),
        ("board_set", {"cell": cell(shop.ann, dt.date(2019, 1, 1)), "shift": "rest"}),
        ("board_move", {"source": cell(shop.ann), "target": cell(shop.bob)}),  # the default week is no shift
    ):
        answer = page(client, name, query=WEEK, **data)
        assert answer.status_code == 422
        assert 'role="alert"' in text(answer)
    assert RosterEntry._base_manager.count() == 0


def test_a_month_by_unit_and_odd_addresses(client, shop):
    sign_in(client, shop)
    found = text(page(client, "board", query=f"?view=month&on={MONDAY}&unit={shop.store.id}"))
    assert "陈晨" in found
    assert "安安" not in found
    for query in ("?on=yesterday", "?on=0001-01-01", "?unit=x", "?page=99"):
        assert page(client, "board", query=query).status_code == 200
    assert "2027 年的节假日安排尚未收录" in text(page(client, "board", query="?on=2027-03-01"))


def test_copying_and_filling_from_the_board(client, shop):
    with tenant_context(shop.tenant.id):
        set_entries(actor=shop.actor, entries=[NewEntry(shop.ann.id, MONDAY, shop.night)])
    sign_in(client, shop)
    assert "3 人" in text(page(client, "board_copy", query=WEEK))
    next_week = MONDAY + dt.timedelta(days=7)
    page(client, "board_copy", query=WEEK, source=f"{SUNDAY}", target=f"{next_week}")
    assert planned(shop, shop.ann, next_week) == "夜班"
    refused = page(client, "board_copy", query=WEEK, source=f"{MONDAY}", target=f"{next_week}")
    assert (refused.status_code, "没有需要更改的日子" in text(refused)) == (422, True)
    slots = [str(shop.early), ""]
    page(client, "rotation_new", code="T", name="一天隔一天", is_active="on", slot=slots)
    with tenant_context(shop.tenant.id):
        rotation = RotationPattern.objects.get()
    days = {"first": f"{MONDAY}", "last": f"{SUNDAY}"}
    query = f"{WEEK}&unit={shop.store.id}"
    page(client, "board_fill", query=query, rotation_id=f"{rotation.id}", anchor_on=f"{MONDAY}", **days)
    assert planned(shop, shop.cleo) == "早班"
    backwards = page(
        client, "board_fill", query=query, rotation_id=f"{rotation.id}", anchor_on=f"{MONDAY}", first=f"{SUNDAY}",
        last=f"{MONDAY}",
    )  # fmt: skip
    assert backwards.status_code == 422


def test_an_employee_sees_only_their_own_days(client, shop):
    sign_in(client, shop, "employee", person=shop.ann)
    found = text(page(client, "board", query=WEEK))
    assert "安安" in found
    assert "白白" not in found
    assert 'data-controller="roster"' not in found
    assert page(client, "board_set", cell=cell(shop.ann), shift="rest").status_code == 403


def test_conflicts_and_leave_are_marked(client, shop, monkeypatch):
    at = dt.datetime(2026, 8, 4, 1, tzinfo=dt.UTC)
    frame = pl.DataFrame(
        {"person_id": [str(shop.ann.id)], "from_at": [at], "to_at": [at + dt.timedelta(hours=8)]}
    )
    monkeypatch.setattr(leave, "_sources", [])
    leave.register_leave(lambda people, first, last: frame)
    leave.register_leave(leave._sources[0])
    assert len(leave._sources) == 1
    with tenant_context(shop.tenant.id):
        days = [
            NewEntry(shop.ann.id, MONDAY, shop.night),
            NewEntry(shop.ann.id, MONDAY + dt.timedelta(days=1), shop.early),
        ]
        set_entries(actor=shop.actor, entries=days)
    found = text(page(sign_in(client, shop), "board", query=WEEK))
    assert "离前一个班次只有 2 小时" in found
    assert "当天已请假" in found
    assert "请假" in found


def test_comprehensive_hours_are_added_up_over_their_period(shop):
    with tenant_context(shop.tenant.id):
        everyday = {"shift_id": shop.early, "follows_calendar": False}
        assign_shift(
            actor=shop.actor, subject=Subject(MONDAY.replace(day=1), org_unit_id=shop.line.id), **everyday
        )
        subject = Subject(dt.date(2026, 1, 1), org_unit_id=shop.line.id)
        approved = {"kind": "comprehensive", "period": "month", "approval_number": "示例〔2026〕1号"}
        set_working_time(actor=shop.actor, subject=subject, **approved)
        board = board_of(shop.actor, [shop.ann.id, shop.cleo.id], MONDAY, SUNDAY)
    found = {(person.name, each.kind, each.amount) for person, each in board.conflicts}
    # 31 days of 8 hours against 21 workdays; since 27 July no day was free.
    assert found == {("安安", "period_hours", 10 * 480), ("安安", "long_run", 14)}


def test_whose_rosters_a_head_of_a_department_sees(shop):
    user = make_member(shop.tenant, "department_head", person=shop.ann, within_org_unit=shop.line)
    head = actor_for(user, shop.tenant)
    with tenant_context(shop.tenant.id):
        assert [unit.name for unit, _depth in units_for_actor(head, MONDAY)] == ["一线"]
        assert people_for_actor(head, MONDAY, SUNDAY) == [shop.ann.id, shop.bob.id]
        board = board_of(head, [shop.ann.id, shop.cleo.id], MONDAY, MONDAY)
    assert [line.cells[0].template is None for line in board.lines] == [False, True]


# --- Lists and forms -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "shift_list", "rule_set_list", "rotation_list", "calendar_list", "assignment_list", "working_time_list",
        "calendar_published", "shift_new", "rule_set_new", "rotation_new", "calendar_new", "assignment_new",
        "working_time_new", "settings", "board_fill", "board_copy", "my_roster",
    ],
)  # fmt: skip
def test_pages_open(client, shop, name):
    assert page(sign_in(client, shop), name).status_code == 200


def test_shifts_of_each_kind_by_form(client, shop):
    sign_in(client, shop)
    fixed = {
        "code": "D",
        "name": "白班",
        "colour": "green",
        "kind": "split",
        "start1": "08:30",
        "end1": "12:00",
    }
    assert page(client, "shift_new", **fixed).status_code == 422  # one span only
    page(client, "shift_new", **fixed, start2="13:00", end2="17:30")
    half = page(client, "shift_new", **{**fixed, "code": "X"}, start2="13:00")
    assert "第 2 个时段的上班和下班时间都要填写" in text(half)
    flexible = {"code": "F", "name": "弹性", "colour": "cyan", "kind": "flexible"}
    assert "弹性班需要填写此项" in text(page(client, "shift_new", **flexible))
    frame = {"earliest": "08:00", "latest": "10:00", "required_hours": "8", "core": "10:00-16:00"}
    wrong = page(client, "shift_new", **flexible, **{**frame, "core": "上午"})
    assert "看不懂“上午”" in text(wrong)
    page(client, "shift_new", **flexible, **frame, breaks="12:00-13:00")
    page(
        client,
        "shift_new",
        code="Z",
        name="自由",
        colour="rose",
        kind="free",
        free_mode="strict",
        day_start="04:00",
    )
    listed = text(page(client, "shift_list"))
    for shown in ("08:30–12:00, 13:00–17:30", "08:00~10:00 之间上班，共 8 小时", "不限时间，按打卡计"):
        assert shown in listed
    with tenant_context(shop.tenant.id):
        ids = {shift.code: shift.id for shift in Shift.objects.all()}
    for code in ("D", "F", "Z", "N"):
        assert page(client, "shift_edit", ids[code]).status_code == 200
    changed = {**fixed, "start2": "13:00", "end2": "18:00", "valid_from": "2026-09-01", "is_active": "on"}
    page(client, "shift_edit", ids["D"], **changed)
    assert "08:30–12:00, 13:00–18:00" in text(page(client, "shift_edit", ids["D"]))


def test_rules_by_form(client, shop):
    sign_in(client, shop)
    rules = {
        "code": "R", "name": "工厂规则", "before": 120, "after": 240, "match": "per_shift", "dedupe": 2, "late_grace": 5,
        "early_grace": 0, "grace_mode": "forgive", "rounding_in": 1, "rounding_out": 1, "ot_mode": "min", "ot_unit": 30,
        "ot_min": 30, "ot_breaks": "18:00-18:30", "auto_break": "360-30, 600-60", "ot_start": "18:30",
    }  # fmt: skip
    assert "请写成 360-30" in text(page(client, "rule_set_new", **{**rules, "auto_break": "六小时"}))
    page(client, "rule_set_new", **rules)
    with tenant_context(shop.tenant.id):
        row = RuleSet.objects.get()
        assert row.versions.get().rules["auto_break"] == [[360, 30], [600, 60]]
    assert "360-30, 600-60" in text(page(client, "rule_set_edit", row.id))
    page(client, "rule_set_edit", row.id, **{**rules, "late_grace": 10, "valid_from": "2026-09-01"})
    with tenant_context(shop.tenant.id):
        assert row.versions.count() == 2


def test_rotations_by_form(client, shop):
    sign_in(client, shop)
    empty = page(client, "rotation_new", code="T", name="空", slot=["", "unknown"])
    assert (empty.status_code, "其中至少有一天上班" in text(empty)) == (422, True)
    page(
        client,
        "rotation_new",
        code="T",
        name="两班倒",
        slot=[str(shop.early), str(shop.late)],
        is_active="on",
    )
    with tenant_context(shop.tenant.id):
        row = RotationPattern.objects.get()
    assert "两班倒" in text(page(client, "rotation_edit", row.id))
    assert "两班倒" in text(page(client, "rotation_list"))


def test_calendars_by_form(client, shop):
    sign_in(client, shop)
    page(client, "calendar_new", code="OWN", name="公司日历", country="CN", is_default="on")
    with tenant_context(shop.tenant.id):
        row = WorkCalendar.objects.get()
    page(client, "calendar_day", row.id, on="2026-08-03", until="2026-08-04", kind="REST_DAY", note="厂庆")
    found = text(page(client, "calendar_detail", row.id, query="?year=2026"))
    assert "厂庆" in found
    assert "2026 年：工作日 246 天" in found
    assert page(client, "calendar_day", row.id, on="2026-08-03", until="2026-08-01").status_code == 422
    assert page(client, "calendar_day", row.id, on="never").status_code == 422
    page(client, "calendar_use", row.id, org_unit_id=str(shop.line.id))
    assert "一线" in text(page(client, "calendar_detail", row.id))
    page(client, "calendar_use", row.id, org_unit_id=str(shop.line.id), remove="1")
    assert page(client, "calendar_use", row.id, org_unit_id="").status_code == 422
    page(client, "calendar_edit", row.id, code="OWN", name="公司日历", zone="Mars/Base")
    page(client, "calendar_edit", row.id, code="OWN", name="我们的日历")
    assert "我们的日历" in text(page(client, "calendar_list"))
    assert "2027 年的节假日安排尚未收录" in text(page(client, "calendar_published", query="?year=2027"))
    assert "元旦" in text(page(client, "calendar_published", query="?year=2026"))
    client.cookies["django_language"] = "en"
    assert "New Year's Day" in text(page(client, "calendar_published", query="?year=2026"))


def test_assignments_by_form(client, shop):
    sign_in(client, shop)
    number = shop.ann.employee_number
    assign = {
        "number": number,
        "valid_from": "2026-08-01",
        "what": f"shift:{shop.early}",
        "follows_calendar": "on",
    }
    assert page(client, "assignment_new", **{**assign, "number": "nobody"}).status_code == 422
    assert page(client, "assignment_new", **assign, org_unit_id=str(shop.line.id)).status_code == 422
    page(client, "assignment_new", **assign, valid_until="2026-12-31")
    assert planned(shop, shop.ann) == "早班"
    with tenant_context(shop.tenant.id):
        row = ShiftAssignment.objects.get()
    assert "只在工作日上班" in text(page(client, "assignment_list", query="?q=安安"))
    page(client, "assignment_end", row.id, last_on="2026-08-02")
    assert planned(shop, shop.ann) == "标准班"
    time = {"number": "", "org_unit_id": str(shop.line.id), "valid_from": "2026-08-01", "kind": "irregular"}
    assert page(client, "working_time_new", **time).status_code == 422
    page(client, "working_time_new", **time, approval_number="示例〔2026〕2号")
    with tenant_context(shop.tenant.id):
        held = WorkingTime.objects.get()
    assert "不定时工作制" in text(page(client, "working_time_list"))
    page(client, "working_time_end", held.id, last_on="2026-08-31")
    assert "2026-08-31" in text(page(client, "working_time_list"))
    page(client, "settings", rest_hours="10", max_run_days="5", week_hours="40")
    assert 'value="10.0"' in text(page(client, "settings"))


# --- One's own roster ----------------------------------------------------------------------------------------


def test_ones_own_roster_shows_what_is_published(client, shop):
    with tenant_context(shop.tenant.id):
        set_entries(actor=shop.actor, entries=[NewEntry(shop.ann.id, MONDAY, shop.night)])
    sign_in(client, shop, "employee", person=shop.ann)
    assert "夜班" not in text(page(client, "my_roster", query=WEEK))
    with tenant_context(shop.tenant.id):
        publish_roster(actor=shop.actor, first=MONDAY, last=SUNDAY)
    assert "夜班" in text(page(client, "my_roster", query=WEEK))
    assert "夜班" in text(page(client, "my_roster", query=f"?view=month&on={MONDAY}"))
    assert page(client, "my_roster", query="?on=1800-01-01").status_code == 200


def test_a_feed_is_read_by_its_secret_address_until_it_is_revoked(client, shop):
    today = dt.date.today()
    with tenant_context(shop.tenant.id):
        entries = [
            NewEntry(shop.ann.id, today, shop.night),
            NewEntry(shop.ann.id, today + dt.timedelta(days=1)),
        ]
        set_entries(actor=shop.actor, entries=entries)
        publish_roster(actor=shop.actor, first=today, last=today + dt.timedelta(days=1))
    sign_in(client, shop, "employee", person=shop.ann)
    shown = client.post(reverse("rosters:feed_open"))
    address = text(shown).split("http://testserver")[1].split("<")[0].split('"')[0]
    assert shown["Cache-Control"] == "no-store"
    assert address not in text(page(client, "my_roster"))
    client.logout()
    answer = client.get(address)
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    mine = [each for each in events if str(each["summary"]) == "夜班"]
    assert [(each["dtend"].dt - each["dtstart"].dt) for each in mine] == [dt.timedelta(hours=8)]
    assert mine[0]["dtstart"].dt.astimezone(dt.timezone(dt.timedelta(hours=8))).hour == 22
    assert all(each["dtstart"].dt.date() != today + dt.timedelta(days=1) for each in mine)
    wrong = address[:-5] + ("0" if address[-5] != "0" else "1") + ".ics"
    assert client.get(wrong).status_code == client.get("/rosters/feed/nothing.ics").status_code == 404
    client.force_login(shop_member(shop))
    client.post(reverse("rosters:feed_open"))
    assert client.get(address).status_code == 404  # a new address, the old one no longer works
    client.post(reverse("rosters:feed_close"))
    client.post(reverse("rosters:feed_close"))
    assert "生成订阅地址" in text(page(client, "my_roster"))


def shop_member(shop):
    from zhiheng.access.models import Membership

    with tenant_context(shop.tenant.id):
        return Membership.objects.get(person=shop.ann).user


def test_somebody_without_a_person_has_no_feed(client, shop):
    sign_in(client, shop)
    assert client.post(reverse("rosters:feed_open")).status_code == 422


# --- Import and API ------------------------------------------------------------------------------------------


def load(shop, *rows: str):
    content = ("工号,日期,班次编码\n" + "\n".join(rows)).encode()
    with tenant_context(shop.tenant.id):
        return import_file(shop.actor, "rosters.entry", name="班表.csv", content=content)


def test_a_roster_is_imported_as_drafts_and_undone(shop):
    ann, bob = shop.ann.employee_number, shop.bob.employee_number
    report = load(shop, f"{ann},2026-08-03,n", f"{ann},2026-08-04,休", f"{bob},2026-08-03,中班")
    assert (report.state, report.result.created) == ("committed", 3)
    assert (planned(shop, shop.ann), planned(shop, shop.bob), planned(shop, shop.bob, drafts=False)) == (
        "夜班", "中班", "标准班",
    )  # fmt: skip
    with tenant_context(shop.tenant.id):
        undo_batch(actor=shop.actor, batch_id=report.batch_id)
        assert RosterEntry.objects.count() == 0
    again = load(shop, f"{ann},2026-08-05,E")
    with tenant_context(shop.tenant.id):
        publish_roster(actor=shop.actor, first=MONDAY, last=SUNDAY)
        with pytest.raises(ValidationError, match="已经发布，不能撤销"):
            undo_batch(actor=shop.actor, batch_id=again.batch_id)


def test_an_import_names_what_is_wrong(shop):
    ann = shop.ann.employee_number
    report = load(shop, "X,2026-08-03,E", f"{ann},2019-08-03,E", f"{ann},2026-08-03,晚晚班")
    assert [each.code for each in report.issues] == ["unknown_employee", "not_employed", "unknown_shift"]
    assert report.state != "committed"


def call(client, method: str, path: str, **body):
    kwargs = {"data": json.dumps(body), "content_type": "application/json"} if body else {}
    return getattr(client, method)(f"/api/v1/{path}", **kwargs)


def test_the_api_makes_assigns_plans_and_publishes(client, shop):
    sign_in(client, shop)
    times = {"segments": [[480, 720], [780, 1020]]}
    made = call(client, "post", "shifts", code="D", name="白班", kind="fixed", times=times)
    assert made.status_code == 201
    shift = made.json()["id"]
    longer = {"segments": [[480, 720], [780, 1080]]}
    path = f"shifts/{shift}"
    assert call(client, "put", path, code="D", name="白班", times=longer).status_code == 422
    changed = call(client, "put", path, code="D", name="白班", times=longer, valid_from="2026-08-05")
    assert (changed.json()["since"], call(client, "get", path).json()["times"]["segments"]) == (
        "2026-08-05", [[480, 720], [780, 1080]],
    )  # fmt: skip
    assert len(call(client, "get", "shifts").json()["items"]) == 4
    assigned = call(
        client,
        "post",
        "shift-assignments",
        org_unit_id=str(shop.line.id),
        shift_id=shift,
        valid_from="2026-08-01",
    )
    assert assigned.json()["valid_to"] is None
    entry = {"person_id": str(shop.ann.id), "on": "2026-08-03", "shift_id": str(shop.night)}
    assert call(client, "put", "roster-entries", entries=[entry]).json() == {"days": 1}
    listed = call(client, "get", "roster-entries?first=2026-08-03&last=2026-08-03").json()["items"]
    assert [(each["state"], each["shift_id"]) for each in listed] == [("draft", str(shop.night))]
    span = {"first": "2026-08-03", "last": "2026-08-09"}
    assert call(client, "post", "roster/publish", **span, person_ids=[str(shop.ann.id)]).json() == {"days": 1}
    assert call(client, "post", "roster/discard", **span).json() == {"days": 0}
    stranger = "00000000-0000-0000-0000-000000000000"
    assert call(client, "post", "roster/publish", **span, person_ids=[stranger]).status_code == 404
    query = f"planned-days?first=2026-08-03&last=2026-08-05&person_id={shop.ann.id}"
    assert [(each["name"], each["minutes"], each["source"]) for each in call(client, "get", query).json()] == [
        ("夜班", 480, "entry"), ("白班", 480, "unit"), ("白班", 540, "unit"),
    ]  # fmt: skip
    assert call(client, "get", "planned-days?first=2026-08-05&last=2026-08-03").status_code == 422
    assert len(call(client, "get", "planned-days?last=2026-08-09").json()) == 21
    ended = call(client, "post", f"shift-assignments/{assigned.json()['id']}/end", valid_to="2026-08-05")
    assert ended.status_code == 204
    assert [each["valid_to"] for each in call(client, "get", "shift-assignments").json()["items"]] == [
        "2026-08-05"
    ]
    types = call(client, "get", "day-types?first=2026-10-01&last=2026-10-01").json()
    assert types == [{"on": "2026-10-01", "day_type": "STATUTORY_HOLIDAY"}]
    assert call(client, "get", "day-types?calendar=XX").status_code == 404
    assert call(client, "get", "attendance-rules").json()["items"] == []
    assert call(client, "get", "rotations").json()["items"] == []
