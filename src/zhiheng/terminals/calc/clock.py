"""Wall times of terminals: as instants, and whether a clock can be believed."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from zhiheng.attendance.calc.attlog import CLOCK_RESET_BEFORE

AHEAD = dt.timedelta(minutes=5)
"""A punch this far in the future is a clock that is wrong, and no matter of seconds."""
LATE = dt.timedelta(hours=1)
"""A punch that arrives later than this was kept by the terminal while it had no connection."""
_TIME = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{1,2}):(\d{1,2})", re.ASCII)


def parse_time(text: str) -> dt.datetime | None:
    """Return the wall time that a field holds; ``None`` for anything else."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    try:
        return dt.datetime(*(int(each) for each in found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None


def instant(wall: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
    """Return the instant of a wall time; ``None`` at the ends of the calendar, where there is none."""
    try:
        return wall.replace(tzinfo=zone).astimezone(dt.UTC)
    except OverflowError:
        return None


def is_clock_off(wall: dt.datetime, at: dt.datetime, received_at: dt.datetime) -> bool:
    """Tell whether a terminal's clock was wrong: started again at 2000-01-01, or ahead of ours."""
    return wall < CLOCK_RESET_BEFORE or at > received_at + AHEAD


def is_late(at: dt.datetime, received_at: dt.datetime) -> bool:
    """Tell whether a punch waited in the terminal before it came."""
    return at < received_at - LATE


def zone_option(zone: ZoneInfo, at: dt.datetime) -> int:
    """Return a zone as the option ``TimeZone`` wants it: whole hours, or minutes where there is no whole hour.

    The protocol knows minutes only from 61 on; offsets within an hour that are not whole round to hours.
    """
    minutes = round(at.astimezone(zone).utcoffset().total_seconds() / 60)  # type: ignore[union-attr]
    return minutes if minutes % 60 and abs(minutes) > 60 else round(minutes / 60)
