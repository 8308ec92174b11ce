"""What other domains use of reviews."""

from __future__ import annotations

from zhiheng.reviews.policies import READ_SCORE
from zhiheng.reviews.queries.latest import LatestScore, LatestScores, latest_scores

__all__ = ["READ_SCORE", "LatestScore", "LatestScores", "latest_scores"]
