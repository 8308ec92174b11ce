"""What other domains use of goals."""

from __future__ import annotations

from zhiheng.goals.policies import READ_GOAL
from zhiheng.goals.queries.goals import TargetRow, goals_for_actor, progress_of_goals, targets_as_of
from zhiheng.goals.queries.overview import Overview, PeriodTotal, overview_for_actor

__all__ = [
    "READ_GOAL",
    "Overview",
    "PeriodTotal",
    "TargetRow",
    "goals_for_actor",
    "overview_for_actor",
    "progress_of_goals",
    "targets_as_of",
]
