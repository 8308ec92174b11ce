"""What a shift is: paid segments of a day, or a flexible frame, with the rules by which a day is judged.

All times are minutes from 00:00 of the shift's date, so the end of a night shift is above 1440. The gaps between
segments are unpaid breaks. A rest day is a shift without segments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

Span = tuple[int, int]
"""Half-open span of minutes from 00:00 of the shift's date."""


@dataclass(frozen=True)
class Flex:
    """A flexible day: start between ``earliest`` and ``latest``, then ``required`` minutes without the break.

    ``core`` are the minutes during which everybody has to be there whenever they started.
    """

    earliest: int
    latest: int
    required: int
    core: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Shift:
    """When somebody is to work. ``segments`` are paid; with ``flex`` they are empty and ``breaks`` unpaid.

    ``free`` days have no times at all: only punches count, paired by ``free_mode`` (standard: first to last;
    strict: in turn), and a punch before ``day_start`` belongs to the day before.
    """

    segments: tuple[Span, ...] = ()
    flex: Flex | None = None
    breaks: tuple[Span, ...] = ()
    free_mode: Literal["", "standard", "strict"] = ""
    day_start: int = 0


@dataclass(frozen=True)
class Policy:
    """The rules a day is judged by; all times in minutes.

    ``before``/``after``: how long before the start and after the end a punch still belongs to the shift.
    ``match``: first and last punch of the shift, or a pair for each segment. ``dedupe``: punches closer than this
    are one. ``grace_mode``: forgive all of a lateness within the grace, or deduct the grace from every one.
    ``ot_mode``: overtime counts by approval, by punch, or the smaller. ``ot_start``: from when minutes count
    (``None``: the end of the shift). ``ot_before``: minutes before the shift count too. ``ot_unit``/``ot_min``: rounded
    down to the unit, nothing below the minimum. ``ot_breaks``: spans that never count. ``auto_break``: (over, minus)
    pairs: longer than ``over``, ``minus`` is taken off. ``absent_half_over``: lateness above it is flagged.
    ``rest_by_calendar``: on a shift that runs into a rest day, minutes after midnight count as rest-day overtime.
    ``rounding_in``/``rounding_out``: steps to which the first punch is rounded up and the last one down.
    """

    before: int = 120
    after: int = 240
    late_grace: int = 0
    early_grace: int = 0
    grace_mode: Literal["forgive", "deduct"] = "forgive"
    match: Literal["per_shift", "per_segment"] = "per_shift"
    dedupe: int = 2
    ot_mode: Literal["approved", "punched", "min"] = "min"
    ot_start: int | None = None
    ot_before: bool = False
    ot_unit: int = 30
    ot_min: int = 30
    ot_breaks: tuple[Span, ...] = ()
    auto_break: tuple[Span, ...] = ()
    absent_half_over: int | None = None
    rest_by_calendar: bool = False
    rounding_in: int = 1
    rounding_out: int = 1


def _spans(found: Any) -> tuple[Span, ...]:
    return tuple((int(start), int(end)) for start, end in found or ())


def shift_from_data(data: Mapping[str, Any]) -> Shift:
    """Return a shift from its stored form (JSON: segments, flex, breaks, free_mode, day_start)."""
    flex = data.get("flex")
    return Shift(
        segments=_spans(data.get("segments")),
        flex=Flex(flex["earliest"], flex["latest"], flex["required"], _spans(flex.get("core")))
        if flex
        else None,
        breaks=_spans(data.get("breaks")),
        free_mode=data.get("free_mode", ""),
        day_start=int(data.get("day_start", 0)),
    )


def policy_from_data(data: Mapping[str, Any]) -> Policy:
    """Return a policy from its stored form; what is not stored has its default."""
    known = {field.name for field in fields(Policy)}
    given = {name: value for name, value in data.items() if name in known}
    for name in ("ot_breaks", "auto_break"):
        if name in given:
            given[name] = _spans(given[name])
    return Policy(**given)


def stored(value: Shift | Policy) -> dict[str, Any]:
    """Return the form in which a shift or policy is stored as JSON."""
    return asdict(value)
