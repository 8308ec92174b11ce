"""A photo that a terminal took at a punch: a few lines of text, a NUL byte, then the JPEG."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from zhiheng.terminals.calc.clock import parse_time
from zhiheng.terminals.calc.text import decode

_JPEG = b"\xff\xd8\xff"
_NAME = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:-(.+))?\.\w+", re.ASCII)


@dataclass(frozen=True)
class Photo:
    """``pin`` is empty for somebody the terminal did not know; ``at`` is its wall time.

    ``is_complete``: it is a JPEG of the size that was announced.
    """

    name: str
    pin: str
    at: dt.datetime | None
    content: bytes
    is_complete: bool
    head: bytes


def parse_photo(body: bytes) -> Photo:
    """Read an upload; what cannot be read leaves its part empty, and the photo not complete."""
    head, content = _split(body)
    keys = dict(_pairs(decode(head)[0]))
    name = keys.get("PIN", "")
    found = _NAME.fullmatch(name)
    at = parse_time("{}-{}-{} {}:{}:{}".format(*found.groups()[:6])) if found else None
    size = keys.get("SIZE", "")
    is_right_size = not size.isdigit() or size == str(len(content))
    pin = (found[7] or "") if found else ""
    return Photo(name, pin, at, content, content.startswith(_JPEG) and is_right_size, head)


def _split(body: bytes) -> tuple[bytes, bytes]:
    """Part the text from the picture: at the first NUL, or else where a JPEG begins."""
    nul, start = body.find(b"\0"), body.find(_JPEG)
    if nul >= 0 and (start < 0 or nul < start):
        is_padded = start > nul and not body[nul:start].strip(b"\0")
        return body[:nul], body[start if is_padded else nul + 1 :]
    return (body[:start], body[start:]) if start >= 0 else (body, b"")


def _pairs(head: str) -> list[tuple[str, str]]:
    parts = (each.partition("=") for each in re.split(r"[\r\n\t]+", head) if "=" in each)
    return [(key.strip().upper(), value.strip()) for key, _, value in parts]
