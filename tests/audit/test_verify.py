"""Somebody with the rights of the tables' owner tampers with the log; exactly that is found."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.http import Http404
from tests.factories import actor_for, make_member, make_tenant, system_actor

from zhiheng.access.errors import Forbidden
from zhiheng.audit.calc.chain import Finding
from zhiheng.audit.calc.digest import entry_digest
from zhiheng.audit.calc.head import sign_head, signing_key
from zhiheng.audit.models import AuditEntry, AuditPayload
from zhiheng.audit.public import erase_payload, export_head, record, verify, verify_chain
from zhiheng.audit.queries.chain import stored_entries
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.keys import uuid7


@pytest.fixture
def tenant(committed_db):
    yield make_tenant("甲公司")
    connection.close()


@pytest.fixture
def chain(tenant):
    """Record the entries 1 to 5 of the tenant; returns it."""
    record_entries(tenant, 5)
    return tenant


def record_entries(tenant, count: int) -> None:
    for number in range(count):
        with tenant_context(tenant.id):
            subject = ("people.person", number)
            record(system_actor(tenant), "people.person.create", subject=subject, payload={"n": number})


def tamper(*statements: str) -> None:
    """Run statements as the owner of the tables, whom neither row security nor missing rights stop."""
    with connections["owner"].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def rehash(tenant, *seqs: int, relink: bool = False) -> None:
    """Give entries the hashes their present content would have; ``relink`` chains them to the one before."""
    with tenant_context(tenant.id):
        stored = {each.line.seq: each for each in stored_entries()}
    for seq in seqs:
        line = stored[seq].line
        if relink:
            line = replace(line, previous_hash=stored[seq - 1].hash)
        stored[seq] = replace(stored[seq], line=line, hash=entry_digest(line))
        tamper(
            f"UPDATE audit_auditentry SET hash = '\\x{stored[seq].hash.hex()}', "
            f"previous_hash = '\\x{line.previous_hash.hex()}' WHERE seq = {seq}"
        )


def findings(tenant, heads=None) -> tuple[Finding, ...]:
    return verify(tenant.id, heads).findings


def delete(seqs: str) -> tuple[str, str]:
    return (
        f"DELETE FROM audit_auditpayload USING audit_auditentry entry "
        f"WHERE entry.id = entry_id AND seq IN ({seqs})",
        f"DELETE FROM audit_auditentry WHERE seq IN ({seqs})",
    )


def test_a_sound_chain_has_no_findings(chain):
    report = verify(chain.id)
    assert (report.entry_count, report.erased_count, report.findings) == (5, 0, ())
    assert report.is_sound


def test_a_tenant_without_entries_is_sound(tenant):
    assert verify(tenant.id).findings == ()


@pytest.mark.parametrize(
    "change",
    [
        "verb = 'people.person.read'",
        "at = at - interval '1 microsecond'",
        "user_id = '00000000-0000-0000-0000-000000000001'",
        "membership_id = '00000000-0000-0000-0000-000000000001'",
        "person_id = '00000000-0000-0000-0000-000000000001'",
        "token_id = '00000000-0000-0000-0000-000000000001'",
        "subject_type = 'x'",
        "subject_id = 'x'",
        "payload_hash = '\\x00'",
        "previous_hash = '\\x00'",
        "hash = '\\x00'",
    ],
)
def test_a_changed_column_is_found(chain, change):
    tamper(f"UPDATE audit_auditentry SET {change} WHERE seq = 3")
    assert findings(chain) == (Finding(3, "modified"),)


def test_a_change_with_a_matching_new_hash_is_found(chain):
    tamper("UPDATE audit_auditentry SET verb = 'x' WHERE seq = 3")
    rehash(chain, 3)
    assert findings(chain) == (Finding(3, "modified"),)


def test_a_chain_recomputed_from_the_change_on_is_found_where_it_differs_from_what_was_signed(chain):
    tamper("UPDATE audit_auditentry SET verb = 'x' WHERE seq = 3")
    rehash(chain, 3, relink=False)
    rehash(chain, 4, 5, relink=True)
    assert findings(chain) == (Finding(5, "modified"),)


def test_the_first_and_the_last_entry_are_covered_too(chain):
    tamper("UPDATE audit_auditentry SET verb = 'x' WHERE seq IN (1, 5)")
    assert findings(chain) == (Finding(1, "modified"), Finding(5, "modified"))


def test_a_deleted_entry_is_found(chain):
    tamper(*delete("3"))
    assert findings(chain) == (Finding(3, "missing"),)


def test_deleted_entries_are_found_as_one_run(chain):
    tamper(*delete("2, 3"))
    assert findings(chain) == (Finding(2, "missing", 3),)


def test_the_first_entry_deleted_is_found(chain):
    tamper(*delete("1"))
    assert findings(chain) == (Finding(1, "missing"),)


def test_a_deletion_hidden_by_renumbering_is_found(chain):
    tamper(*delete("3"), "UPDATE audit_auditentry SET seq = seq - 1 WHERE seq > 3")
    assert findings(chain) == (
        Finding(3, "missing"),
        Finding(4, "moved", found_seq=3),
        Finding(5, "moved", found_seq=4),
    )


def copy_of(seq: int, new_seq: int) -> tuple[str, str]:
    """Return statements that insert an entry like ``seq`` with a payload of its own."""
    entry_id, columns = uuid7(), "user_id, membership_id, person_id, token_id, subject_type, subject_id"
    return (
        f"INSERT INTO audit_auditentry (tenant_id, id, seq, at, verb, {columns}, payload_hash, "
        "previous_hash, hash) "
        f"SELECT tenant_id, '{entry_id}', {new_seq}, at, 'forged', {columns}, payload_hash, hash, hash "
        f"FROM audit_auditentry WHERE seq = {seq}",
        f"INSERT INTO audit_auditpayload (tenant_id, id, entry_id, actor_name, content, salt) "
        f"SELECT payload.tenant_id, '{uuid7()}', '{entry_id}', actor_name, content, salt "
        f"FROM audit_auditpayload payload JOIN audit_auditentry entry ON entry.id = entry_id "
        f"WHERE seq = {seq}",
    )


def test_an_inserted_entry_is_found_even_when_it_fits_what_is_before(chain):
    tamper(
        "UPDATE audit_auditentry SET seq = -seq - 1 WHERE seq > 2",
        "UPDATE audit_auditentry SET seq = -seq WHERE seq < 0",
        *copy_of(2, 3),
    )
    rehash(chain, 3)
    assert findings(chain) == (
        Finding(3, "inserted"),
        Finding(3, "moved", found_seq=4),
        Finding(4, "moved", found_seq=5),
        Finding(5, "moved", found_seq=6),
    )


def test_an_entry_appended_behind_the_head_is_found(chain):
    tamper(*copy_of(5, 6))
    rehash(chain, 6)
    assert findings(chain) == (Finding(6, "inserted"),)


def test_entries_that_changed_places_are_found(chain):
    tamper(
        "UPDATE audit_auditentry SET seq = -1 WHERE seq = 2",
        "UPDATE audit_auditentry SET seq = 2 WHERE seq = 4",
        "UPDATE audit_auditentry SET seq = 4 WHERE seq = -1",
    )
    assert findings(chain) == (Finding(2, "moved", found_seq=4), Finding(4, "moved", found_seq=2))


def test_a_tail_cut_off_is_found(chain):
    tamper(*delete("4, 5"))
    assert findings(chain) == (Finding(4, "tail_missing", 5),)


def test_everything_deleted_is_found(chain):
    tamper(*delete("1, 2, 3, 4, 5"))
    assert findings(chain) == (Finding(1, "tail_missing", 5),)


def test_a_tail_cut_off_under_a_forged_head_is_found(chain):
    tamper(
        *delete("4, 5"),
        "UPDATE audit_audithead SET seq = 3, hash = (SELECT hash FROM audit_auditentry WHERE seq = 3)",
    )
    assert findings(chain) == (Finding(3, "head_forged"),)


def test_a_deleted_head_is_found(chain):
    tamper("DELETE FROM audit_audithead")
    assert findings(chain) == (Finding(5, "head_missing"),)


def test_a_deleted_head_does_not_hide_a_change(chain):
    tamper("DELETE FROM audit_audithead", "UPDATE audit_auditentry SET verb = 'x' WHERE seq = 2")
    assert findings(chain) == (Finding(2, "modified"), Finding(5, "head_missing"))


def test_a_head_signed_by_another_key_is_found(chain):
    head = export_head(chain.id)
    forged = sign_head(signing_key("another"), tenant_id=chain.id, seq=head.seq, hash_=head.hash, at=head.at)
    tamper(f"UPDATE audit_audithead SET signature = '\\x{forged.signature.hex()}'")
    assert findings(chain) == (Finding(5, "head_forged"),)


def test_going_back_to_an_old_genuine_head_is_found_by_an_exported_one(chain):
    old = export_head(chain.id)
    record_entries(chain, 2)
    exported = export_head(chain.id)
    tamper(
        *delete("6, 7"),
        f"UPDATE audit_audithead SET seq = 5, hash = '\\x{old.hash.hex()}', at = '{old.at.isoformat()}', "
        f"signature = '\\x{old.signature.hex()}'",
    )
    assert findings(chain) == ()
    assert findings(chain, [old, exported]) == (Finding(6, "tail_missing", 7),)


def test_a_history_rewritten_with_the_key_is_found_by_an_exported_head(chain):
    exported = export_head(chain.id)
    with tenant_context(chain.id):
        from zhiheng.audit.services.append import key
    tamper("UPDATE audit_auditentry SET verb = 'x' WHERE seq = 4")
    rehash(chain, 4)
    rehash(chain, 5, relink=True)
    with tenant_context(chain.id):
        last = bytes(AuditEntry.objects.get(seq=5).hash)
    forged = sign_head(key(), tenant_id=chain.id, seq=5, hash_=last, at=exported.at)
    tamper(f"UPDATE audit_audithead SET hash = '\\x{last.hex()}', signature = '\\x{forged.signature.hex()}'")
    assert findings(chain) == ()
    assert findings(chain, [exported]) == (Finding(5, "rewritten"),)


def test_exported_heads_of_a_chain_that_grew_agree_with_it(chain):
    exported = export_head(chain.id)
    record_entries(chain, 2)
    report = verify(chain.id, [exported, export_head(make_other().id)])
    assert (report.entry_count, report.exported_count, report.findings) == (7, 1, ())


def make_other():
    other = make_tenant("乙公司")
    record_entries(other, 1)
    return other


def test_an_exported_head_that_was_tampered_with_is_found(chain):
    forged = replace(export_head(chain.id), seq=4)
    assert findings(chain, [forged]) == (Finding(4, "export_forged"),)


def test_exported_heads_add_to_what_is_wrong_within(chain):
    exported = export_head(chain.id)
    tamper("UPDATE audit_auditentry SET verb = 'x' WHERE seq = 2")
    assert findings(chain, [exported]) == (Finding(2, "modified"),)


def test_another_tenants_log_is_not_touched(chain):
    other = make_other()
    tamper(f"UPDATE audit_auditentry SET verb = 'x' WHERE tenant_id = '{chain.id}'")
    assert findings(other) == ()
    assert findings(chain) == tuple(Finding(seq, "modified") for seq in range(1, 6))


def payload_of(seq: int, change: str) -> str:
    return (
        f"UPDATE audit_auditpayload SET {change} FROM audit_auditentry entry "
        f"WHERE entry.id = entry_id AND seq = {seq}"
    )


@pytest.mark.parametrize("change", ["content = '{}'", "actor_name = '李四'", "salt = '\\x00'"])
def test_a_changed_payload_is_found(chain, change):
    tamper(payload_of(2, change))
    assert findings(chain) == (Finding(2, "payload_modified"),)


def test_a_deleted_payload_is_found(chain):
    tamper(
        "DELETE FROM audit_auditpayload USING audit_auditentry entry WHERE entry.id = entry_id AND seq = 2"
    )
    assert findings(chain) == (Finding(2, "payload_missing"),)


def test_a_payload_erased_behind_the_programs_back_is_found(chain):
    tamper(payload_of(2, "content = NULL, salt = NULL, actor_name = '', erased_at = now()"))
    assert findings(chain) == (Finding(2, "erasure_unrecorded"),)


def test_an_erased_payload_leaves_the_chain_whole_and_is_recorded(chain):
    actor = actor_for(make_member(chain, "owner"), chain)
    with tenant_context(chain.id):
        entry_id = AuditEntry.objects.get(seq=2).id
        erase_payload(actor, entry_id, "离职员工要求删除")
    with tenant_context(chain.id):
        erase_payload(actor, entry_id, "再来一次")
        payload = AuditPayload.objects.get(entry_id=entry_id)
        last = AuditEntry.objects.select_related("payload").get(seq=6)
    assert (payload.content, payload.salt, payload.actor_name) == (None, None, "")
    assert payload.erased_at is not None
    assert (last.verb, last.subject_id, last.payload.content) == (
        "audit.payload.erase", str(entry_id), '{"reason":"离职员工要求删除"}',
    )  # fmt: skip
    report = verify(chain.id)
    assert (report.entry_count, report.erased_count, report.findings) == (6, 1, ())


def test_erasing_needs_a_reason_the_permission_and_an_entry(chain):
    owner, auditor = (actor_for(make_member(chain, role), chain) for role in ("owner", "auditor"))
    with tenant_context(chain.id):
        entry_id = AuditEntry.objects.get(seq=2).id
        with pytest.raises(Forbidden):
            erase_payload(auditor, entry_id, "x")
        with pytest.raises(ValidationError, match="请填写清除原因"):
            erase_payload(owner, entry_id, "  ")
        with pytest.raises(Http404):
            erase_payload(owner, uuid7(), "x")


def test_a_verification_is_recorded_with_its_result(chain):
    tamper("UPDATE audit_auditentry SET verb = 'x' WHERE seq = 2")
    auditor = actor_for(make_member(chain, "auditor"), chain)
    with tenant_context(chain.id):
        report = verify_chain(auditor)
    assert report.findings == (Finding(2, "modified"),)
    with tenant_context(chain.id):
        last = AuditEntry.objects.select_related("payload").get(seq=6)
    assert last.verb == "audit.chain.verify"
    assert last.payload.content == (
        '{"entry_count":5,"erased_count":0,"finding_count":1,'
        '"findings":[{"found_seq":null,"kind":"modified","seq":2,"to_seq":2}]}'
    )
    employee = actor_for(make_member(chain, "employee"), chain)
    with tenant_context(chain.id), pytest.raises(Forbidden):
        verify_chain(employee)


def test_the_hash_does_not_tell_a_payload_that_was_erased():
    """The salt is as long as the hash, so guessing what was erased means guessing 32 bytes."""
    from zhiheng.audit.calc.digest import payload_digest

    one, other = (payload_digest(hashlib.sha256(bytes([n])).digest(), "张三", "{}") for n in (1, 2))
    assert one != other
