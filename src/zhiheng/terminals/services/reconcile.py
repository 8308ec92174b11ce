"""Comparing a terminal with what is here: numbers of punches."""

from __future__ import annotations

from zhiheng.terminals.models import Terminal, TerminalCommand


def compare_counts(terminal: Terminal, command: TerminalCommand, answered: str) -> None:
    """Compare the terminal's own count of a stretch with ours; when it has more, ask for them again."""
