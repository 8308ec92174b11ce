"""Pairing: expected, connected, approved; and away again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, connection, transaction
from django.http import Http404
from tests.factories import make_legal_entity, make_tenant
from tests.factories.access import actor_for, make_member, system_actor
from tests.factories.terminals import Device, make_terminal

from zhiheng.access.errors import Forbidden
from zhiheng.attendance.models import PunchDevice
from zhiheng.tenancy.context import tenant_context
from zhiheng.terminals.models import Terminal, TerminalClaim, TerminalKnock
from zhiheng.terminals.services import register
from zhiheng.terminals.services.terminals import (
    approve_terminal,
    change_terminal,
    open_pairing,
    refuse_terminal,
    retire_terminal,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db, gateway):
    tenant = make_tenant()
    return tenant, make_legal_entity(tenant), system_actor(tenant)


def expect(place, serial: str = "SN0001", **more):
    tenant, entity, actor = place
    with tenant_context(tenant.id):
        return open_pairing(actor=actor, serial_number=serial, name="大门", legal_entity_id=entity.id, **more)


def state(place, terminal_id) -> str:
    with tenant_context(place[0].id):
        return Terminal.objects.get(id=terminal_id).state


def test_it_connects_waits_and_is_approved(place):
    terminal_id = expect(place, " SN0001 ")
    device = Device()
    assert device.get("getrequest").status_code == 401
    assert state(place, terminal_id) == "expected"
    assert device.hello(pushver="2.4.1", DeviceType="att", language=83).status_code == 401
    assert state(place, terminal_id) == "waiting"
    assert device.hello().status_code == 401
    with tenant_context(place[0].id):
        approve_terminal(actor=place[2], terminal_id=terminal_id)
        terminal = Terminal.objects.get()
        assert (terminal.ip_address, terminal.push_version, terminal.window_until) == (
            "10.0.0.8",
            "2.4.1",
            None,
        )
        assert PunchDevice.objects.values_list("id", "code", "kind").get() == (
            terminal.device_id,
            "SN0001",
            "terminal",
        )
    assert device.hello().status_code == 200


def test_too_late_for_the_window(place):
    terminal_id = expect(place)
    with tenant_context(place[0].id):
        TerminalClaim.objects.update(until=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    Device().hello()
    assert state(place, terminal_id) == "expected"
    assert TerminalKnock.objects.get().serial_number == "SN0001"
    with tenant_context(place[0].id), pytest.raises(ValidationError, match="设备尚未连接"):
        approve_terminal(actor=place[2], terminal_id=terminal_id)


def test_an_access_control_terminal_cannot_be_approved(place):
    terminal_id = expect(place)
    Device().hello(DeviceType="acc")
    with tenant_context(place[0].id), pytest.raises(ValidationError, match="门禁协议"):
        approve_terminal(actor=place[2], terminal_id=terminal_id)


def test_refused_and_retired_ones_can_come_again(place):
    terminal_id = expect(place)
    Device().hello()
    with tenant_context(place[0].id):
        refuse_terminal(actor=place[2], terminal_id=terminal_id)
        with pytest.raises(ValidationError, match="只能拒绝"):
            refuse_terminal(actor=place[2], terminal_id=terminal_id)
        with pytest.raises(ValidationError, match="只能停用"):
            retire_terminal(actor=place[2], terminal_id=terminal_id)
        assert TerminalClaim.objects.count() == 0
    Device().hello()
    assert state(place, terminal_id) == "refused"
    assert expect(place) == terminal_id
    Device().hello()
    with tenant_context(place[0].id):
        approve_terminal(actor=place[2], terminal_id=terminal_id)
        with pytest.raises(ValidationError, match="已登记"):
            expect(place)
        retire_terminal(actor=place[2], terminal_id=terminal_id)
        assert not PunchDevice.objects.get().is_active
    assert Device().get("ping").status_code == 401


@pytest.mark.parametrize("serial", ["", "ab", "SN 1", "SN'1", "机器一号", "x" * 65])
def test_what_is_no_serial_number(place, serial):
    with pytest.raises(ValidationError, match="序列号只含"):
        expect(place, serial)


def test_a_terminal_of_another_company_stays_there(place):
    other = make_tenant("乙公司")
    make_terminal(other, make_legal_entity(other), "SN0001")
    with pytest.raises(ValidationError, match="已被其他企业启用"):
        expect(place)


def test_of_two_companies_that_expect_the_same_one_the_key_decides(place):
    other = make_tenant("乙公司")
    theirs = (other, make_legal_entity(other), system_actor(other))
    mine, yours = expect(place, key="ours"), expect(theirs, key="theirs")
    Device().hello()
    assert (state(place, mine), state(theirs, yours)) == ("expected", "expected")
    Device().hello(pushcommkey="ours")
    assert (state(place, mine), state(theirs, yours)) == ("waiting", "expected")
    with tenant_context(place[0].id):
        approve_terminal(actor=place[2], terminal_id=mine)
    with tenant_context(other.id):
        Terminal.objects.update(state="waiting")
        with pytest.raises(ValidationError, match="已被其他企业启用"):
            approve_terminal(actor=theirs[2], terminal_id=yours)


def test_without_keys_neither_gets_it(place):
    other = make_tenant("乙公司")
    theirs = (other, make_legal_entity(other), system_actor(other))
    mine, yours = expect(place), expect(theirs)
    Device().hello()
    assert (state(place, mine), state(theirs, yours)) == ("expected", "expected")


def test_changes(place):
    terminal_id = make_terminal(place[0], place[1]).id
    with tenant_context(place[0].id):
        change_terminal(
            actor=place[2], terminal_id=terminal_id, name="后门", site_id=None, zone="Asia/Tokyo",
            allowed_ips=["10.0.0.8"], keep_days=90,
        )  # fmt: skip
        terminal = Terminal.objects.get()
        assert (terminal.name, terminal.zone, terminal.keep_days) == ("后门", "Asia/Tokyo", 90)
        assert PunchDevice.objects.get().name == "后门"
        with pytest.raises(ValidationError):
            change_terminal(
                actor=place[2], terminal_id=terminal_id, name="x", site_id=None, zone="UTC", allowed_ips=["x"],
                keep_days=90,
            )  # fmt: skip
    assert "TimeZone=9\n" in Device().hello().content.decode()


def test_who_manages_one_subsidiary_manages_its_terminals_only(place):
    tenant, north, _ = place
    south = make_legal_entity(tenant, "南方公司")
    terminal = make_terminal(tenant, north)
    hr = actor_for(make_member(tenant, role="hr", within_legal_entity=south), tenant)
    with tenant_context(tenant.id, hr.legal_entity_ids):
        with pytest.raises(Forbidden):
            open_pairing(actor=hr, serial_number="SN0005", name="", legal_entity_id=north.id)
        with pytest.raises(Http404):
            retire_terminal(actor=hr, terminal_id=terminal.id)
        open_pairing(actor=hr, serial_number="SN0005", name="", legal_entity_id=south.id)


# --- The register -------------------------------------------------------------------------------------------------


def test_the_database_shows_a_company_its_own_claims_only(place):
    expect(place)
    other = make_tenant("乙公司")
    assert TerminalClaim.objects.count() == 0  # no tenant, nothing
    with tenant_context(other.id):
        assert TerminalClaim.objects.count() == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            TerminalClaim.objects.create(serial_number="SN0002", tenant_id=place[0].id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM terminals_claims('SN0001')")
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT count(*) FROM terminals_claims('%')")
        assert cursor.fetchone() == (0,)


def test_a_suspended_company_has_no_terminals(place):
    make_terminal(place[0], place[1])
    place[0].status = "suspended"
    place[0].save()
    assert Device().get("ping").status_code == 401


def test_knocks_are_bounded(monkeypatch, place):
    monkeypatch.setattr(register, "KNOCKS_KEPT", 2)
    for serial in ("AAA", "AAA", "BBB", "CCC"):
        Device(serial).hello()
    assert set(TerminalKnock.objects.values_list("serial_number", flat=True)) == {"AAA", "BBB"}
    old = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    TerminalKnock.objects.filter(serial_number="AAA").update(last_at=old)
    Device("AAA").hello()
    assert TerminalKnock.objects.get(serial_number="AAA").last_at > old
    TerminalKnock.objects.filter(serial_number="AAA").update(last_at=old)
    assert register.drop_old_knocks(old + dt.timedelta(days=1)) == 1
