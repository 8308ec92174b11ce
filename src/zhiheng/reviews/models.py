"""Reviews: scorecards in versions, review cycles, and the scores that closing one leaves."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.reviews.choices import CycleState, ScoreState
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel, TenantModel
from zhiheng.tenancy.naming import NamedModel


class Scorecard(NamedModel, TenantModel):
    """How a group of people is scored; the formula is in its versions."""

    code = models.SlugField(_("编码"), max_length=60, db_index=False)
    current_version = models.PositiveIntegerField(_("当前版本"), default=1)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("评分卡")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "code"],
                name="scorecard_code",
                violation_error_message=_("该编码已被其他评分卡使用，请换一个编码。"),
            )
        ]


class ScorecardVersion(TenantModel):
    """A formula with its inputs; append-only.

    ``inputs``: ``[{"name", "source": "metric"|"goal", "code": metric code}]``; ``derived``: ``[{"name",
    "formula"}]``, named steps between the inputs and the formula; ``applies_to``: ``{"positions",
    "org_units", "persons"}``, lists of ids, all empty for everybody who has a goal of the inputs.
    """

    scorecard = TenantForeignKey(
        Scorecard, on_delete=models.PROTECT, related_name="versions", verbose_name=_("评分卡")
    )
    version = models.PositiveIntegerField(_("版本"))
    formula = models.TextField(_("公式"))
    places = models.PositiveSmallIntegerField(_("小数位数"), default=4)
    inputs = models.JSONField(_("输入"), default=list)
    derived = models.JSONField(_("派生项"), default=list)
    applies_to = models.JSONField(_("适用范围"), default=dict)
    definition_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("创建时间"))
    created_by = models.CharField(_("创建人"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("评分卡版本")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "scorecard", "version"], name="scorecard_version_number"
            )
        ]


class ReviewCycle(TenantModel):
    """The scoring of a period by a scorecard. Policies of the database let nobody change a closed one.

    ``as_of`` is the instant whose records and targets count; ``metric_versions`` maps metric codes to the ids
    of the versions used; the hashes are of all inputs and of all results.
    """

    period = TenantForeignKey(
        "metrics.Period", on_delete=models.PROTECT, related_name="+", verbose_name=_("期间")
    )
    scorecard = TenantForeignKey(
        Scorecard, on_delete=models.PROTECT, related_name="cycles", verbose_name=_("评分卡")
    )
    scorecard_version = TenantForeignKey(
        ScorecardVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("评分卡版本")
    )
    state = models.CharField(_("状态"), max_length=8, choices=CycleState, default=CycleState.OPEN)
    opened_at = models.DateTimeField(_("开启时间"), auto_now_add=True)
    closed_at = models.DateTimeField(_("关闭时间"), null=True)
    closed_by = models.CharField(_("关闭人"), max_length=120, blank=True)
    as_of = models.DateTimeField(_("数据截止时刻"), null=True)
    metric_versions = models.JSONField(default=dict)
    inputs_hash = models.CharField(_("输入指纹"), max_length=64, blank=True)
    result_hash = models.CharField(_("结果指纹"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("考核周期")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "period", "scorecard"],
                name="review_cycle_period",
                violation_error_message=_("该期间已有使用此评分卡的考核周期。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.scorecard} · {self.period}"

    @property
    def is_closed(self) -> bool:
        """Tell whether the cycle is closed for good."""
        return self.state == CycleState.CLOSED


class Score(LegalEntityModel):
    """What a person scored in a cycle, and how: append-only, and only while the cycle is open.

    ``inputs``: ``[{"name", "source", "code", "value", "observation_id", "goal_revision_id"}]``; ``trace``:
    the derived steps and the formula, each with the tree of its nodes. ``value`` is empty where it could not
    be assessed; ``reason`` then says why.
    """

    cycle = TenantForeignKey(
        ReviewCycle, on_delete=models.PROTECT, related_name="scores", verbose_name=_("考核周期")
    )
    person = TenantForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )
    org_unit = TenantForeignKey(
        "tenancy.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name=_("部门")
    )
    state = models.CharField(_("状态"), max_length=16, choices=ScoreState)
    value = models.DecimalField(_("得分"), max_digits=20, decimal_places=6, null=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    rank = models.PositiveIntegerField(_("公司排名"), null=True)
    rank_in_unit = models.PositiveIntegerField(_("部门排名"), null=True)
    inputs = models.JSONField(_("输入"), default=list)
    trace = models.JSONField(_("计算轨迹"), default=list)
    computed_at = models.DateTimeField(_("计算时间"))

    class Meta:
        verbose_name = _("得分")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "cycle", "person"], name="score_person")]
        indexes = [
            models.Index(fields=["tenant_id", "person"], name="score_person_history"),
            models.Index(fields=["tenant_id", "cycle", "rank"], name="score_rank"),
        ]
