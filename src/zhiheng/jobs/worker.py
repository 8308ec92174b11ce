"""The worker process: takes jobs from the queues, and gives back those whose worker died."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from django.utils.module_loading import autodiscover_modules
from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Timing:
    """Seconds: between signs of life, until a silent worker counts as dead, between looks for dead ones.

    ``grace`` is how long running jobs may go on after the worker was told to stop. It is shorter than
    ``stalled``, since a stopping worker gives no sign of life.
    """

    heartbeat: float = 5
    stalled: float = 20
    rescue: float = 5
    grace: float = 15


def configure(app: App) -> None:
    """Load every domain's permissions once Django is ready.

    A worker loads no pages, through which a web server comes to know them; unknown ones nobody holds.
    """
    autodiscover_modules("policies")


def run(queues: Iterable[str] | None = None, concurrency: int = 2, *, timing: Timing | None = None) -> None:
    """Work until SIGTERM or SIGINT; then finish, or hand back, what is under way.

    ``queues`` is all when ``None``; ``concurrency`` jobs run at a time, each in a thread with two database
    connections.
    """
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.utils import connector_params

    connector = PsycopgConnector(kwargs=connector_params("default"), min_size=1, max_size=3)
    with app.replace_connector(connector):
        asyncio.run(_serve(app, None if queues is None else list(queues), concurrency, timing or Timing()))


async def _serve(app: App, queues: list[str] | None, concurrency: int, timing: Timing) -> None:
    async with app.open_async(), _rescuing(app, timing):
        await app.run_worker_async(
            queues=queues,
            concurrency=concurrency,
            update_heartbeat_interval=timing.heartbeat,
            stalled_worker_timeout=timing.stalled,
            shutdown_graceful_timeout=timing.grace,
        )


@contextlib.asynccontextmanager
async def _rescuing(app: App, timing: Timing) -> AsyncIterator[None]:
    """Look for stalled jobs while the block runs; not as a job, which a busy worker would put off."""
    rescuer = asyncio.create_task(_rescue_forever(app, timing), name="rescue of stalled jobs")
    try:
        yield
    finally:
        rescuer.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await rescuer


async def _rescue_forever(app: App, timing: Timing) -> None:
    while True:
        await asyncio.sleep(timing.rescue)
        try:
            await rescue_stalled(app, timing.stalled)
        except Exception:
            logger.exception("looking for stalled jobs failed; trying again")


async def rescue_stalled(app: App, seconds: float) -> int:
    """Give the jobs of workers that are silent for ``seconds`` back to their queues; return how many.

    Two workers may rescue the same job: the second finds it waiting or running again, and the runs' attempt
    numbers keep it from taking effect twice.
    """
    manager, rescued = app.job_manager, 0
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=seconds):
        try:
            await manager.retry_job(job)
        except ConnectorException:
            continue
        logger.warning("job %s of dead worker %s was given back to its queue", job.id, job.worker_id)
        rescued += 1
    return rescued
