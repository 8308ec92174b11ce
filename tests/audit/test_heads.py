"""Signed heads that leave the database."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from tests.factories import make_tenant, system_actor

from zhiheng.audit.calc.chain import (
    ERASURE_UNRECORDED,
    EXPORT_FORGED,
    HEAD_FORGED,
    HEAD_MISSING,
    INSERTED,
    MISSING,
    MODIFIED,
    MOVED,
    PAYLOAD_MISSING,
    PAYLOAD_MODIFIED,
    REWRITTEN,
    TAIL_MISSING,
)  # fmt: skip
from zhiheng.audit.calc.head import is_signed, key_fingerprint, sign_head, signing_key
from zhiheng.audit.choices import FindingKind
from zhiheng.audit.public import BadHead, export_head, load_heads, record
from zhiheng.audit.services.heads import append_heads
from zhiheng.audit.tasks import export_heads
from zhiheng.tenancy.context import tenant_context

AT = datetime(2026, 3, 31, 16, tzinfo=UTC)


def record_one(tenant) -> None:
    with tenant_context(tenant.id):
        record(system_actor(tenant), "v", subject=("t", 1))


def test_the_key_is_derived_and_stable():
    assert key_fingerprint(signing_key("secret")) == key_fingerprint(signing_key("secret"))
    assert key_fingerprint(signing_key("secret")) != key_fingerprint(signing_key("secret2"))


def test_a_head_reads_back_from_its_line(tmp_path):
    head = sign_head(signing_key("s"), tenant_id=UUID(int=1), seq=3, hash_=b"\x01" * 32, at=AT)
    assert json.loads(head.as_json()) == {
        "tenant_id": str(UUID(int=1)),
        "seq": 3,
        "hash": "01" * 32,
        "at": "2026-03-31T16:00:00.000000+00:00",
        "signature": head.signature.hex(),
    }
    path = tmp_path / "heads.jsonl"
    path.write_text(f"{head.as_json()}\n\n")
    assert load_heads(path) == [head]
    assert is_signed(head, signing_key("s").public_key())
    assert not is_signed(head, signing_key("t").public_key())


@pytest.mark.parametrize("line", ["{", "[]", "7", '{"tenant_id": "x"}', '{"tenant_id": 7}', '{"seq": 1}'])
def test_a_line_that_is_no_head_is_named(tmp_path, line):
    path = tmp_path / "heads.jsonl"
    path.write_text(f"\n{line}\n")
    with pytest.raises(BadHead, match="line 2 is no signed head"):
        load_heads(path)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "heads.jsonl"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadHead, match=r"heads\.jsonl is no text file"):
        load_heads(path)


def test_heads_are_appended_only_when_the_chain_moved(tmp_path, tenant):
    other, path = make_tenant("乙公司"), tmp_path / "new" / "heads.jsonl"
    record_one(tenant)
    assert append_heads(path) == 1
    assert append_heads(path) == 0
    record_one(tenant)
    record_one(other)
    with path.open("a") as file:
        file.write("half a li\n")
    assert append_heads(path) == 2
    path.write_text(path.read_text().replace("half a li\n", ""))
    assert [(each.tenant_id, each.seq) for each in load_heads(path)] == [
        (tenant.id, 1), (tenant.id, 2), (other.id, 1),
    ]  # fmt: skip
    assert load_heads(path)[-1] == export_head(other.id)


def test_the_hourly_task_writes_them_beside_the_database(tmp_path, tenant, settings):
    settings.ENV = replace(settings.ENV, home=tmp_path)
    record_one(tenant)
    assert export_heads(timestamp=0) == 1
    assert [each.seq for each in load_heads(tmp_path / "audit-heads.jsonl")] == [1]


def test_every_kind_of_finding_has_a_label():
    kinds = {
        MODIFIED, MISSING, TAIL_MISSING, INSERTED, MOVED, HEAD_MISSING, HEAD_FORGED, REWRITTEN, EXPORT_FORGED,
        PAYLOAD_MODIFIED, PAYLOAD_MISSING, ERASURE_UNRECORDED,
    }  # fmt: skip
    assert {each.value for each in FindingKind} == kinds
