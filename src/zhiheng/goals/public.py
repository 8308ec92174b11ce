"""What other domains use of goals."""

from __future__ import annotations

from zhiheng.goals.queries.goals import TargetRow, goals_for_actor, progress_of_goals, targets_as_of

__all__ = ["TargetRow", "goals_for_actor", "progress_of_goals", "targets_as_of"]
