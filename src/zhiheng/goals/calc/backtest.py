"""Whether calibrated ranges hold on a company's own past, before anybody relies on them.

Read are rows of (unit, first day of a period, value and, where one was set, target). Every period is judged by the
range that stood before it. The pinball loss (Koenker and Bassett, Econometrica 46, 1978) is the mean over the quantiles
10, 50 and 90 percent, in the units of the value; a single number, such as a target or the same season of last year,
stands for all three.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from statistics import fmean, median

from zhiheng.goals.calc.calibration import HIGH, LOW, Foreseen, foreseen

SHARES = (LOW, 0.5, HIGH)
COLUMNS = ("unit", "period_start", "value")
STEPS = ((7, 52), (30.44, 12), (91.3, 4), (182.6, 2))
"""Days between periods, and how many such make a year."""
PLACES = 6


class BadRow(ValueError):
    """A row that cannot be read; the message names it."""


@dataclass(frozen=True)
class Row:
    """A value of a unit in a period, and the target that was set."""

    unit: str
    period: dt.date
    value: Decimal
    target: Decimal | None = None


@dataclass(frozen=True)
class Backtest:
    """``coverage80``: the share of values inside the 80 % range. Losses over the same ``n`` periods.

    Losses of the target over those periods that had one, None where none had; None too where nothing could be judged.
    """

    n: int
    coverage80: float | None
    pinball: float | None
    pinball_naive: float | None
    target_pinball: float | None
    pinball_with_target: float | None


def read_rows(lines: Iterable[str]) -> list[Row]:
    """Return the rows of a CSV file with a heading; `BadRow` names the line that is wrong."""
    reader = csv.DictReader(lines)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise BadRow(
            f"the heading lacks {', '.join(missing)}; it needs {', '.join(COLUMNS)} and may have target"
        )
    rows, seen = [], set()
    for number, each in enumerate(reader, start=2):
        row = _row(each, number)
        if (row.unit, row.period) in seen:
            raise BadRow(f"line {number}: {row.unit} has two values of {row.period}")
        seen.add((row.unit, row.period))
        rows.append(row)
    return rows


def _row(each: Mapping[str, str | None], number: int) -> Row:
    try:
        period = dt.date.fromisoformat((each["period_start"] or "").strip()[:10])
    except ValueError:
        raise BadRow(f"line {number}: period_start is no date: {each['period_start']!r}") from None
    value = _number(each["value"], number, "value")
    target = each.get("target")
    if value is None:
        raise BadRow(f"line {number}: value is empty")
    return Row((each["unit"] or "").strip(), period, value, _number(target, number, "target"))


def _number(text: str | None, number: int, name: str) -> Decimal | None:
    if text is None or not text.strip():
        return None
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        raise BadRow(f"line {number}: {name} is no number: {text!r}") from None
    if not found.is_finite():
        raise BadRow(f"line {number}: {name} is no number: {text!r}")
    return found


def season_of(rows: Sequence[Row]) -> int:
    """Return how many periods make a season by the usual step between them: of days a week, else a year; 0 for none."""
    by_unit: dict[str, list[dt.date]] = {}
    for each in rows:
        by_unit.setdefault(each.unit, []).append(each.period)
    gaps = [
        (later - sooner).days for days in map(sorted, by_unit.values()) for sooner, later in pairwise(days)
    ]
    if not gaps:
        return 0
    step = median(gaps)
    if step < 2:
        return len({each.period.weekday() for each in rows})
    return next((count for days, count in STEPS if abs(step - days) <= days * 0.15), 0)


def backtest(rows: Sequence[Row]) -> Backtest:
    """Return how the ranges held on all rows."""
    season = season_of(rows)
    histories: dict[str, list[tuple[dt.date, Decimal]]] = {}
    for each in sorted(rows, key=lambda row: (row.unit, row.period)):
        histories.setdefault(each.unit, []).append((each.period, each.value))
    seen = foreseen(histories, season=season, places=PLACES)
    if not seen:
        return Backtest(0, None, None, None, None, None)
    naive = _naive(histories, season)
    targets = {(each.unit, each.period): each.target for each in rows if each.target is not None}
    losses = [_pinball(each) for each in seen]
    aimed = [(loss, each) for loss, each in zip(losses, seen, strict=True) if _name(each) in targets]
    return Backtest(
        n=len(seen),
        coverage80=fmean(each.range.p10 <= each.value <= each.range.p90 for each in seen),
        pinball=fmean(losses),
        pinball_naive=fmean(_point_loss(each.value, naive[_name(each)]) for each in seen),
        target_pinball=_mean([_point_loss(each.value, targets[_name(each)]) for _loss, each in aimed]),
        pinball_with_target=_mean([loss for loss, _each in aimed]),
    )


def _name(each: Foreseen) -> tuple[str, dt.date]:
    return str(each.subject), each.period


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None


def _naive(
    histories: Mapping[str, Sequence[tuple[dt.date, Decimal]]], season: int
) -> dict[tuple[str, dt.date], Decimal]:
    """Return the value of the same season before, or of the period before where there is no such yet."""
    found = {}
    for unit, past in histories.items():
        for place in range(1, len(past)):
            back = season if 2 <= season <= place else 1
            found[unit, past[place][0]] = past[place - back][1]
    return found


def _pinball(each: Foreseen) -> float:
    quantiles = (each.range.p10, each.range.p50, each.range.p90)
    return fmean(_loss(each.value, guess, share) for guess, share in zip(quantiles, SHARES, strict=True))


def _point_loss(value: Decimal, guess: Decimal) -> float:
    return fmean(_loss(value, guess, share) for share in SHARES)


def _loss(value: Decimal, guess: Decimal, share: float) -> float:
    missed = float(value - guess)
    return share * missed if missed >= 0 else (share - 1) * missed
