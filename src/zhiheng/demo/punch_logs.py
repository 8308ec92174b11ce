"""Punch logs as dirty as real ones, for people who follow their shifts as people do.

The shares are rounded from six public logs of 4,500 to 40,000 lines (aggregates only, see the bench): somebody taps
twice within a minute on one person-day in ten, one in forty lacks a punch, nearly everybody is early by 5 to 50
minutes, lines arrive out of order, and a terminal whose battery died writes the year 2000. Everything follows from the
seed, so that the same days give the same log.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

EARLY = ((5, 95), (8, 86), (30, 48), (60, 22), (92, 7), (97, -6), (100, -40))
"""(share of arrivals up to here, minutes before the start): quantiles of the first punch of a day."""
LATE = ((1, -25), (3, -3), (5, 1), (60, 8), (93, 24), (98, 30), (100, 110))
"""(share of departures up to here, minutes after the end)."""
TAPS_TWICE, FORGETS_ONE, STAYS_AWAY, GOES_OUT_AT_NOON = 0.10, 0.024, 0.008, 0.06
FACE, FINGER, CARD = 15, 1, 4
UNDEFINED = 255
DEAD_CLOCK = dt.datetime.fromisoformat("2000-01-01 00:03:20")


@dataclass(frozen=True)
class Turn:
    """A person's day: when their shift starts and ends (minutes from 00:00), and the terminal they pass."""

    pin: str
    on: dt.date
    start: int
    end: int
    terminal: int
    verify: int = FACE


@dataclass(frozen=True)
class Line:
    """A line of a terminal's log; ``at`` is the time its clock showed."""

    pin: str
    at: dt.datetime
    status: int
    verify: int

    def text(self) -> str:
        """Return the line as an attendance PUSH upload has it."""
        return f"{self.pin}\t{self.at:%Y-%m-%d %H:%M:%S}\t{self.status}\t{self.verify}\t0\t0\t0"


def log_of(turns: Iterable[Turn], terminals: int, *, seed: str) -> list[list[Line]]:
    """Return each terminal's lines, nearly in order, for everybody's turns."""
    found: list[list[Line]] = [[] for _ in range(terminals)]
    for turn in turns:
        midnight = dt.datetime.combine(turn.on, dt.time())
        for number, minute in enumerate(minutes_of(turn, seed)):
            at = midnight + dt.timedelta(minutes=minute, seconds=(minute * 7 + number * 13) % 60)
            found[turn.terminal % terminals].append(Line(turn.pin, at, UNDEFINED, turn.verify))
    return [_in_disorder(lines, seed) for lines in found]


def minutes_of(turn: Turn, seed: str) -> list[int]:
    """Return the minutes from 00:00 at which somebody punches on a day, maybe none; the same for the same seed."""
    rng = Random(f"{seed} {turn.pin} {turn.on}")  # noqa: S311 - no secret
    if rng.random() < STAYS_AWAY:
        return []
    minutes = [turn.start - _quantile(rng, EARLY), turn.end + _quantile(rng, LATE)]
    if rng.random() < GOES_OUT_AT_NOON:
        minutes[1:1] = [turn.start + 242, turn.start + 287]
    if rng.random() < FORGETS_ONE:
        minutes.pop(rng.choice((0, -1)))
    if rng.random() < TAPS_TWICE:
        minutes.append(rng.choice(minutes))
    return minutes


def _quantile(rng: Random, curve: Sequence[tuple[int, int]]) -> int:
    """Return a value between the two quantiles around a random share."""
    share = rng.uniform(0, 100)
    before = (0, curve[0][1])
    for each in curve:
        if share <= each[0]:
            width = each[0] - before[0]
            return (
                round(before[1] + (each[1] - before[1]) * (share - before[0]) / width) if width else each[1]
            )
        before = each
    return curve[-1][1]


def _in_disorder(lines: list[Line], seed: str) -> list[Line]:
    """Return the lines by time, a few swapped, as a terminal's log has them after it was offline."""
    rng = Random(seed)  # noqa: S311 - no secret
    found = sorted(lines, key=lambda line: line.at)
    for at in range(1, len(found)):
        if rng.random() < 0.002:
            found[at - 1], found[at] = found[at], found[at - 1]
    return found


def body_of(lines: Iterable[Line]) -> bytes:
    """Return the body of an upload."""
    return "".join(f"{line.text()}\n" for line in lines).encode()


def uploads_of(lines: Sequence[Line], size: int = 400) -> list[bytes]:
    """Return the lines as uploads, some sent twice, one cut by zero bytes; the last line is of a dead clock."""
    bodies = [body_of(lines[at : at + size]) for at in range(0, len(lines), size)]
    resent = [body for number, body in enumerate(bodies) if number % 5 == 0]
    if lines:
        reset = Line(lines[0].pin, DEAD_CLOCK, UNDEFINED, FACE)
        stranger = Line("9001", lines[-1].at, UNDEFINED, FINGER)
        bodies.append(body_of([reset, stranger]) + b"\0" * 64)
    return bodies + resent
