"""What is found in chains built by hand, where a database is not needed."""

from __future__ import annotations

import enum
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

import pytest

from zhiheng.audit.calc.chain import Finding, Payload, Stored, Verdict, check_chain
from zhiheng.audit.calc.digest import Line, canonical, entry_digest, genesis, payload_digest
from zhiheng.audit.calc.head import sign_head, signing_key

TENANT = UUID(int=1)
AT = datetime(2026, 3, 31, 16, tzinfo=UTC)
KEY = signing_key("secret")


class Colour(enum.Enum):
    RED = "red"


def chain_of(count: int, first_hash: bytes | None = None) -> list[Stored]:
    """Return a sound chain; ``first_hash`` gives its first entry another start."""
    rows: list[Stored] = []
    for seq in range(1, count + 1):
        before = rows[-1].hash if rows else first_hash or genesis(TENANT)
        payload = Payload(bytes([seq]), "张三", f'{{"n":{seq}}}')
        line = Line(
            TENANT, seq, UUID(int=seq), AT, None, None, None, None, "v", "t", str(seq),
            payload_digest(payload.salt, payload.actor_name, payload.content), before,
        )  # fmt: skip
        rows.append(Stored(line, entry_digest(line), payload))
    return rows


def head_of(row: Stored, key=KEY):
    return sign_head(key, tenant_id=TENANT, seq=row.line.seq, hash_=row.hash, at=AT)


def check(rows, head, exported=()) -> Verdict:
    return check_chain(TENANT, lambda: iter(rows), head, list(exported), KEY.public_key())


def test_a_sound_chain():
    rows = chain_of(4)
    assert check(rows, head_of(rows[-1]), [head_of(rows[1])]) == Verdict(4, 0, ())


def test_nothing_at_all_is_sound():
    assert check([], None) == Verdict(0, 0, ())


def test_two_gaps_are_two_findings():
    rows = chain_of(5)
    left = [rows[0], rows[2], rows[4]]
    assert check(left, head_of(rows[-1])).findings == (Finding(2, "missing"), Finding(4, "missing"))


def test_a_chain_that_does_not_start_at_the_tenants_start():
    rows = chain_of(3, first_hash=b"\x00" * 32)
    assert check(rows, None).findings == (Finding(1, "modified"), Finding(3, "head_missing"))


def test_a_broken_chain_is_also_held_against_longer_exported_heads():
    rows = chain_of(5)
    left = [rows[0], rows[2]]
    found = check(left, head_of(rows[2]), [head_of(rows[4])]).findings
    assert found == (Finding(2, "missing"), Finding(4, "tail_missing", 5))


def test_a_broken_chain_is_also_held_against_exported_heads_of_another_history():
    rows, other = chain_of(4), chain_of(4, first_hash=b"\x00" * 32)
    left = [rows[0], rows[1], rows[3]]
    found = check(left, head_of(rows[3]), [head_of(other[1]), head_of(rows[2])]).findings
    assert found == (Finding(2, "rewritten"), Finding(3, "missing"))


def test_a_changed_entry_whose_link_was_cut_too_does_not_hide_the_one_before():
    rows = chain_of(3)
    bent = replace(rows[1], line=replace(rows[1].line, verb="x", previous_hash=b"\x00" * 32))
    assert check([rows[0], bent, rows[2]], head_of(rows[2])).findings == (Finding(2, "modified"),)


def test_a_changed_entry_above_a_gap():
    rows = chain_of(3)
    bent = replace(rows[2], line=replace(rows[2].line, verb="x", previous_hash=b"\x00" * 32))
    assert check([rows[0], bent], head_of(rows[2])).findings == (
        Finding(2, "missing"),
        Finding(3, "modified"),
    )


def test_what_is_wrong_with_the_payload_of_a_wrong_entry_is_not_said_twice():
    rows = chain_of(2)
    bent = Stored(replace(rows[1].line, payload_hash=b"\x00"), rows[1].hash, rows[1].payload)
    assert check([rows[0], bent], head_of(rows[1])).findings == (Finding(2, "modified"),)
    erased = replace(bent, payload=Payload(None, "", None))
    assert check([rows[0], erased], head_of(rows[1])).findings == (Finding(2, "modified"),)


@pytest.mark.parametrize("payload", [Payload(None, "", "{}"), Payload(b"\x01", "", None)])
def test_half_an_erasure_counts_as_one_that_nobody_recorded(payload):
    rows = chain_of(1)
    verdict = check([replace(rows[0], payload=payload)], head_of(rows[0]))
    assert verdict == Verdict(1, 1, (Finding(1, "erasure_unrecorded"),))


def test_canonical_json_has_one_spelling():
    value = {
        "z": [1, 1.5, True, None, "é\n\x00"],
        "a": {Colour.RED: Colour.RED, 2: (Decimal("1E+2"), Decimal("NaN"))},
        "t": [time(8, 30), date(2026, 1, 2), AT, UUID(int=0), {2, 1}],
        "lone": "\ud800",
    }
    assert canonical(value) == (
        '{"a":{"2":["100","NaN"],"red":"red"},"lone":"?",'
        '"t":["08:30:00","2026-01-02","2026-03-31T16:00:00.000000+00:00",'
        '"00000000-0000-0000-0000-000000000000",[1,2]],'
        '"z":[1,1.5,true,null,"é\\n\\u0000"]}'
    )


def test_what_has_no_json_form_is_refused():
    with pytest.raises(TypeError, match="bytes has no form in the audit log"):
        canonical({"x": b"1"})
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"x": float("nan")})
