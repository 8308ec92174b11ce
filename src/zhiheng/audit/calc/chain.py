"""What is wrong with a chain of audit entries, and where.

A sound chain is read once, in order, in constant memory. Only a broken one is read again and followed
backwards from its signed head, by which each entry still finds its true place: that tells a changed entry
from a deleted, an inserted and a moved one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from zhiheng.audit.calc.digest import Line, entry_digest, genesis, payload_digest
from zhiheng.audit.calc.head import Head, is_signed

ERASE_VERB = "audit.payload.erase"

MODIFIED = "modified"
MISSING = "missing"
TAIL_MISSING = "tail_missing"
INSERTED = "inserted"
MOVED = "moved"
HEAD_MISSING = "head_missing"
HEAD_FORGED = "head_forged"
REWRITTEN = "rewritten"
EXPORT_FORGED = "export_forged"
PAYLOAD_MODIFIED = "payload_modified"
PAYLOAD_MISSING = "payload_missing"
ERASURE_UNRECORDED = "erasure_unrecorded"


@dataclass(frozen=True)
class Payload:
    """What may be erased of an entry; an erased one has no content and no salt."""

    salt: bytes | None
    actor_name: str
    content: str | None


@dataclass(frozen=True)
class Stored:
    """An entry as the database has it."""

    line: Line
    hash: bytes
    payload: Payload | None


@dataclass(frozen=True, order=True)
class Finding:
    """Something wrong with entries ``seq`` to ``to_seq``; ``found_seq`` is where a moved one stands now."""

    seq: int
    kind: str
    to_seq: int = 0
    found_seq: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "to_seq", max(self.to_seq, self.seq))


@dataclass(frozen=True)
class Verdict:
    """The result of checking a chain."""

    entry_count: int
    erased_count: int
    findings: tuple[Finding, ...]


@dataclass
class _Reading:
    """What one pass over the entries in order gathers."""

    last_hash: bytes
    count: int = 0
    is_straight: bool = True
    erased: dict[UUID, int] = field(default_factory=dict)
    erasures: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    hash_at: dict[int, bytes] = field(default_factory=dict)


def check_chain(
    tenant_id: UUID,
    read: Callable[[], Iterable[Stored]],
    head: Head | None,
    exported: Sequence[Head],
    public: Ed25519PublicKey,
) -> Verdict:
    """Check the chain of a tenant; ``read`` yields its entries by ``seq`` each time it is called."""
    genuine = [each for each in exported if is_signed(each, public)]
    reading = _read_in_order(tenant_id, read(), {each.seq for each in genuine})
    found = [Finding(each.seq, EXPORT_FORGED) for each in exported if each not in genuine]
    is_head_genuine = head is not None and is_signed(head, public)
    if head is None and reading.count:
        found.append(Finding(reading.count, HEAD_MISSING))
    if head is not None and not is_head_genuine:
        found.append(Finding(head.seq, HEAD_FORGED))
    anchor = head if is_head_genuine else None
    if reading.is_straight and (
        anchor is None or (anchor.seq, anchor.hash) == (reading.count, reading.last_hash)
    ):
        found += _contradictions(genuine, reading.count, reading.hash_at)
    else:
        found += _locate(tenant_id, list(read()), anchor, genuine)
    found += _payload_findings(reading, {each.seq for each in found if each.kind in (MODIFIED, INSERTED)})
    return Verdict(reading.count, len(reading.erased), tuple(sorted(found)))


def _read_in_order(tenant_id: UUID, entries: Iterable[Stored], wanted: set[int]) -> _Reading:
    reading = _Reading(last_hash=genesis(tenant_id))
    for stored in entries:
        line = stored.line
        reading.count += 1
        reading.is_straight = reading.is_straight and (
            line.seq == reading.count
            and line.previous_hash == reading.last_hash
            and entry_digest(line) == stored.hash
        )
        reading.last_hash = stored.hash
        if line.seq in wanted:
            reading.hash_at[line.seq] = stored.hash
        if line.verb == ERASE_VERB:
            reading.erasures.add(line.subject_id)
        _read_payload(reading, stored)
    return reading


def _read_payload(reading: _Reading, stored: Stored) -> None:
    line, payload = stored.line, stored.payload
    if payload is None:
        reading.findings.append(Finding(line.seq, PAYLOAD_MISSING))
    elif payload.salt is None or payload.content is None:
        reading.erased[line.id] = line.seq
    elif payload_digest(payload.salt, payload.actor_name, payload.content) != line.payload_hash:
        reading.findings.append(Finding(line.seq, PAYLOAD_MODIFIED))


def _payload_findings(reading: _Reading, explained: set[int]) -> Iterator[Finding]:
    """Yield what is wrong with payloads, but for entries that are wrong themselves."""
    for finding in reading.findings:
        if finding.seq not in explained:
            yield finding
    for entry_id, seq in reading.erased.items():
        if str(entry_id) not in reading.erasures and seq not in explained:
            yield Finding(seq, ERASURE_UNRECORDED)


def _contradictions(exported: Sequence[Head], count: int, hash_at: dict[int, bytes]) -> Iterator[Finding]:
    """Yield where a straight chain differs from heads that were exported earlier."""
    longest = max((each.seq for each in exported), default=0)
    if longest > count:
        yield Finding(count + 1, TAIL_MISSING, longest)
    for each in exported:
        if each.seq <= count and hash_at.get(each.seq) != each.hash:
            yield Finding(each.seq, REWRITTEN)


def _locate(
    tenant_id: UUID, rows: list[Stored], head: Head | None, exported: Sequence[Head]
) -> list[Finding]:
    """Find what happened to each entry of a broken chain."""
    walk = _Walk(tenant_id, rows)
    start = (head.seq, head.hash) if head else (rows[-1].line.seq, rows[-1].hash)
    walk.follow_back(*start)
    known = {row.hash for row in rows}
    wrong = {seq for each in walk.findings for seq in range(each.seq, each.to_seq + 1)}
    longest = max((each.seq for each in exported), default=0)
    if longest > start[0]:
        walk.findings.append(Finding(start[0] + 1, TAIL_MISSING, longest))
    for each in exported:
        if each.seq <= start[0] and each.seq not in wrong and each.hash not in known:
            walk.findings.append(Finding(each.seq, REWRITTEN))
    return walk.findings


class _Walk:
    """Follows a broken chain from its end to its start, giving each row its true place."""

    def __init__(self, tenant_id: UUID, rows: list[Stored]) -> None:
        self.first_hash = genesis(tenant_id)
        self.rows = rows
        self.by_hash = {row.hash: row for row in rows}
        self.by_seq = {row.line.seq: row for row in rows}
        self.seen: set[UUID] = set()
        self.findings: list[Finding] = []

    def follow_back(self, seq: int, hash_: bytes) -> None:
        """Go from the entry ``seq``, whose hash should be ``hash_``, to the first one."""
        missing: list[int] = []
        for place in range(seq, 0, -1):
            row = self._row(place, hash_)
            if row is None:
                missing.append(place)
                hash_ = self._hash_of_place(place - 1)
                continue
            self.seen.add(row.line.id)
            is_genuine = self._judge(place, hash_, row)
            hash_ = self._hash_before(place, row, is_genuine)
        self.findings += self._missing(missing)
        self.findings += [
            Finding(row.line.seq, INSERTED) for row in self.rows if row.line.id not in self.seen
        ]

    def _row(self, place: int, hash_: bytes) -> Stored | None:
        row = self.by_hash.get(hash_) or self.by_seq.get(place)
        return None if row is None or row.line.id in self.seen else row

    def _judge(self, place: int, hash_: bytes, row: Stored) -> bool:
        is_genuine = entry_digest(replace(row.line, seq=place)) == hash_
        if place == 1 and row.line.previous_hash != self.first_hash:
            is_genuine = False
        if not is_genuine or row.hash != hash_:
            self.findings.append(Finding(place, MODIFIED))
        elif row.line.seq != place:
            self.findings.append(Finding(place, MOVED, found_seq=row.line.seq))
        return is_genuine

    def _hash_before(self, place: int, row: Stored, is_genuine: bool) -> bytes:
        """Return the hash the entry before should have: by this row's word, if it can be believed."""
        said = row.line.previous_hash
        return said if is_genuine or said in self.by_hash else self._hash_of_place(place - 1)

    def _hash_of_place(self, place: int) -> bytes:
        row = self.by_seq.get(place)
        return row.hash if row and row.line.id not in self.seen else b""

    def _missing(self, places: list[int]) -> Iterator[Finding]:
        """Yield the missing places as runs; those after the last row are a tail cut off."""
        last = max(self.by_seq, default=0)
        for start, end in _runs(sorted(places)):
            yield Finding(start, TAIL_MISSING if start > last else MISSING, end)


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of each run of consecutive numbers."""
    for _gap, run in groupby(enumerate(numbers), lambda each: each[1] - each[0]):
        places = [number for _index, number in run]
        yield places[0], places[-1]
