"""Enumerations of reviews."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CycleState(models.TextChoices):
    """Where a review cycle stands. A closed one never changes again; the database refuses."""

    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已关闭")


class InputSource(models.TextChoices):
    """Where an input of a scorecard comes from."""

    METRIC = "metric", _("指标数值")
    GOAL = "goal", _("目标值")


class ScoreState(models.TextChoices):
    """Whether a score could be computed."""

    SCORED = "scored", _("已评分")
    NOT_ASSESSABLE = "not_assessable", _("无法评分")
