"""What a day was judged by as a short text, so that a closed day can be judged again and explained years later.

JSON: punches ``p``, leave ``l``, outings ``o``, approved overtime ``a`` and its minutes ``m``, trip ``t``, length of
the date ``n`` and limits ``z``; what is usual is left out.
"""

from __future__ import annotations

import json
from typing import Any

from zhiheng.attendance.calc.facts import DAY, DayInput
from zhiheng.attendance.calc.timeline import REACH
from zhiheng.rosters.calc.shift import Policy, Shift, Span

RULESET = 1
"""Version of the rules in code: the same inputs under the same version give the same result."""


def inputs_text(day: DayInput) -> str:
    """Return the text of a day's inputs; shift, policy and day types are kept elsewhere."""
    parts: dict[str, Any] = {
        name: [list(span) for span in spans]
        for name, spans in (("l", day.leave), ("o", day.outing), ("a", day.approved))
        if spans
    }
    if day.punches:
        parts = {"p": sorted(day.punches), **parts}
    if day.is_trip:
        parts["t"] = 1
    if day.approved_minutes:
        parts["m"] = day.approved_minutes
    if day.midnight != DAY:
        parts["n"] = day.midnight
    parts["z"] = list(day.limits or REACH)
    return json.dumps(parts, separators=(",", ":"))


def day_from_text(text: str, shift: Shift, policy: Policy, day_types: tuple[str, str]) -> DayInput:
    """Return the inputs of a day from its text."""
    parts = json.loads(text)

    def spans(name: str) -> tuple[Span, ...]:
        return tuple((start, end) for start, end in parts.get(name, ()))

    return DayInput(
        shift=shift,
        policy=policy,
        punches=tuple(parts.get("p", ())),
        leave=spans("l"),
        outing=spans("o"),
        approved=spans("a"),
        approved_minutes=parts.get("m", 0),
        is_trip=bool(parts.get("t")),
        day_types=day_types,
        limits=(parts["z"][0], parts["z"][1]),
        midnight=parts.get("n", DAY),
    )
