"""Records of the tables OPERLOG, BIODATA and ERRORLOG: a word, then ``KEY=value`` or plain fields between tabs.

Nothing is lost: a line that is none of these is a record with an empty ``tag``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from zhiheng.terminals.calc.clock import parse_time
from zhiheng.terminals.calc.text import Encoding, decode

_TAG = re.compile(r"\s*([A-Za-z]{2,16})[ \t]+(?=\S)", re.ASCII)
TAGS = frozenset(
    {
        "OPLOG",
        "USER",
        "FP",
        "FACE",
        "FVEIN",
        "USERPIC",
        "BIOPHOTO",
        "BIODATA",
        "ERRORLOG",
        "IDCARD",
        "WORKCODE",
    }
)
BIOMETRIC_KEYS = ("TMP", "CONTENT", "PHOTO", "FPTEMPLATE1", "FPTEMPLATE2")
_GUESSABLE_KEYS = ("PASSWD", "IDNUM")  # too short for a fingerprint to hide
# What a record of a template is of; BIODATA says it by number.
_TEMPLATES = {"FP": "finger", "FACE": "face", "FVEIN": "vein", "BIOPHOTO": "face_photo", "USERPIC": "picture"}
_BIODATA = {"1": "finger", "2": "face", "6": "palm", "7": "vein", "8": "palm", "9": "face"}
_SECRET = re.compile(
    rf"\b({'|'.join((*BIOMETRIC_KEYS, *_GUESSABLE_KEYS))})=([^\t\r\n]+)".encode(), re.IGNORECASE
)


@dataclass(frozen=True)
class Record:
    """A line: ``keys`` are in capitals; ``fields`` are all between the tabs, as they stand."""

    number: int
    tag: str
    keys: Mapping[str, str]
    fields: tuple[str, ...]
    raw: str
    encoding: Encoding | None = None


@dataclass(frozen=True)
class Operation:
    """Something that was done at a terminal; ``at`` is its wall time, ``objects`` what it was done to."""

    code: int
    operator: str
    at: dt.datetime | None
    objects: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeviceUser:
    """A user as a terminal keeps them; privilege 14 is an administrator of the terminal."""

    pin: str
    name: str
    privilege: int = 0
    card: str = ""
    has_password: bool = False


@dataclass(frozen=True)
class DeviceTemplate:
    """That a terminal has a template of somebody; never the template."""

    pin: str
    kind: str
    index: int = 0
    is_valid: bool = True


@dataclass(frozen=True)
class DeviceError:
    """An error that a terminal reports; ``command`` is the number of the command it is about, if any."""

    code: str
    text: str
    command: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


def parse_records(body: bytes, usual: Encoding = "utf-8") -> list[Record]:
    """Read a body line by line; blank lines are skipped."""
    found = []
    for number, line in enumerate(re.split(rb"\r\n|\n|\r", body), start=1):
        raw, encoding = decode(line, usual)
        if raw.strip():
            found.append(_record(number, raw, encoding))
    return found


def _record(number: int, raw: str, encoding: Encoding | None) -> Record:
    head = _TAG.match(raw)
    tag = head[1].upper() if head else ""
    rest = raw[head.end() :] if head and tag in TAGS else raw
    fields = tuple(each.strip(" \r") for each in rest.split("\t"))
    pairs = (each.partition("=") for each in fields if "=" in each)
    keys = {key.strip().upper(): value.strip() for key, _, value in pairs}
    return Record(number, tag if tag in TAGS else "", keys, fields, raw, encoding)


def operation_of(record: Record) -> Operation | None:
    """Return the operation of an OPLOG record; ``None`` for another or broken one."""
    if record.tag != "OPLOG" or len(record.fields) < 3 or not _is_number(record.fields[0]):
        return None
    code, operator, at, *objects = record.fields
    return Operation(int(code), operator, parse_time(at), tuple(objects))


def user_of(record: Record) -> DeviceUser | None:
    """Return the user of a USER record; ``None`` for another one or one without a PIN."""
    pin = record.keys.get("PIN", "")
    if record.tag != "USER" or not pin:
        return None
    privilege = record.keys.get("PRI", "")
    return DeviceUser(
        pin,
        record.keys.get("NAME", ""),
        int(privilege) if _is_number(privilege) else 0,
        record.keys.get("CARD", ""),
        bool(record.keys.get("PASSWD", "")),
    )


def template_of(record: Record) -> DeviceTemplate | None:
    """Return what a record says about a template or photo; ``None`` for another one or one without a PIN."""
    pin = record.keys.get("PIN", "")
    if not pin or record.tag not in (*_TEMPLATES, "BIODATA"):
        return None
    kind = _TEMPLATES.get(record.tag) or _BIODATA.get(record.keys.get("TYPE", ""), "other")
    index = record.keys.get("FID") or record.keys.get("NO") or "0"
    return DeviceTemplate(
        pin, kind, int(index) if _is_number(index) else 0, record.keys.get("VALID", "1") != "0"
    )


def error_of(record: Record) -> DeviceError | None:
    """Return the error of an ERRORLOG record; ``None`` for another one."""
    if record.tag != "ERRORLOG":
        return None
    known = {"ERRCODE", "ERRMSG", "CMDID", *BIOMETRIC_KEYS}
    details = {key: value for key, value in record.keys.items() if key not in known and value}
    return DeviceError(
        record.keys.get("ERRCODE", ""), record.keys.get("ERRMSG", ""), record.keys.get("CMDID", ""), details
    )


def names_encoding(records: Sequence[Record]) -> Encoding | None:
    """Return the encoding that the names in the records prove; ``None`` when all are plain."""
    return next((each.encoding for each in records if each.encoding), None)


def without_secrets(body: bytes) -> bytes:
    """Return a body with templates and photos of people replaced by size and fingerprint, passwords removed."""
    return _SECRET.sub(_described, body)


def _described(found: re.Match[bytes]) -> bytes:
    value = found[2]
    if found[1].upper().decode() in _GUESSABLE_KEYS:
        return found[1] + b"=[removed]"
    return found[1] + f"=[{len(value)} bytes, sha256 {hashlib.sha256(value).hexdigest()}]".encode()


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4
