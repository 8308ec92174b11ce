"""Set the project up: virtual environment, pinned packages, front-end build, translations.

``python3.11 bootstrap.py [--dev]`` needs nothing but Python; Node comes as a Python package. Every step leaves a
stamp of its inputs in ``.venv``, so a second run does only what changed.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMPS = VENV / "stamps"
DEV_MARK = STAMPS / "dev"
BAR = 24


@dataclass(frozen=True)
class Step:
    """A step: what it is called, what it depends on, how many lines of output it usually prints, how to do it."""

    name: str
    inputs: Sequence[Path]
    commands: Sequence[Sequence[str]]
    usual_seconds: int
    is_done: Callable[[], bool] = lambda: True


def steps(is_dev: bool) -> list[Step]:
    """Return the steps of a set-up, in order; what once was set up for developers stays so."""
    packages = ROOT / "requirements" / ("dev.txt" if is_dev or DEV_MARK.exists() else "build.txt")
    frontend = [path for path in sorted((ROOT / "frontend").rglob("*")) if path.is_file()]
    lock = ROOT / "package-lock.json"
    catalogues = sorted((ROOT / "src").rglob("*.po"))
    node = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    os.environ.update(node)
    pip = [
        str(BIN / "python"),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--progress-bar",
        "off",
    ]
    return [
        Step("Virtual environment", [], [[sys.executable, "-m", "venv", str(VENV)]], 4, BIN.joinpath("pip").exists),
        Step(
            "Python packages", [packages, ROOT / "pyproject.toml"],
            # The lock is complete, so nothing is resolved anew: with extras, older pips would look beyond the lock.
            [[*pip, "--no-deps", "--require-hashes", "-r", str(packages)],
             [*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)],
             [str(BIN / "python"), "-m", "pip", "--disable-pip-version-check", "check"]],
            60 if is_dev else 40, BIN.joinpath("zhiheng").exists,
        ),
        Step("Front-end packages", [lock], [[str(BIN / "npm"), "ci", "--no-audit", "--no-fund"]], 12,
             (ROOT / "node_modules").exists),
        Step("Front-end build", [lock, *frontend], [[str(BIN / "npm"), "run", "build"]], 8,
             (ROOT / "src/zhiheng/web/static/dist/manifest.json").exists),
        Step("Translations", catalogues, [[str(BIN / "python"), "manage.py", "i18n", "compile"]], 2,
             lambda: all(path.with_suffix(".mo").exists() for path in catalogues)),
    ]  # fmt: skip


def _digest(paths: Sequence[Path]) -> str:
    found = hashlib.sha256(sys.version.encode())
    for path in paths:
        found.update(path.read_bytes())
    return found.hexdigest()


def _draw(step: Step, started: float, end: str = "") -> None:
    """Draw the progress of a step, by time: the tools underneath report none that is common to all."""
    seconds = time.monotonic() - started
    share = 1.0 if end else min(seconds / (step.usual_seconds * 1.5), 0.97)
    filled = round(share * BAR)
    is_terminal = sys.stdout.isatty()
    if end or is_terminal:
        start = "\r" if is_terminal else ""
        sys.stdout.write(
            f"{start}{step.name:22}[{'#' * filled}{'.' * (BAR - filled)}] {seconds:5.1f} s {end}"
        )
        sys.stdout.flush()


def _run(step: Step) -> None:
    started = time.monotonic()
    lines: list[str] = []
    for command in step.commands:
        process = subprocess.Popen(  # noqa: S603
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        reader = threading.Thread(target=lambda pipe: lines.extend(pipe), args=(process.stdout,), daemon=True)
        reader.start()
        while process.poll() is None:
            _draw(step, started)
            time.sleep(0.1)
        reader.join()
        if process.returncode:
            _draw(step, started, "failed\n")
            sys.exit(
                f"{' '.join(command)}\n{''.join(lines)}\n{step.name} failed; see above. Nothing else was changed."
            )
    _draw(step, started, "done\n")


def main() -> None:
    """Do every step whose inputs changed."""
    if sys.version_info < (3, 11):  # noqa: UP036 - it is what this script is for
        sys.exit(f"Zhiheng needs Python 3.11 or newer, this is {sys.version.split()[0]}.")
    is_dev = "--dev" in sys.argv[1:]
    for step in steps(is_dev):
        stamp = STAMPS / step.name.lower().replace(" ", "-")
        digest = _digest(step.inputs)
        if not (step.is_done() and stamp.exists() and stamp.read_text() == digest):
            _run(step)
            STAMPS.mkdir(parents=True, exist_ok=True)
            stamp.write_text(digest)
    if is_dev:
        DEV_MARK.touch()


if __name__ == "__main__":
    main()
