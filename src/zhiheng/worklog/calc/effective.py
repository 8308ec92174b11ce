"""Effective working time: from what somebody did in a day to minutes by category, without counting any twice.

Times are whole minutes from any common origin. Things with a beginning and an end are laid over each other; things of
which only the length is known are added. What was not seen happening (typed by the person) never adds up to more than
the time they were present: the rest is reported as excess and taken off every category in proportion.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from zhiheng.calckit.money import allocate


@dataclass(frozen=True)
class Spent:
    """Something done: ``minutes`` long, or from ``start`` to ``end``.

    ``is_evidence``: somebody was seen doing it (a check-in at a customer's), so it also proves presence.
    """

    category: str
    minutes: int = 0
    start: int | None = None
    end: int | None = None
    is_evidence: bool = False


@dataclass(frozen=True)
class DayTime:
    """Where the time of a day, a team or a period went; ``present`` is ``None`` where it is not known.

    ``by_category`` adds up to ``logged``; ``excess`` are minutes said to be worked beyond those present.
    """

    present: int | None
    by_category: Mapping[str, int] = field(default_factory=dict)
    effective: int = 0
    excess: int = 0

    @property
    def logged(self) -> int:
        """Return the minutes of which it is known what they went into."""
        return sum(self.by_category.values())

    @property
    def unlogged(self) -> int:
        """Return the minutes present of which nothing is known."""
        return max((self.present or 0) - self.logged, 0)

    @property
    def share(self) -> Fraction | None:
        """Return effective ÷ present; ``None`` where nobody was present or it is not known."""
        return Fraction(self.effective, self.present) if self.present else None


def union_minutes(spans: Iterable[tuple[int, int]]) -> int:
    """Return how many minutes the half-open spans cover together."""
    total, reached = 0, None
    for start, end in sorted(spans):
        begin = start if reached is None else max(start, reached)
        total += max(end - begin, 0)
        reached = end if reached is None else max(reached, end)
    return total


def day_time(
    spent: Sequence[Spent], *, present: int | None, effective_categories: Collection[str]
) -> DayTime:
    """Return where one person's day went.

    Where things overlap, what was seen counts before what was typed, and the earlier in ``spent`` before the later.
    """
    timed = [each for each in spent if each.start is not None and each.end is not None]
    ranked = sorted(timed, key=lambda each: not each.is_evidence)  # stable: the given order within each kind
    seen, typed = _laid_out(ranked)
    for each in spent:
        if each.start is None or each.end is None:
            typed[each.category] = typed.get(each.category, 0) + each.minutes
    excess = 0
    if present is not None:
        proven = sum(seen.values())
        present = max(present, proven)
        typed, excess = _fitted(typed, present - proven)
    by_category = _added(seen, typed)
    effective = sum(minutes for category, minutes in by_category.items() if category in effective_categories)
    return DayTime(present, by_category, effective, excess)


def _laid_out(ranked: Sequence[Spent]) -> tuple[dict[str, int], dict[str, int]]:
    """Return minutes by category of what was seen and of what was typed; each minute goes to the first that has it."""
    seen: dict[str, int] = {}
    typed: dict[str, int] = {}
    taken: list[tuple[int, int]] = []
    before = 0
    for each in ranked:
        taken.append((each.start or 0, each.end or 0))
        covered = union_minutes(taken)
        target = seen if each.is_evidence else typed
        target[each.category] = target.get(each.category, 0) + covered - before
        before = covered
    return seen, typed


def _fitted(typed: dict[str, int], room: int) -> tuple[dict[str, int], int]:
    """Return minutes that fit into ``room``, each category in proportion, and how many did not."""
    total = sum(typed.values())
    if total <= room:
        return typed, 0
    return dict(zip(typed, allocate(room, list(typed.values())), strict=True)), total - room


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    """Return the sums by category, without those of zero."""
    sums = {each: one.get(each, 0) + other.get(each, 0) for each in [*one, *other]}
    return {category: minutes for category, minutes in sums.items() if minutes}


def together(days: Iterable[DayTime]) -> DayTime:
    """Return the sum of many days or people; days whose presence is not known are left out, so that the share holds."""
    known = [each for each in days if each.present is not None]
    by_category: dict[str, int] = {}
    for each in known:
        by_category = _added(by_category, each.by_category)
    return DayTime(
        sum(each.present or 0 for each in known) if known else None,
        by_category,
        sum(each.effective for each in known),
        sum(each.excess for each in known),
    )
