"""Logs are dirty in known shares, and the same for the same seed."""

from __future__ import annotations

import datetime as dt
import itertools

from zhiheng.attendance.calc.attlog import parse_attlog
from zhiheng.demo.punch_logs import Turn, log_of, minutes_of, uploads_of

DAYS = [dt.date(2026, 1, 1) + dt.timedelta(days=number) for number in range(100)]
TURNS = [Turn(str(pin), on, 480, 1020, terminal=pin % 2) for pin in range(1, 41) for on in DAYS]


def test_the_same_seed_gives_the_same_log():
    assert log_of(TURNS, 2, seed="a") == log_of(TURNS, 2, seed="a") != log_of(TURNS, 2, seed="b")


def test_shares_are_those_of_real_logs():
    counts = [len(minutes_of(turn, "a")) for turn in TURNS]
    away, lone = counts.count(0) / len(TURNS), counts.count(1) / len(TURNS)

    assert 0.004 < away < 0.014
    assert 0.012 < lone < 0.035  # a punch forgotten, and no double tap that hides it
    assert 0.7 < counts.count(2) / len(TURNS) < 0.9


def test_everybody_passes_the_terminal_of_their_unit():
    first, second = log_of(TURNS, 2, seed="a")

    assert {int(line.pin) % 2 for line in first} == {0}
    assert {int(line.pin) % 2 for line in second} == {1}


def test_some_lines_are_out_of_order():
    (lines,) = log_of(TURNS, 1, seed="a")
    backwards = sum(one.at > other.at for one, other in itertools.pairwise(lines))

    assert 0 < backwards < len(lines) / 100


def test_uploads_repeat_themselves_and_end_with_a_dead_clock_and_a_stranger():
    (lines,) = log_of(TURNS[:500], 1, seed="a")
    bodies = uploads_of(lines, 400)
    read = [line for body in bodies for line in parse_attlog(body, "push").lines]

    assert {(line.pin, line.at) for line in read} >= {(line.pin, line.at) for line in lines}
    assert len(read) > len(lines) + 2  # some came twice
    assert min(line.at for line in read) == dt.datetime(2000, 1, 1, 0, 3, 20)
    assert "9001" in {line.pin for line in read}


def test_nobody_punched_nothing_to_send():
    assert uploads_of([]) == []
