from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from tests.attendance.people import BUND, NOON, Yard, make_yard
from tests.factories import actor_for, make_member, make_org_unit, make_person

from zhiheng.access.errors import Forbidden
from zhiheng.attendance.calc.doorcode import make_code
from zhiheng.attendance.models import DayMark, Punch, Site
from zhiheng.attendance.queries.sites import SiteInfo
from zhiheng.attendance.services.taking import (
    GivenPlace,
    PhonePunch,
    Taken,
    is_in_network,
    judge_risks,
    take_punch,
)
from zhiheng.audit.models import AuditEntry
from zhiheng.audit.services.append import write_pending
from zhiheng.files.models import StoredFile
from zhiheng.tenancy.context import tenant_context

HERE = GivenPlace(*BUND, "wgs84", 20, 3)
FAR = GivenPlace(BUND[0] + Decimal("0.01"), BUND[1], "wgs84", 20, 3)  # 1,112 m north
GCJ_HERE = GivenPlace(Decimal("31.228474"), Decimal("121.478224"), "gcj02", 20, 3)
ID = "0123456789abcdef0123456789abcdef"


def take(yard: Yard, *, actor=None, now: dt.datetime = NOON, **changes: object) -> Taken:
    given = {"client_id": ID, "way": "gps", "place": HERE, "browser_id": "phone-1", **changes}
    return take_punch(actor=actor or yard.ann_actor, punch=PhonePunch(**given), now=now)


def set_actions(yard: Yard, **actions: str) -> None:
    Site.objects.filter(id=yard.site_id).update(actions=actions)


def test_a_punch_inside_the_fence_counts(yard: Yard):
    taken = take(yard)
    assert (taken.state, taken.risks, taken.site_name, taken.distance) == ("counted", (), "外滩办公室", 0)
    assert taken.message == "打卡成功。"
    punch = Punch.objects.get()
    assert (punch.person_id, punch.punched_at, punch.source, punch.method) == (
        yard.ann.id,
        NOON,
        "phone",
        "gps",
    )
    assert (punch.zone, punch.wall_time) == ("Asia/Shanghai", "2026-07-08 12:00:00")
    assert (punch.latitude, punch.datum, punch.accuracy, punch.site_id) == (
        BUND[0],
        "wgs84",
        20,
        yard.site_id,
    )
    assert not punch.is_pending
    assert DayMark.objects.filter(person=yard.ann, on=dt.date(2026, 7, 8)).exists()
    write_pending()
    assert AuditEntry.objects.filter(verb="attendance.punch.create").count() == 1


def test_the_same_punch_sent_again_is_the_same(yard: Yard):
    first = take(yard)
    again = take(yard, now=NOON + dt.timedelta(minutes=5), place=FAR)
    assert (again.punch_id, again.state, again.punched_at, again.is_repeat) == (
        first.punch_id,
        "counted",
        NOON,
        True,
    )
    assert Punch.objects.count() == 1


def test_nobody_takes_another_ones_name_for_a_punch(yard: Yard):
    bob = make_person(yard.unit, "白白")
    other = actor_for(make_member(yard.tenant, "employee", person=bob), yard.tenant)
    take(yard)
    assert take(yard, actor=other, browser_id="phone-2").is_repeat is False
    assert Punch.objects.count() == 2


def test_coordinates_of_another_system_are_converted_and_both_kept(yard: Yard):
    taken = take(yard, place=GCJ_HERE)
    assert (taken.state, taken.distance) == ("counted", 0)
    punch = Punch.objects.get()
    assert (punch.latitude, punch.longitude, punch.datum) == (GCJ_HERE.latitude, GCJ_HERE.longitude, "gcj02")
    assert (punch.wgs_latitude, punch.wgs_longitude) == BUND


def test_outside_waits_for_a_review(yard: Yard):
    taken = take(yard, place=FAR)
    assert (taken.state, taken.risks, taken.distance) == ("pending", ("outside",), 1112)
    assert taken.message == "已打卡，复核后计入（不在打卡范围内）。"
    assert Punch.objects.get().is_pending


def test_a_site_may_refuse_and_says_what_to_do(yard: Yard):
    set_actions(yard, outside="block")
    taken = take(yard, place=FAR)
    assert (taken.state, taken.punch_id) == ("blocked", None)
    assert taken.message == (
        "没有打卡：您距“外滩办公室” 1112 米，不在打卡范围内。请走近后重试，或扫描现场二维码。"
    )
    assert not Punch.objects.exists()
    write_pending()
    (entry,) = AuditEntry.objects.filter(verb="attendance.punch.block").select_related("payload")
    assert json.loads(entry.payload.content)["risks"] == ["outside"]


def test_a_site_may_only_flag(yard: Yard):
    set_actions(yard, outside="allow")
    taken = take(yard, place=FAR)
    assert (taken.state, taken.risks) == ("counted", ("outside",))


@pytest.mark.parametrize(
    ("place", "risks", "state"),
    [
        (None, ("no_location",), "pending"),
        (GivenPlace(Decimal(0), Decimal(0), "wgs84", 5, 1), ("no_location",), "pending"),
        (GivenPlace(*BUND, "wgs84", 900, 1), ("low_accuracy",), "pending"),
        (GivenPlace(*BUND, "wgs84", None, 1), ("low_accuracy",), "pending"),
        (GivenPlace(*BUND, "wgs84", 20, 120), ("stale_fix",), "blocked"),
        (GivenPlace(*BUND, "wgs84", 0, 1), ("fixed_accuracy",), "counted"),
    ],
)
def test_odd_places(yard: Yard, place, risks, state):
    taken = take(yard, place=place)
    assert (taken.risks, taken.state) == (risks, state)


@pytest.mark.parametrize(
    "place",
    [GivenPlace(Decimal(91), Decimal(0)), GivenPlace(Decimal(0), Decimal(181)), GivenPlace(*BUND, "moon")],
)
def test_places_that_are_none(yard: Yard, place):
    with pytest.raises(ValidationError, match="坐标无效"):
        take(yard, place=place)


def test_impossible_speed(yard: Yard):
    hangzhou = GivenPlace(Decimal("30.274084"), Decimal("120.155070"), "wgs84", 20, 3)
    take(yard)
    taken = take(yard, client_id="second-punch", place=hangzhou, now=NOON + dt.timedelta(minutes=30))
    assert taken.risks == ("outside", "impossible_speed")


def test_devices(yard: Yard):
    bob = make_person(yard.unit, "白白")
    other = actor_for(make_member(yard.tenant, "employee", person=bob), yard.tenant)
    take(yard)
    assert take(yard, actor=other).risks == ("shared_device",)
    assert take(yard, client_id="new-phone", browser_id="phone-9", place=None, way="gps").risks == (
        "no_location", "new_device",
    )  # fmt: skip


# --- Door code ------------------------------------------------------------------------------------------------


def door(yard: Yard, at: dt.datetime = NOON, secret: str | None = None) -> str:
    return make_code(secret or Site.objects.get(id=yard.site_id).qr_secret, yard.site_id, at)


def test_the_code_at_the_door_proves_the_place(yard: Yard):
    taken = take(yard, way="qr", place=None, door_code=f"https://hr.example/?door={door(yard)}")
    assert (taken.state, taken.risks, taken.site_name) == ("counted", (), "外滩办公室")
    assert Punch.objects.get().method == "qr"


def test_a_code_with_a_place_that_speaks_against_it(yard: Yard):
    assert take(yard, way="qr", place=FAR, door_code=door(yard)).risks == ("outside",)


@pytest.mark.parametrize(
    ("code", "text"),
    [("", "这不是打卡地点的二维码"), ("forged", "这不是打卡地点的二维码"), ("old", "二维码已过期")],
)
def test_codes_that_prove_nothing(yard: Yard, code, text):
    made = {"old": door(yard, NOON - dt.timedelta(seconds=45)), "forged": door(yard, secret="x" * 64)}
    with pytest.raises(ValidationError, match=text):
        take(yard, way="qr", place=None, door_code=made.get(code, code))
    assert not Punch.objects.exists()


def test_a_site_without_codes(yard: Yard):
    Site.objects.filter(id=yard.site_id).update(methods=["gps"])
    with pytest.raises(ValidationError, match="不提供这种打卡方式"):
        take(yard, way="qr", door_code=door(yard))


def test_the_code_of_a_site_where_one_has_no_business(yard: Yard):
    stranger = make_person(make_org_unit(yard.unit.legal_entity, "别处"), "陈晨")
    actor = actor_for(make_member(yard.tenant, "employee", person=stranger), yard.tenant)
    taken = take(yard, actor=actor, way="qr", place=HERE, door_code=door(yard))
    assert (taken.state, taken.risks) == ("pending", ("outside",))


# --- Network --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "bssid"), [("203.0.113.7", ""), ("10.0.0.1", "aa:bb:cc:00:11:22")])
def test_the_office_network(yard: Yard, address, bssid):
    taken = take(yard, way="wifi", place=None, address=address, bssid=bssid)
    assert (taken.state, taken.risks) == ("counted", ())


def test_another_network(yard: Yard):
    with pytest.raises(ValidationError, match="不是“外滩办公室”的办公网络"):
        take(yard, way="wifi", place=None, address="198.51.100.1")


@pytest.mark.parametrize(
    ("address", "expected"),
    [("2001:db8::1", True), ("2001:db9::1", False), ("", False), ("198.51.100.1", False)],
)
def test_networks(address, expected):
    assert is_in_network(["2001:db8::/32", "203.0.113.0/24", "aa:bb:cc:00:11:22"], address, "") is expected


def test_sites_without_that_way(yard: Yard):
    Site.objects.filter(id=yard.site_id).update(methods=["qr"])
    for way in ("gps", "wifi"):
        with pytest.raises(ValidationError, match="不提供这种打卡方式"):
            take(yard, way=way)
    with pytest.raises(ValidationError, match="没有这种打卡方式"):
        take(yard, way="pin")


# --- Offline --------------------------------------------------------------------------------------------------


def offline(yard: Yard, minutes: int, drift: int = 0, **changes: object) -> Taken:
    zone = dt.timezone(dt.timedelta(hours=8))
    now = NOON.astimezone(zone) + dt.timedelta(minutes=drift)
    return take(
        yard, is_offline=True, device_at=now - dt.timedelta(minutes=minutes), device_now=now, **changes
    )


def test_kept_on_the_phone_and_uploaded_later(yard: Yard):
    taken = offline(yard, 90)
    assert (taken.state, taken.risks) == ("pending", ("late_upload",))
    punch = Punch.objects.get()
    assert punch.punched_at == NOON - dt.timedelta(minutes=90)
    assert (punch.wall_time, punch.is_late_upload) == ("2026-07-08 10:30:00", True)
    assert punch.received_at > punch.punched_at


def test_a_phone_whose_clock_runs_ahead(yard: Yard):
    taken = offline(yard, 90, drift=60)
    assert (taken.risks, taken.punched_at) == (("late_upload", "clock_off"), NOON - dt.timedelta(minutes=90))
    assert Punch.objects.get().wall_time == "2026-07-08 11:30:00"


def test_a_phone_whose_clock_started_again(yard: Yard):
    start = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    taken = take(yard, is_offline=True, device_at=start, device_now=start + dt.timedelta(minutes=1))
    assert (taken.risks, taken.punched_at, taken.state) == (("late_upload", "clock_off"), NOON, "pending")


def test_what_is_over_and_done_is_reviewed_and_not_refused(yard: Yard):
    set_actions(yard, outside="block", late_upload="allow")
    taken = offline(yard, 10, place=FAR)
    assert (taken.state, taken.risks) == ("pending", ("outside", "late_upload"))


def test_a_code_seen_without_network_is_checked_against_the_time_of_the_punch(yard: Yard):
    taken = offline(yard, 60, way="qr", place=None, door_code=door(yard, NOON - dt.timedelta(minutes=60)))
    assert taken.risks == ("late_upload",)


# --- Who, photo -----------------------------------------------------------------------------------------------


def test_somebody_without_a_site_punches_for_review(yard: Yard):
    stranger = make_person(make_org_unit(yard.unit.legal_entity, "别处"), "陈晨")
    actor = actor_for(make_member(yard.tenant, "employee", person=stranger), yard.tenant)
    taken = take(yard, actor=actor)
    assert (taken.state, taken.risks, taken.site_name) == ("pending", ("outside",), "")
    assert Punch.objects.get().zone == "Asia/Shanghai"


def test_an_account_without_a_person(yard: Yard):
    with pytest.raises(ValidationError, match="没有关联员工档案"):
        take(yard, actor=yard.hr)


def test_without_the_permission(yard: Yard):
    actor = actor_for(make_member(yard.tenant, "auditor"), yard.tenant)
    with pytest.raises(Forbidden):
        take(yard, actor=actor)


def test_a_bad_id(yard: Yard):
    with pytest.raises(ValidationError, match="打卡编号"):
        take(yard, client_id="x")


def test_an_evidence_photo_is_stored(yard: Yard):
    take(yard, photo=b"\xff\xd8\xff\xe0 jpeg")
    stored = StoredFile.objects.get()
    assert (Punch.objects.get().photo_id, stored.kind) == (stored.id, "attendance.punch")


@pytest.mark.parametrize(
    ("photo", "text"), [(b"\xff\xd8\xff" + b"0" * (20 * 1024 * 1024), "超过 20 MB"), (b"GIF89a", "无法识别")]
)
def test_photos_that_are_too_large_or_none(yard: Yard, photo, text):
    with pytest.raises(ValidationError, match=text):
        take(yard, photo=photo)
    assert not Punch.objects.exists()


def test_a_site_of_another_company_is_never_found(yard: Yard):
    other = make_yard("别家公司")
    with tenant_context(other.tenant.id):
        theirs = door(other)
    with pytest.raises(ValidationError, match="这不是打卡地点的二维码"):
        take(yard, way="qr", door_code=theirs)


def test_judging_without_flags_and_without_a_site():
    assert judge_risks(None, ()) == "counted"
    assert judge_risks(None, ("stale_fix",)) == "blocked"
    site = SiteInfo(None, "", "", None, None, (), {"new_device": "block"}, (), "Asia/Shanghai")
    assert judge_risks(site, ("new_device",)) == "blocked"
