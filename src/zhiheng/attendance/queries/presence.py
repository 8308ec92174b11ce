"""When people were at work elsewhere than at a site: told by the domains above that know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from uuid import UUID

import polars as pl

PresenceProvider = Callable[[Collection[UUID] | None, dt.date, dt.date], pl.DataFrame]
"""Person ids (``None``: all), first and last local day -> frame of `COLUMNS`."""

COLUMNS = {
    "person_id": pl.String,
    "from_at": pl.Datetime("us", "UTC"),
    "to_at": pl.Datetime("us", "UTC"),
    "kind": pl.String,
}
_providers: dict[str, PresenceProvider] = {}


def register_presence(name: str, provider: PresenceProvider) -> None:
    """Let ``provider`` say when people were at work elsewhere; called when its domain is loaded."""
    _providers[name] = provider


def presence_elsewhere(person_ids: Collection[UUID] | None, first: dt.date, last: dt.date) -> pl.DataFrame:
    """Return when people were at work elsewhere, of all providers: person_id, from_at, to_at, kind.

    A settlement takes these intervals for time present, as it does an approved outing. Checks no permission.
    """
    frames = [provider(person_ids, first, last) for _name, provider in sorted(_providers.items())]
    return (
        pl.concat([frame.select(*COLUMNS).cast(COLUMNS) for frame in frames])
        if frames
        else pl.DataFrame(schema=COLUMNS)
    )
