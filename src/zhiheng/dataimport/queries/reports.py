"""Issues as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from zhiheng.dataimport.calc.engine import DryRun
from zhiheng.dataimport.calc.issue import Issue, issues_of
from zhiheng.dataimport.calc.target import ImportTarget
from zhiheng.dataimport.choices import ISSUES, sentence

KEPT_ISSUES = 1000
"""Issues stored with a batch; more of them are only counted, and all are in the marked file."""
_RANK = {"error": 0, "repair": 1, "warning": 2}


def issue_sentence(issue: Issue) -> str:
    """The sentence of an issue without the place, for tables that have a column for it."""
    return issue.message or sentence(ISSUES, issue.code, {"row": issue.row, **issue.params})


def issue_text(issue: Issue, labels: Mapping[str, str] | None = None) -> str:
    """The sentence of an issue, led by the cell or the row it is about."""
    text = issue_sentence(issue)
    label = (labels or {}).get(issue.field, "")
    if issue.cell:
        place = _("{cell}（{label}）").format(cell=issue.cell, label=label) if label else issue.cell
        return _("{place}：{text}").format(place=place, text=text)
    if issue.row and "{row}" not in str(ISSUES.get(issue.code, "")):
        return _("第 {row} 行：{text}").format(row=issue.row, text=text)
    return text


def field_labels(target: ImportTarget) -> dict[str, str]:
    """Labels of the target's fields in the active language, by name."""
    return {field.name: str(field.label) for field in target.fields}


def first_issues(run: DryRun, limit: int = KEPT_ISSUES) -> list[Issue]:
    """The first issues, errors before repairs before warnings."""
    ranked = run.issues.with_columns(_rank=pl.col("severity").replace_strict(_RANK, default=3))
    return issues_of(ranked.sort("_rank", "row", "column", maintain_order=True).head(limit).drop("_rank"))


def issues_from_report(report: Mapping[str, Any]) -> list[Issue]:
    """The issues that were stored with a batch."""
    return [Issue(**item) for item in report.get("issues", [])]


def issues_as_json(issues: Iterable[Issue]) -> list[dict[str, Any]]:
    """Issues in the form in which a batch stores them."""
    return [
        {
            "row": item.row,
            "column": item.column,
            "field": item.field,
            "severity": item.severity,
            "code": item.code,
            "params": dict(item.params),
            "original": item.original[:200],
            "proposed": item.proposed,
            "message": item.message,
        }
        for item in issues
    ]


def counts_by_code(run: DryRun) -> list[dict[str, Any]]:
    """How often each kind of issue occurs in each column, most frequent first."""
    grouped = run.issues.group_by("severity", "code", "field").agg(
        pl.len().alias("count"), pl.col("message").first(), pl.col("params").first()
    )
    return grouped.sort("count", "field", "code", descending=[True, False, False]).head(50).to_dicts()
