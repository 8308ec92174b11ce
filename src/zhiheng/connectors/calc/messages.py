"""What a connector prints: one JSON message a line, in the manner of Singer.

``SCHEMA`` declares a stream and its key, ``RECORD`` is a row, ``STATE`` says how far the connector has read. Two more
are ours: ``DELETED`` names a row that is gone at the source, ``COMPLETE`` says that this process sent all rows of a
stream whose ``SCHEMA`` had ``"is_complete": true``, so that those it did not send are gone. Others are ignored.

Singer specification 0.3.0 (github.com/singer-io/getting-started, SPEC.md), as read in November 2026.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import msgspec

LINE_LIMIT = 4 * 1024 * 1024
"""Bytes; a longer line is refused as a whole."""
KEY_LIMIT = 400
MOST_DIGITS = 1000
"""PostgreSQL's numeric holds more, but no business figure does."""

NO_KEY, BAD_VALUE, TOO_LARGE = "no_key", "bad_value", "too_large"


@dataclass(frozen=True)
class Schema:
    """A stream is declared; ``properties`` is its JSON Schema's."""

    stream: str
    key_fields: tuple[str, ...]
    properties: Mapping[str, Any] = field(default_factory=dict)
    is_complete: bool = False


class Row(tuple):
    """A row as (stream, key, payload, digest): a plain tuple, for there are many.

    ``payload`` is JSON with sorted names and numbers as they were sent; ``digest`` is its SHA-256 in hexadecimal.
    """

    __slots__ = ()


@dataclass(frozen=True)
class State:
    """How far the connector has read, as JSON: what it will be given to go on from."""

    text: str


@dataclass(frozen=True)
class Deleted:
    """A row is gone at the source."""

    stream: str
    key: str


@dataclass(frozen=True)
class Complete:
    """All rows of a stream were sent."""

    stream: str


@dataclass(frozen=True)
class Rejected:
    """A row that cannot be stored; ``text`` is its beginning."""

    stream: str
    problem: str
    text: str


@dataclass(frozen=True)
class Junk:
    """A line that is no message."""

    text: str


Message = Schema | Row | State | Deleted | Complete | Rejected | Junk


class _Line(msgspec.Struct):
    type: str
    stream: str = ""
    record: dict[str, Any] | None = None
    schema: dict[str, Any] | None = None
    key_properties: list[str] | None = None
    is_complete: bool = False
    value: Any = None
    key: str | int | None = None


class _BadNumber(ValueError):
    """A number too long to be one."""


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if abs(number.adjusted()) > MOST_DIGITS or len(text) > MOST_DIGITS:
        raise _BadNumber(text[:40])
    return number


_DECODER = msgspec.json.Decoder(_Line, float_hook=_number)
_ENCODER = msgspec.json.Encoder(order="sorted", decimal_format="number")
_SAMPLE = 300


class Reader:
    """Turns lines into messages; it remembers the keys that streams declared."""

    def __init__(self, keys: Mapping[str, Sequence[str]] | None = None) -> None:
        self.keys = {stream: tuple(names) for stream, names in (keys or {}).items()}

    def read(self, line: bytes) -> Message | None:
        """Return the message of a line, ``None`` for one to be ignored."""
        if len(line) > LINE_LIMIT:
            return Rejected("", TOO_LARGE, _text(line))
        try:
            found = _DECODER.decode(line)
        except msgspec.ValidationError as error:
            is_number = isinstance(error.__cause__, _BadNumber)
            return Rejected("", BAD_VALUE, _text(line)) if is_number else Junk(_text(line))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return Junk(_text(line)) if line.strip() else None
        if found.type == "RECORD":
            return self._row(found, line)
        return self._other(found)

    def _row(self, found: _Line, line: bytes) -> Row | Rejected:
        record, names = found.record, self.keys.get(found.stream)
        if not names or record is None:
            return Rejected(found.stream, NO_KEY, _text(line))
        parts = [record.get(name) for name in names]
        key = parts[0] if len(parts) == 1 else None
        if type(key) is not str:
            if not all(_is_plain(part) for part in parts):
                return Rejected(found.stream, NO_KEY, _text(line))
            key = "|".join(map(_key_text, parts))
        if not key or len(key) > KEY_LIMIT:
            return Rejected(found.stream, NO_KEY, _text(line))
        payload = _ENCODER.encode(record)
        if b"\\u0000" in payload and _has_nul(record):
            return Rejected(found.stream, BAD_VALUE, _text(line))
        digest = hashlib.sha256(payload).hexdigest()
        return Row((found.stream, key, payload.decode(), digest))

    def _other(self, found: _Line) -> Message | None:
        if found.type == "STATE":
            return State(_ENCODER.encode(found.value).decode())
        if not found.stream:
            return None
        if found.type == "SCHEMA":
            self.keys[found.stream] = tuple(found.key_properties or ())
            properties = (found.schema or {}).get("properties")
            properties = properties if isinstance(properties, dict) else {}
            return Schema(found.stream, self.keys[found.stream], properties, found.is_complete)
        if found.type == "DELETED" and found.key is not None:
            return Deleted(found.stream, str(found.key))
        return Complete(found.stream) if found.type == "COMPLETE" else None


def _is_plain(part: object) -> bool:
    return part is not None and part != "" and isinstance(part, str | int | Decimal)


def _key_text(part: object) -> str:
    return f"{part:f}" if isinstance(part, Decimal) else str(part)


def _has_nul(value: object) -> bool:
    """Tell whether a text anywhere has the character that PostgreSQL cannot store."""
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_has_nul(name) or _has_nul(each) for name, each in value.items())
    return isinstance(value, list) and any(map(_has_nul, value))


def _text(line: bytes) -> str:
    return line[:_SAMPLE].decode("utf-8", "replace").replace("\x00", "").strip()


def drift(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str | None, str | None]]:
    """Return the fields whose declared type changed: (name, was, is), ``None`` where there was or is none."""
    names = sorted({*before, *after})
    types = [(name, _type_of(before.get(name)), _type_of(after.get(name))) for name in names]
    return [each for each in types if each[1] != each[2]]


def _type_of(declared: object) -> str | None:
    if not isinstance(declared, Mapping):
        return None
    kinds = declared.get("type")
    kinds = [kinds] if isinstance(kinds, str) else kinds or []
    known = sorted(str(kind) for kind in kinds if kind != "null")
    return "/".join(known) or "any"
