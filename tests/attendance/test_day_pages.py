"""Pages of days and months."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from django.test import Client
from tests.attendance.services.test_settlement import LATER, WEDNESDAY, day, mark, punch

from zhiheng.attendance.models import AttendanceAdjustment, AttendanceDay, AttendanceMonth, SettlementRules
from zhiheng.attendance.services.settlement import settle_marked_days
from zhiheng.tenancy.context import tenant_context


@pytest.fixture
def late_day(yard):
    """Wednesday: ann came ten minutes late and stayed until eight without approval; Thursday she forgot to punch out."""
    punch(yard, "09:10")
    punch(yard, "20:00")
    punch(yard, "08:55", on=WEDNESDAY + dt.timedelta(days=1))
    settle_marked_days(now=LATER)
    return day(yard)


def client(yard, user):
    made = Client()
    made.force_login(user)
    return made


def page(yard, user, url, **headers):
    answer = client(yard, user).get(url, headers=headers)
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def test_why_am_i_late(yard, late_day):
    html = page(yard, yard.ann_user, "/attendance/me/?on=2026-07-08")

    assert "应 09:00 到岗，实际 09:10，晚 10 分钟；计迟到 10 分钟" in html
    assert "2 小时有打卡但没有审批，已保留并提示人事核实" in html
    assert '<svg class="hr-daybar"' in html
    assert "本月合计" in html


def test_a_day_that_has_not_come_says_so(yard, late_day):
    assert "这一天没有考勤结果。" in page(yard, yard.ann_user, "/attendance/me/?on=2026-07-20")


def test_the_day_opens_down_to_the_raw_punches(yard, late_day):
    html = page(yard, yard.hr_user, f"/attendance/days/{late_day.id}/")

    assert "07:00 至 22:00 的打卡计入这一天" in html
    assert "2026-07-08 09:10" in html
    assert "重新结算" in html


def test_the_drawer_is_the_short_form(yard, late_day):
    html = page(yard, yard.hr_user, f"/attendance/days/{late_day.id}/", **{"HX-Request": "true"})

    assert "<html" not in html
    assert "安安 · 2026-07-08" in html


def test_the_team_of_a_day_by_place(yard, late_day):
    html = page(yard, yard.hr_user, "/attendance/days/?on=2026-07-08")
    filtered = page(yard, yard.hr_user, "/attendance/days/?on=2026-07-08&place=absent")

    assert "迟到或早退" in html
    assert "安安" in html
    assert "安安" not in filtered


def test_the_sheet_of_a_month_with_symbols(yard, late_day):
    html = page(yard, yard.hr_user, "/attendance/months/?month=2026-07")

    assert ">△</a>" in html
    assert ">◇</a>" in html


def test_the_sheet_as_a_file(yard, late_day):
    answer = client(yard, yard.hr_user).get("/attendance/months/?month=2026-07&export=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active
    rows = list(sheet.iter_rows(values_only=True))

    assert rows[0][:4] == ("工号", "姓名", "部门", "1")
    assert rows[1][:3] == ("A1", "安安", "车间")
    assert rows[1][3 + 7] == "△"


def test_what_has_to_be_handled(yard, late_day):
    html = page(yard, yard.hr_user, "/attendance/anomalies/?month=2026-07")
    only = page(yard, yard.hr_user, "/attendance/anomalies/?month=2026-07&kind=unapproved")

    assert "缺卡待处理" in html
    assert "/attendance/requests/new/correction/?on=2026-07-09&amp;person=A1&amp;end=out" in html
    assert "未批准加班 2 小时" in only
    assert "2026-07-09" not in only


@pytest.mark.parametrize("kind", ["late", "overtime", "leave"])
def test_reports(yard, late_day, kind):
    html = page(yard, yard.hr_user, f"/attendance/months/report/?month=2026-07&kind={kind}")
    answer = client(yard, yard.hr_user).get(
        f"/attendance/months/report/?month=2026-07&kind={kind}&export=xlsx"
    )

    assert "安安" in html
    assert answer.status_code == 200


def post(yard, user, url, **data):
    return client(yard, user).post(url, data, follow=True)


def test_a_month_is_locked_and_opened_again(yard, late_day):
    entity = yard.unit.legal_entity_id
    close = f"/attendance/months/close/{entity}"
    assert f"/attendance/months/close/{entity}/?month=2026-07" in page(
        yard, yard.hr_user, "/attendance/months/close/?month=2026-07"
    )
    html = page(yard, yard.hr_user, f"{close}/?month=2026-07", **{"HX-Request": "true"})
    assert "缺卡都已处理" in html
    assert "锁定总公司 2026年7月的考勤？" in html

    locked = post(yard, yard.hr_user, f"{close}/lock/", month="2026-07")
    assert "考勤月已锁定" in locked.content.decode()
    with tenant_context(yard.tenant.id):
        assert set(AttendanceDay.objects.values_list("state", flat=True)) == {"locked"}
        month = AttendanceMonth.objects.get()
        assert (month.day_count, month.checklist["unresolved"], len(month.digest)) == (3, 1, 64)
        punch(yard, "18:05", on=WEDNESDAY + dt.timedelta(days=1))
        assert settle_marked_days(now=LATER).adjusted == 2  # Friday, which had no row, among them
    august = page(yard, yard.hr_user, "/attendance/months/close/?month=2026-08")
    assert "待处理 −8 小时" in august

    refused = post(yard, yard.hr_user, f"{close}/unlock/", month="2026-07", reason=" ")
    assert "请写明解锁的理由" in refused.content.decode()
    opened = post(yard, yard.hr_user, f"{close}/unlock/", month="2026-07", reason="补录打卡")
    assert "已解锁" in opened.content.decode()
    with tenant_context(yard.tenant.id):
        settle_marked_days(now=LATER)
        thursday = day(yard, WEDNESDAY + dt.timedelta(days=1))
        assert (thursday.state, thursday.worked) == ("judged", 480)
        back = AttendanceAdjustment.objects.all()
        assert sum(row.figures.get("worked", 0) for row in back) == 0


def test_a_month_with_days_to_settle_cannot_be_locked(yard, late_day):
    mark(yard)

    answer = post(
        yard, yard.hr_user, f"/attendance/months/close/{yard.unit.legal_entity_id}/lock/", month="2026-07"
    )

    assert "暂时不能锁定" in answer.content.decode()


def test_hr_settles_all_days_of_a_month(yard, late_day):
    url = f"/attendance/months/close/{yard.unit.legal_entity_id}/settle/"
    assert "还有 28 项" in page(yard, yard.hr_user, url.replace("settle/", "?month=2026-07"))

    answer = post(yard, yard.hr_user, url, month="2026-07")

    assert "31 人天" in answer.content.decode()
    with tenant_context(yard.tenant.id):
        settle_marked_days(now=LATER + dt.timedelta(days=60))
        assert AttendanceDay.objects.count() == 31
        assert (
            AttendanceDay.objects.filter(absent__gt=0).count() == 21
        )  # 23 working days, two of them punched


def test_hr_settles_a_day_again(yard, late_day):
    answer = post(yard, yard.hr_user, f"/attendance/days/{late_day.id}/settle/")

    assert "已重新结算" in answer.content.decode()


def test_the_rules_of_settlement(yard):
    url = "/attendance/settings/settlement/"
    assert "每月免计迟到次数" in page(yard, yard.hr_user, url)

    refused = client(yard, yard.hr_user).post(url, {"free_late_count": "x"})
    assert refused.status_code == 422
    saved = post(
        yard,
        yard.hr_user,
        url,
        free_late_count=3,
        free_late_minutes=10,
        silent_hours=48,
        cap_hours=36,
        comp_months=3,
    )

    assert "结算规则已保存" in saved.content.decode()
    with tenant_context(yard.tenant.id):
        assert SettlementRules.objects.get().free_late_count == 3
