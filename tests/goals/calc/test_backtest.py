"""Judging ranges by a past in a file."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from io import StringIO

import pytest
from rich.console import Console

from zhiheng.backtests import backtest_file
from zhiheng.goals.calc.backtest import Backtest, BadRow, Row, backtest, read_rows, season_of

HEAD = "unit,period_start,value,target\n"


def months(*values: int, unit: str = "a", target: int | None = None) -> list[Row]:
    return [
        Row(unit, dt.date(2020 + place // 12, place % 12 + 1, 1), Decimal(value), None if target is None else Decimal(target))
        for place, value in enumerate(values)
    ]  # fmt: skip


def every(days: int, count: int = 6) -> list[Row]:
    return [
        Row("a", dt.date(2026, 1, 5) + dt.timedelta(days=days * place), Decimal(1)) for place in range(count)
    ]


def test_a_file_is_read():
    rows = read_rows(StringIO(HEAD + "北区,2026-01-01,10.5,12\n北区,2026-02-01,11,\n"))
    assert rows == [
        Row("北区", dt.date(2026, 1, 1), Decimal("10.5"), Decimal(12)),
        Row("北区", dt.date(2026, 2, 1), Decimal(11), None),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("unit,value\n", "the heading lacks period_start"),
        ("", "the heading lacks unit, period_start, value"),
        (HEAD + "a,2026-02-30,1,\n", "line 2: period_start is no date: '2026-02-30'"),
        (HEAD + "a,2026-01-01,ten,\n", "line 2: value is no number: 'ten'"),
        (HEAD + "a,2026-01-01,NaN,\n", "line 2: value is no number: 'NaN'"),
        (HEAD + "a,2026-01-01,,\n", "line 2: value is empty"),
        (HEAD + "a,2026-01-01,1,x\n", "line 2: target is no number: 'x'"),
        (HEAD + "a,2026-01-01,1,\na,2026-01-01,2,\n", "line 3: a has two values of 2026-01-01"),
    ],
)
def test_what_cannot_be_read_is_named(text, said):
    with pytest.raises(BadRow) as error:
        read_rows(StringIO(text))
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("rows", "season"),
    [
        (every(30), 12), (every(91), 4), (every(182), 2), (every(7), 52), (every(1, 14), 7), (every(10), 0), ([], 0),
        ([each for each in every(1, 20) if each.period.weekday() < 5], 5),
    ],
)  # fmt: skip
def test_what_makes_a_season(rows, season):
    assert season_of(rows) == season


def test_too_short_a_past_judges_nothing():
    assert backtest(months(1, 2, 3)) == Backtest(0, None, None, None, None, None)


def test_losses_of_ranges_targets_and_the_naive():
    rows = months(*[100, 102, 98, 101, 99] * 8, target=130)
    found = backtest(rows)
    assert found.n == 29
    assert 0.6 <= found.coverage80 <= 1
    assert found.pinball < found.pinball_naive < found.target_pinball
    assert found.pinball_with_target == found.pinball
    # A target of 130 misses by 28 to 32: on average by half of that at 10, 50 and 90 percent.
    assert found.target_pinball == pytest.approx(sum(130 - float(each.value) for each in rows[11:]) / 29 / 2)


def test_targets_count_where_there_were_some():
    rows = months(*[100, 102, 98, 101] * 9)
    rows[-1] = Row(rows[-1].unit, rows[-1].period, rows[-1].value, Decimal(101))
    found = backtest(rows)
    assert found.target_pinball == 0
    assert found.pinball_with_target != found.pinball
    assert backtest(rows[:-1]).target_pinball is None


def test_the_command(tmp_path, capsys):
    file = tmp_path / "past.csv"
    lines = [f"{each.unit},{each.period},{each.value}" for each in months(*[100, 102, 98, 101] * 9)]
    file.write_text("unit,period_start,value\n" + "\n".join(lines), encoding="utf-8-sig")
    said = StringIO()
    assert backtest_file(Console(file=said), file, as_json=True) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["file"], figures["n"], figures["target_pinball"]) == ("past.csv", 25, None)
    assert backtest_file(Console(file=said), file, as_json=False) == 0
    assert "coverage80" in said.getvalue()
    file.write_text("unit,value\n")
    assert backtest_file(Console(file=said), file, as_json=True) == 1
    assert "the heading lacks period_start" in said.getvalue()
    file.write_bytes(b"unit,period_start,value\n\xff\xfe")
    assert backtest_file(Console(file=said), file, as_json=True) == 1
