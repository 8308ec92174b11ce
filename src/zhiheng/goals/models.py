"""Goals: what somebody is to reach in a period."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.goals.choices import Basis, NegotiationState, Side
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel
from zhiheng.tenancy.naming import in_reader_language


class Goal(LegalEntityModel):
    """A number that a person is to reach, measured by a metric over a period.

    ``org_unit`` is the person's on the last day of the period; ``target`` and ``basis`` repeat the latest revision's.
    """

    person = TenantForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )
    org_unit = TenantForeignKey(
        "tenancy.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name=_("部门")
    )
    metric = TenantForeignKey(
        "metrics.Metric", on_delete=models.PROTECT, related_name="+", verbose_name=_("指标")
    )
    period = TenantForeignKey(
        "metrics.Period", on_delete=models.PROTECT, related_name="+", verbose_name=_("期间")
    )
    name = models.CharField(_("目标名称"), max_length=120, blank=True)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    target = models.DecimalField(_("目标值"), max_digits=38, decimal_places=4)
    revision = models.PositiveIntegerField(_("版本"), default=1)
    basis = models.CharField(_("由来"), max_length=8, choices=Basis, default=Basis.SET)
    is_withdrawn = models.BooleanField(_("已撤回"), default=False)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("目标")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "person", "metric", "period"],
                name="goal_subject",
                violation_error_message=_("该员工在此期间已有同一指标的目标。"),
            )
        ]
        indexes = [models.Index(fields=["tenant_id", "period", "org_unit"], name="goal_period")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the goal's own name in the reader's language, or that of its metric."""
        return in_reader_language(self.name, self.name_en) or self.metric.label


class GoalRevision(LegalEntityModel):
    """A target as it was set, by whom and from which row of which file; append-only."""

    goal = TenantForeignKey(Goal, on_delete=models.PROTECT, related_name="revisions")
    person = TenantForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    org_unit = TenantForeignKey("tenancy.OrgUnit", on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(_("版本"))
    target = models.DecimalField(_("目标值"), max_digits=38, decimal_places=4)
    basis = models.CharField(_("由来"), max_length=8, choices=Basis, default=Basis.SET)
    negotiation_id = models.UUIDField(_("协商"), null=True)
    is_withdrawn = models.BooleanField(_("已撤回"), default=False)
    batch_id = models.UUIDField(_("导入批次"), null=True)
    row_number = models.PositiveIntegerField(_("文件行号"), null=True)
    set_by = models.CharField(_("设定人"), max_length=120, blank=True)
    set_at = models.DateTimeField(_("设定时间"))

    class Meta:
        verbose_name = _("目标版本")
        ordering = ["-revision"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "goal", "revision"], name="goal_revision_number")
        ]
        indexes = [models.Index(fields=["tenant_id", "batch_id"], name="goal_revision_batch")]


class Negotiation(LegalEntityModel):
    """Two sides looking for a target of a person, metric and period that both sign.

    ``evidence`` is the calibration as it was when the negotiation began, see `queries.negotiations.calibration_of`; it
    stays what it was, so that everybody speaks of the same figures. Empty where the past was too short.
    """

    person = TenantForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )
    org_unit = TenantForeignKey(
        "tenancy.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name=_("部门")
    )
    metric = TenantForeignKey(
        "metrics.Metric", on_delete=models.PROTECT, related_name="+", verbose_name=_("指标")
    )
    period = TenantForeignKey(
        "metrics.Period", on_delete=models.PROTECT, related_name="+", verbose_name=_("期间")
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=NegotiationState, default=NegotiationState.OPEN
    )
    evidence = models.JSONField(_("依据"), default=dict)
    opened_at = models.DateTimeField(_("发起时间"), auto_now_add=True)
    opened_by = models.CharField(_("发起人"), max_length=120, blank=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True)
    closed_by = models.CharField(_("结束人"), max_length=120, blank=True)
    closing_reason = models.CharField(_("理由"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("目标协商")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "person", "metric", "period"],
                condition=models.Q(state=NegotiationState.OPEN),
                name="negotiation_open",
            )
        ]
        indexes = [models.Index(fields=["tenant_id", "person", "state"], name="negotiation_person")]


class TargetProposal(LegalEntityModel):
    """A number that one side put forward, with its reason; append-only.

    ``probability`` is that of reaching it by the negotiation's evidence. ``capacity`` is the capacity model behind it:
    ``{"model", "inputs": {name: text}, "value"}``, empty for none.
    """

    negotiation = TenantForeignKey(Negotiation, on_delete=models.PROTECT, related_name="proposals")
    round = models.PositiveIntegerField(_("轮次"))
    side = models.CharField(_("提出方"), max_length=8, choices=Side)
    target = models.DecimalField(_("目标值"), max_digits=38, decimal_places=4)
    reason = models.CharField(_("理由"), max_length=1000, blank=True)
    probability = models.DecimalField(_("达成概率"), max_digits=4, decimal_places=2, null=True)
    capacity = models.JSONField(_("产能测算"), default=dict)
    proposed_by = models.CharField(_("提出人"), max_length=120)
    proposed_at = models.DateTimeField(_("提出时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("目标提议")
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "negotiation", "round"], name="target_proposal_round"
            )
        ]


class GoalOutlook(LegalEntityModel):
    """Where a goal was going to end, as seen on a day: ``p10``, ``p50``, ``p90`` of its final value.

    ``probability`` is that of reaching ``target``, the one of that day. ``on`` is the day that data told of.
    """

    goal = TenantForeignKey(Goal, on_delete=models.CASCADE, related_name="outlooks")
    person = TenantForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    org_unit = TenantForeignKey("tenancy.OrgUnit", on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("日期"))
    actual = models.DecimalField(_("实际"), max_digits=38, decimal_places=4)
    target = models.DecimalField(_("目标值"), max_digits=38, decimal_places=4)
    p10 = models.DecimalField("P10", max_digits=38, decimal_places=4)
    p50 = models.DecimalField(_("预计期末"), max_digits=38, decimal_places=4)
    p90 = models.DecimalField("P90", max_digits=38, decimal_places=4)
    probability = models.DecimalField(_("达成概率"), max_digits=4, decimal_places=2)
    method = models.CharField(_("方法"), max_length=12)

    class Meta:
        verbose_name = _("目标展望")
        ordering = ["-on"]
        constraints = [models.UniqueConstraint(fields=["tenant_id", "goal", "on"], name="goal_outlook_day")]


class GoalReply(LegalEntityModel):
    """What somebody has to say about how a goal ended: the right of reply of the person, and answers; append-only."""

    goal = TenantForeignKey(Goal, on_delete=models.PROTECT, related_name="replies")
    person = TenantForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    org_unit = TenantForeignKey("tenancy.OrgUnit", on_delete=models.PROTECT, related_name="+")
    side = models.CharField(_("提出方"), max_length=8, choices=Side)
    text = models.CharField(_("说明"), max_length=2000)
    written_by = models.CharField(_("填写人"), max_length=120)
    written_at = models.DateTimeField(_("填写时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("目标说明")
        ordering = ["written_at"]
        indexes = [models.Index(fields=["tenant_id", "goal"], name="goal_reply_goal")]
