"""The code on the screen at the door: signed, for one site, new every 15 seconds, good for 30.

``site.window.signature``; the window is the number of quarters of a minute since 1970, so that a code also proves
when it was seen: a punch kept on a phone without network can be checked later.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

WINDOW_SECONDS = 15
WINDOWS_VALID = 2
_SIGNATURE_DIGITS = 24


@dataclass(frozen=True)
class DoorCode:
    """A code taken apart, not yet checked."""

    site_id: UUID
    window: int
    signature: str


def make_code(secret: str, site_id: UUID, at: dt.datetime) -> str:
    """Return the code that a site shows at an instant."""
    return _written(secret, site_id, window_of(at))


def window_of(at: dt.datetime) -> int:
    """Return the window an instant lies in."""
    return int(at.timestamp()) // WINDOW_SECONDS


def read_code(text: str) -> DoorCode | None:
    """Take a code apart; ``None`` for something else. An address that ends in a code will do too."""
    site, _, rest = text.strip().rpartition("=")[2].partition(".")
    window, _, signature = rest.partition(".")
    try:
        return DoorCode(UUID(hex=site), int(window, 16), signature)
    except ValueError:
        return None


def is_genuine(code: DoorCode, secret: str) -> bool:
    """Tell whether the site with this secret showed the code, at whatever time."""
    return hmac.compare_digest(_written(secret, code.site_id, code.window).rpartition(".")[2], code.signature)


def is_current(code: DoorCode, at: dt.datetime) -> bool:
    """Tell whether the code was on the screen at an instant or less than 30 seconds before."""
    return 0 <= window_of(at) - code.window < WINDOWS_VALID


def _written(secret: str, site_id: UUID, window: int) -> str:
    text = f"{site_id.hex}.{window:x}"
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:_SIGNATURE_DIGITS]
    return f"{text}.{signature}"
