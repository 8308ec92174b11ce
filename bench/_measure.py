"""What all benchmarks share: processor time, and one JSON line for each figure."""

from __future__ import annotations

import json
import time
from collections.abc import Callable


def cpu_seconds(work: Callable[[], object], repeats: int = 3) -> float:
    """Return the least processor time that one of several runs of ``work`` took, after one to warm up."""
    work()
    return min(_cpu_seconds_once(work) for _ in range(repeats))


def _cpu_seconds_once(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def reference_ms() -> float:
    """Return the milliseconds of a plain loop, the best of several: how fast this machine is just now."""
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        sum(number * number for number in range(1_000_000))
        taken.append((time.perf_counter() - start) * 1000)
    return min(taken)


def report(name: str, *, limit: float | None = None, **figures: object) -> None:
    """Print one figure with its parameters; ``limit`` is the number of CPU seconds it must stay below."""
    line = {"bench": name, **figures}
    if limit is not None:
        line |= {"limit_cpu_seconds": limit, "ok": figures["cpu_seconds"] < limit}
    print(json.dumps(line, ensure_ascii=False), flush=True)
