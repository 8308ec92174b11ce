"""Processes run together and end together."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

import pytest

from zhiheng.config import processes

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_when_one_ends_the_others_are_stopped_and_its_code_is_returned():
    started = time.monotonic()
    failing = [sys.executable, "-c", "raise SystemExit(3)"]
    assert processes.run_together([SLEEP, failing], stop_database=False) == 3
    assert time.monotonic() - started < 15


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_cleanly(number):
    threading.Timer(0.5, os.kill, (os.getpid(), number)).start()
    assert processes.run_together([SLEEP, SLEEP], stop_database=False) == 0


def test_a_process_that_will_not_end_is_killed(monkeypatch):
    monkeypatch.setattr(processes, "_GRACE_SECONDS", 0.5)
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGTERM)).start()
    started = time.monotonic()
    assert processes.run_together([[sys.executable, "-c", stubborn]], stop_database=False) == 0
    assert time.monotonic() - started < 10
