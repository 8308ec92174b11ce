"""What jobs there are, and what a running one is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from zhiheng.jobs.choices import Queue

if TYPE_CHECKING:
    from zhiheng.access.actor import Actor
    from zhiheng.access.permissions import Permission

Link = Callable[[Mapping[str, object], object], str]


class Run(Protocol):
    """What the function of a job gets as its first argument."""

    actor: Actor
    job_id: UUID | None

    def progress(self, done: int, total: int | None = None, text: str = "") -> None:
        """Say how far the work is; visible at once. Ends the work here if it was cancelled."""
        ...


@dataclass(frozen=True)
class JobDefinition:
    """A kind of job.

    ``max_attempts`` bounds how often it starts over after the worker died or the database was away; a mistake
    in the work itself is never repeated by itself. With ``is_exclusive`` a tenant's runs of the kind go one
    after the other. ``link(params, result)`` gives the page that shows what came out. A job with a
    ``start_permission`` takes no parameters and can be started by its kind alone, by a button of any page.
    """

    kind: str
    label: str
    queue: str
    function: Callable[..., object]
    max_attempts: int = 3
    is_exclusive: bool = False
    link: Link | None = None
    start_permission: Permission | None = None

    def __call__(self, run: Run, **params: object) -> object:
        """Do the work here and now, as a plain call."""
        return self.function(run, **params)


_definitions: dict[str, JobDefinition] = {}


def job(
    kind: str,
    *,
    label: str,
    queue: str = Queue.DEFAULT,
    max_attempts: int = 3,
    is_exclusive: bool = False,
    link: Link | None = None,
    start_permission: Permission | None = None,
) -> Callable[[Callable[..., object]], JobDefinition]:
    """Declare a job in a domain's ``tasks.py``; see `zhiheng.jobs.public`."""

    def register(function: Callable[..., object]) -> JobDefinition:
        made = JobDefinition(
            kind, label, Queue(queue), function, max_attempts, is_exclusive, link, start_permission
        )
        known = _definitions.setdefault(kind, made)
        if (
            known.function.__qualname__ != function.__qualname__
            or known.function.__module__ != function.__module__
        ):
            raise ValueError(f"job {kind} is declared twice")
        _definitions[kind] = made
        return made

    return register


def definition_of(kind: str) -> JobDefinition | None:
    """Return a kind of job; ``None`` for one that the program no longer has."""
    return _definitions.get(kind)


def all_definitions() -> list[JobDefinition]:
    """Return all kinds of jobs, by kind."""
    return [_definitions[kind] for kind in sorted(_definitions)]
