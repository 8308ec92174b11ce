"""Appending to the chain."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext_lazy
from tests.factories import actor_for, make_member, make_tenant, system_actor

from zhiheng.audit.models import AuditEntry, AuditHead, AuditPayload
from zhiheng.audit.public import Event, export_head, record, record_many, verify
from zhiheng.tenancy.context import NoTenant, tenant_context


def entries() -> list[tuple]:
    return list(
        AuditEntry.objects.order_by("seq").values_list("seq", "verb", "subject_id", "payload__content")
    )


def _record_and_fail(actor):
    record(actor, "lost", subject=("t", 2))
    raise ZeroDivisionError


def test_an_entry_says_who_did_what_to_which_thing(tenant):
    actor = actor_for(make_member(tenant, "hr"), tenant)
    with tenant_context(tenant.id):
        entry_id = record(
            actor, "people.person.create", subject=("people.person", UUID(int=7)), payload={"a": 1}
        )
    with tenant_context(tenant.id):
        row = AuditEntry.objects.select_related("payload").get()
        head = AuditHead.objects.get()
    assert (row.id, row.seq, row.verb) == (entry_id, 1, "people.person.create")
    assert (row.subject_type, row.subject_id) == ("people.person", str(UUID(int=7)))
    assert (row.user_id, row.membership_id, row.person_id) == (actor.user_id, actor.membership_id, None)
    assert (row.payload.actor_name, row.payload.content) == ("张三", '{"a":1}')
    assert (head.seq, bytes(head.hash)) == (1, bytes(row.hash))


def test_payloads_keep_decimals_dates_ids_and_translated_texts(tenant):
    payload = {
        "b": Decimal("1.50"),
        "a": [date(2026, 1, 2), datetime(2026, 1, 2, 3, tzinfo=UTC), UUID(int=1)],
        "c": {gettext_lazy("员工"): None, "x": True},
        "s": {"y", "x"},
    }
    with tenant_context(tenant.id):
        record(system_actor(tenant), "v", subject=("t", 1), payload=payload)
    with tenant_context(tenant.id):
        assert AuditPayload.objects.get().content == (
            '{"a":["2026-01-02","2026-01-02T03:00:00.000000+00:00","00000000-0000-0000-0000-000000000001"],'
            '"b":"1.50","c":{"x":true,"员工":null},"s":["x","y"]}'
        )


def test_a_payload_without_a_json_form_is_refused_at_once(tenant):
    with tenant_context(tenant.id), pytest.raises(TypeError, match="object has no form in the audit log"):
        record(system_actor(tenant), "v", subject=("t", 1), payload={"x": object()})


def test_many_entries_cost_four_statements(tenant, django_assert_num_queries):
    actor = system_actor(tenant)
    with tenant_context(tenant.id):
        record(actor, "first", subject=("t", 0))
    with tenant_context(tenant.id):
        ids = record_many(actor, [Event("v", ("t", number)) for number in range(500)])
        from zhiheng.audit.services.append import write_pending

        with django_assert_num_queries(4):
            write_pending()
    assert len(set(ids)) == 500
    assert export_head(tenant.id).seq == 501
    assert verify(tenant.id).findings == ()


def test_rolled_back_work_leaves_no_entry(tenant):
    actor = system_actor(tenant)
    with pytest.raises(ZeroDivisionError), tenant_context(tenant.id):
        _record_and_fail(actor)
    assert export_head(tenant.id) is None


def test_a_savepoint_that_is_rolled_back_takes_its_entries_along(tenant):
    actor = system_actor(tenant)
    with tenant_context(tenant.id):
        record(actor, "kept", subject=("t", 1))
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            _record_and_fail(actor)
        record(actor, "kept", subject=("t", 3))
    with tenant_context(tenant.id):
        assert [each[:3] for each in entries()] == [(1, "kept", "1"), (2, "kept", "3")]


def test_a_refused_request_leaves_no_entry(tenant):
    with tenant_context(tenant.id):
        record(system_actor(tenant), "lost", subject=("t", 1))
        transaction.set_rollback(True)
    assert export_head(tenant.id) is None


def test_nested_contexts_of_one_tenant_write_at_the_outermost(tenant):
    actor = system_actor(tenant)
    with tenant_context(tenant.id):
        with tenant_context(tenant.id):
            record(actor, "v", subject=("t", 1))
        assert entries() == []
    with tenant_context(tenant.id):
        assert entries() == [(1, "v", "1", "{}")]


def test_each_tenant_has_a_chain_of_its_own(tenant):
    other = make_tenant("乙公司")
    with tenant_context(tenant.id):
        record(system_actor(tenant), "ours", subject=("t", 1))
        with tenant_context(other.id):
            record(system_actor(other), "theirs", subject=("t", 2))
    with tenant_context(tenant.id):
        assert entries() == [(1, "ours", "1", "{}")]
    with tenant_context(other.id):
        assert entries() == [(1, "theirs", "2", "{}")]


def test_an_actor_of_another_tenant_is_refused(tenant):
    with tenant_context(tenant.id), pytest.raises(ValueError, match="another tenant"):
        record(system_actor(make_tenant("乙公司")), "v", subject=("t", 1))


def test_recording_needs_a_tenant(tenant):
    with pytest.raises(NoTenant):
        record(system_actor(tenant), "v", subject=("t", 1))


@pytest.mark.parametrize(
    ("sql", "refusal"),
    [
        ("UPDATE audit_auditentry SET verb = 'x'", "permission denied"),
        ("DELETE FROM audit_auditentry", "permission denied"),
        ("DELETE FROM audit_auditpayload", "permission denied"),
        ("DELETE FROM audit_audithead", "permission denied"),
        ("TRUNCATE audit_auditentry CASCADE", "permission denied"),
        ("UPDATE audit_auditpayload SET content = '{}'", "row-level security"),
        ("UPDATE audit_auditpayload SET content = NULL", "row-level security"),
    ],
)
def test_the_application_can_only_append(tenant, sql, refusal):
    with tenant_context(tenant.id):
        record(system_actor(tenant), "v", subject=("t", 1))
    with (
        tenant_context(tenant.id),
        pytest.raises(DatabaseError, match=refusal),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_entries_that_were_not_written_are_reported_on_commit(tenant):
    from zhiheng.audit.services.append import NotWritten, _Pending

    with pytest.raises(NotWritten, match="0 audit entries"):
        _Pending(tenant.id, [])()
