"""Lines of punches as terminals write them: ``attlog.dat`` files and the ATTLOG table of the PUSH protocol.

A line is ``PIN TAB YYYY-MM-DD HH:MM:SS TAB …``; the rest differs by layout and firmware and may be missing:

* ``file``: device number, status, verification, work code
* ``push``: status, verification, work code, reserved, reserved [, mask, temperature, converted temperature]

PINs are padded to the right, files padded with NUL bytes, and lines end in LF, CRLF or CR. What cannot be read is
kept with its reason, so that nothing gets lost.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

Layout = Literal["file", "push"]
UNDEFINED = 255
"""Status of a terminal that knows no direction."""
CLOCK_RESET_BEFORE = dt.datetime(2010, 1, 1)  # noqa: DTZ001 - wall time of a terminal
"""No terminal was that early: its clock had started again at 2000-01-01."""

_STATUS_AT = {"file": 3, "push": 2}
_PIN = re.compile(r"[0-9A-Za-z_-]{1,24}", re.ASCII)
_TIME = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_ENDS = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class LogLine:
    """A punch: ``at`` is the terminal's wall time without zone; ``number`` counts the lines of the text from 1."""

    number: int
    pin: str
    at: dt.datetime
    status: int
    verify: int
    work_code: str
    raw: str

    @property
    def is_clock_reset(self) -> bool:
        """Tell whether the terminal's clock had lost its date."""
        return self.at < CLOCK_RESET_BEFORE


@dataclass(frozen=True)
class BadLine:
    """A line that could not be read; ``reason`` is ``fields``, ``pin`` or ``time``."""

    number: int
    raw: str
    reason: str


@dataclass(frozen=True)
class AttLog:
    """What a text held, in its order."""

    lines: tuple[LogLine, ...]
    bad: tuple[BadLine, ...]


def decode_log(content: bytes) -> str:
    """Return the text of a log: UTF-8 or a Chinese encoding, whatever bytes there are."""
    bare = content.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"")
    try:
        return bare.decode("utf-8")
    except UnicodeDecodeError:
        return bare.decode("gb18030", "replace")


def parse_attlog(content: str | bytes, layout: Layout = "file") -> AttLog:
    """Read a log; blank lines are skipped, unreadable ones returned with their reasons."""
    text = decode_log(content) if isinstance(content, bytes) else content.replace("\0", "")
    lines: list[LogLine] = []
    bad: list[BadLine] = []
    for number, raw in enumerate(_ENDS.split(text), start=1):
        if not raw.strip():
            continue
        found = parse_line(raw, number, layout)
        if isinstance(found, BadLine):
            bad.append(found)
        else:
            lines.append(found)
    return AttLog(tuple(lines), tuple(bad))


def parse_line(raw: str, number: int = 1, layout: Layout = "file") -> LogLine | BadLine:
    """Read one line. Fields behind the time that are missing or no numbers count as undefined."""
    fields = [each.strip() for each in raw.split("\t")]
    if len(fields) < 2:
        return BadLine(number, raw, "fields")
    if not _PIN.fullmatch(fields[0]):
        return BadLine(number, raw, "pin")
    at = _time(fields[1])
    if at is None:
        return BadLine(number, raw, "time")
    place = _STATUS_AT[layout]
    fields += [""] * (place + 3 - len(fields))
    status, verify, work_code = fields[place : place + 3]
    return LogLine(number, fields[0], at, _code(status, UNDEFINED), _code(verify, UNDEFINED), work_code, raw)


def _time(text: str) -> dt.datetime | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    try:
        return dt.datetime(*(int(each or 0) for each in found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None


def _code(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else default


METHODS = {1: "finger", 3: "pin", 4: "card", 15: "face", 25: "palm"}
"""How a terminal verified somebody, as `PunchMethod`; what is not there is ``other``."""


def method_of(verify: int, layout: Layout = "file") -> str:
    """Return the punch method of a verification code; 0 is a password in files and "any" in the protocol."""
    if verify == 0 and layout == "file":
        return "pin"
    return METHODS.get(verify, "other")
