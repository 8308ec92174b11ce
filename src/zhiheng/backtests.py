"""What ``zhiheng backtest`` prints: how calibrated ranges held on a past in a file. Needs no database."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from zhiheng.goals.calc.backtest import BadRow, backtest, read_rows

DONE, REFUSED = 0, 1


def backtest_file(console: Console, file: Path, *, as_json: bool) -> int:
    """Print how calibrated ranges would have held on the past in a CSV file; 1 for a file that cannot be read."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            found = backtest(read_rows(lines))
    except (BadRow, UnicodeDecodeError) as error:
        console.print(f"{file.name}: {error}", style="red", markup=False)
        return REFUSED
    figures = {
        name: round(value, 6) if isinstance(value, float) else value for name, value in vars(found).items()
    }
    if as_json:
        print(json.dumps({"file": file.name, **figures}))
        return DONE
    table = Table(title=file.name)
    table.add_column("")
    table.add_column("", justify="right")
    for name, value in figures.items():
        table.add_row(name, "–" if value is None else str(value))
    console.print(table)
    return DONE
