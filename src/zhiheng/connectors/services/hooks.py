"""Who wants to know that rows have come."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

_hooks: list[Callable[[UUID], None]] = []


def on_rows(hook: Callable[[UUID], None]) -> None:
    """Call ``hook`` with a feed's id after a sync that changed its rows, in a transaction of its own."""
    if hook not in _hooks:
        _hooks.append(hook)


def rows_have_come(feed_id: UUID) -> None:
    """Tell everybody who wants to know."""
    for hook in _hooks:
        hook(feed_id)
