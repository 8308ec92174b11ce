"""Commands to terminals, and what they answer. Only what stands here can be sent: no shell, no files, no upgrades."""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from zhiheng.terminals.calc.text import clean

_OPTION = re.compile(r"[A-Za-z~][A-Za-z0-9_]{0,39}", re.ASCII)


def user_update(pin: str, name: str, *, privilege: int = 0, card: str = "") -> str:
    """Make or change a user; the password is left empty and the access group as usual."""
    parts = (
        f"PIN={clean(pin)}", f"Name={clean(name)}", f"Pri={privilege}", "Passwd=", f"Card={clean(card)}", "Grp=1",
        "TZ=0000000100000000",
    )  # fmt: skip
    return "DATA UPDATE USERINFO " + "\t".join(parts)


def face_update(pin: str, photo: bytes) -> str:
    """Give a user's face as a JPEG, from which the terminal makes its own template."""
    content = base64.b64encode(photo).decode()
    parts = (f"PIN={clean(pin)}", "Type=9", f"Size={len(content)}", f"Content={content}", "Format=0")
    return "DATA UPDATE BIOPHOTO " + "\t".join(parts)


def user_delete(pin: str) -> str:
    """Remove a user with all their templates and photos."""
    return f"DATA DELETE USERINFO PIN={clean(pin)}"


def face_delete(pin: str) -> tuple[str, str]:
    """Remove a user's face: the photo, and the template made of it."""
    return f"DATA DELETE BIOPHOTO PIN={clean(pin)}", f"DATA DELETE BIODATA Pin={clean(pin)}\tType=9"


def query_users(pin: str = "") -> str:
    """Ask for all users, or one; they come as uploads."""
    return f"DATA QUERY USERINFO PIN={clean(pin)}" if pin else "DATA QUERY USERINFO"


def query_punches(since: dt.datetime, until: dt.datetime) -> str:
    """Ask for the punches of a stretch of wall time again."""
    return f"DATA QUERY ATTLOG StartTime={since:%Y-%m-%d %H:%M:%S}\tEndTime={until:%Y-%m-%d %H:%M:%S}"


def verify_count(since: dt.datetime, until: dt.datetime) -> str:
    """Ask how many punches the terminal holds of a stretch of wall time."""
    return f"VERIFY SUM ATTLOG StartTime={since:%Y-%m-%d %H:%M:%S}\tEndTime={until:%Y-%m-%d %H:%M:%S}"


def set_option(key: str, value: str) -> str:
    """Set an option; raises ValueError for a key that is none."""
    if not _OPTION.fullmatch(key):
        raise ValueError(key)
    return f"SET OPTION {key}={clean(value)}"


CHECK, LOG, INFO, REBOOT, RELOAD = "CHECK", "LOG", "INFO", "REBOOT", "RELOAD OPTIONS"


def command_line(number: int, text: str) -> str:
    """Return the line that carries a command."""
    return f"C:{number}:{text}\n"


@dataclass(frozen=True)
class Ack:
    """What a terminal answered to a command; ``code`` is ``None`` when it cannot be read.

    ``values`` are the answer's own, in capitals; ``extra`` are the lines that followed, as they stand.
    """

    number: int | None
    code: int | None
    command: str
    values: Mapping[str, str] = field(default_factory=dict)
    extra: str = ""


@dataclass
class _Draft:
    keys: dict[str, str]
    lines: list[str] = field(default_factory=list)
    is_content: bool = False


_ID = re.compile(r"\s*ID=", re.IGNORECASE)


def parse_acks(text: str) -> tuple[list[Ack], list[str]]:
    """Read answers, one a line or spread over several lines; returns them and the lines that belong to none."""
    drafts: list[_Draft] = []
    lost: list[str] = []
    for line in re.split(r"\r\n|\n|\r", text.replace("\0", "")):
        if not line.strip():
            continue
        if _ID.match(line):
            drafts.append(_Draft(_pairs(line.strip().split("&"))))
        elif drafts:
            _add(drafts[-1], line)
        else:
            lost.append(line)
    return [_ack(each) for each in drafts], lost


def _add(draft: _Draft, line: str) -> None:
    """Add a line to the answer it belongs to; after ``Content=`` everything is content."""
    key, is_pair, value = line.partition("=")
    name = key.strip().upper()
    if is_pair and name in ("RETURN", "CMD", "SN", "FILENAME") and not draft.is_content:
        draft.keys.setdefault(name, value.strip())
    elif name == "CONTENT" and not draft.is_content:
        draft.is_content = True
        draft.lines.append(value)
    else:
        draft.lines.append(line)


def _ack(draft: _Draft) -> Ack:
    keys = draft.keys
    number, code = keys.pop("ID", ""), keys.pop("RETURN", "")
    return Ack(_integer(number), _integer(code), keys.pop("CMD", ""), keys, "\n".join(draft.lines))


def _pairs(parts: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in parts:
        key, _, value = each.partition("=")
        found.setdefault(key.strip().upper(), value.strip())
    return found


def _integer(text: str) -> int | None:
    return int(text) if re.fullmatch(r"-?\d{1,9}", text, re.ASCII) else None
