"""Run the product's processes together, and stop them together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from zhiheng.config import embedded_postgres
from zhiheng.config.environment import environment

_GRACE_SECONDS = 20


def gunicorn_command(host: str, port: int, workers: int) -> list[str]:
    """Return the command of the web server: few processes, several threads each."""
    return [
        sys.executable, "-m", "gunicorn", "zhiheng.config.wsgi:application", "--bind", f"{host}:{port}",
        "--workers", str(workers), "--worker-class", "gthread", "--threads", "8", "--timeout", "60",
        "--graceful-timeout", "15", "--max-requests", "20000", "--max-requests-jitter", "2000",
        "--log-level", "warning",
    ]  # fmt: skip


def gateway_command(host: str, port: int, workers: int) -> list[str]:
    """Return the command of the gateway of terminals: plain HTTP, another set of URLs, no sessions.

    Terminals open a connection for each request and keep none, so threads wait for the database only.
    """
    return [
        sys.executable, "-m", "gunicorn", "zhiheng.config.gateway:application", "--bind", f"{host}:{port}",
        "--workers", str(workers), "--worker-class", "gthread", "--threads", "8", "--timeout", "120",
        "--graceful-timeout", "15", "--keep-alive", "15", "--max-requests", "50000", "--max-requests-jitter", "5000",
        "--log-level", "warning",
    ]  # fmt: skip


def _zhiheng(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from zhiheng.cli import app; app()", *arguments]


def run_web(*, host: str, port: int, workers: int) -> int:
    """Run the web server until it ends; return its exit code."""
    return run_together([gunicorn_command(host, port, workers)], stop_database=False)


def run_gateway(*, host: str, port: int, workers: int) -> int:
    """Run the gateway of terminals until it ends; return its exit code."""
    return run_together([gateway_command(host, port, workers)], stop_database=False)


def run_all(
    *, host: str, port: int, web_workers: int, stop_database: bool, gateway_port: int | None = None
) -> int:
    """Run web server, worker and, on a port of its own, the gateway until one ends or a signal comes."""
    commands = [gunicorn_command(host, port, web_workers), _zhiheng("worker")]
    if gateway_port is not None:
        commands.append(gateway_command(host, gateway_port, 1))
    return run_together(commands, stop_database=stop_database)


def run_dev(*, port: int, stop_database: bool) -> int:
    """Run Django's reloading server, the worker and the watching front-end build."""
    os.environ["ZHIHENG_DEBUG"] = "1"
    manage = Path(__file__).resolve().parents[3] / "manage.py"
    server = [sys.executable, str(manage), "runserver", str(port)]
    npm = str(Path(sys.executable).parent / "npm")
    os.environ["PATH"] = (
        f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # npm looks for node
    )
    return run_together([server, _zhiheng("worker"), [npm, "run", "watch"]], stop_database=stop_database)


def run_together(commands: Sequence[Sequence[str]], *, stop_database: bool) -> int:
    """Run commands until one ends or SIGINT or SIGTERM comes, then stop the others and the database.

    Each gets a process group of its own, so that Ctrl-C reaches only this process and they end in order.
    """
    wanted_end: list[int] = []
    previous = {
        number: signal.signal(number, lambda received, _frame: wanted_end.append(received))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    environ = {**os.environ, "ZHIHENG_POOL": "1", "DJANGO_SETTINGS_MODULE": "zhiheng.config.settings"}
    running = [subprocess.Popen(each, env=environ, start_new_session=True) for each in commands]  # noqa: S603
    try:
        while not wanted_end and all(each.poll() is None for each in running):
            time.sleep(0.2)
        code = 0 if wanted_end else next(each.returncode for each in running if each.returncode is not None)
    finally:
        _end(running)
        if stop_database and environment().is_embedded:
            embedded_postgres.stop(environment().home)
        for number, handler in previous.items():
            signal.signal(number, handler)
    return code


def _end(running: Sequence[subprocess.Popen]) -> None:
    """Ask all to end, wait, and kill the groups of those that do not."""
    for each in running:
        if each.poll() is None:
            each.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + _GRACE_SECONDS
    for each in running:
        try:
            each.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            os.killpg(each.pid, signal.SIGKILL)
            each.wait()
