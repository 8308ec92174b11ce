"""Writing about a job from beside its transaction, so that others see it while the work goes on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from django.db import connection

Result = TypeVar("Result")


class Side(Protocol):
    """A place to run short transactions in, apart from the job's own."""

    def call(self, write: Callable[[], Result]) -> Result:
        """Run ``write`` and return what it returns."""
        ...


class SideThread:
    """A thread with a database connection of its own, for as long as a job runs."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="job-side")

    def __enter__(self) -> SideThread:
        return self

    def __exit__(self, *_error: object) -> None:
        self._pool.submit(lambda: connection.close()).result()  # the thread's own connection
        self._pool.shutdown()

    def call(self, write: Callable[[], Result]) -> Result:
        """Run ``write`` in the thread and return what it returns."""
        return self._pool.submit(write).result()


class SameConnection:
    """No apartness: for the command line and tests, where one transaction holds everything."""

    def call(self, write: Callable[[], Result]) -> Result:
        """Run ``write`` here."""
        return write()
