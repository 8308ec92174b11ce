"""Telling whoever has to know that somebody's leave changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from uuid import UUID

Day = tuple[UUID, UUID, dt.date]
"""Person, legal entity, date."""
Hook = Callable[[Iterable[Day]], None]

_hooks: list[Hook] = []


def on_change(hook: Hook) -> None:
    """Call ``hook`` with the person-days whose approved leave changed, in the transaction of the change."""
    if hook not in _hooks:
        _hooks.append(hook)


def tell(days: Collection[Day]) -> None:
    """Tell of these days."""
    for hook in _hooks if days else ():
        hook(days)
