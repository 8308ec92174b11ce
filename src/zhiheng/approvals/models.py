"""Requests for approval: the chain of steps, and an append-only log of who decided what."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiheng.approvals.choices import Act, RequestState, StepRole, StepState
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel


class ApprovalRequest(LegalEntityModel):
    """Something of another domain (``kind``, ``subject_id``) that others have to agree to.

    ``person`` is whom it is for, ``org_unit`` theirs when it was started. ``summary`` and ``details`` are what
    approvers read: texts by language (see `webkit.texts`), details as pairs of label and value.
    """

    kind = models.CharField(_("类型"), max_length=40)
    subject_id = models.UUIDField(_("审批对象"))
    person = TenantForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("申请人")
    )
    org_unit = TenantForeignKey(
        "tenancy.OrgUnit", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("部门")
    )
    state = models.CharField(_("状态"), max_length=12, choices=RequestState, default=RequestState.PENDING)
    summary = models.JSONField(_("申请摘要"))
    details = models.JSONField(_("明细"), default=list)
    started_by = models.CharField(_("提交人"), max_length=120)
    started_by_user_id = models.UUIDField(null=True)
    started_at = models.DateTimeField(_("提交时间"))
    closed_at = models.DateTimeField(_("审批结束时间"), null=True)

    class Meta:
        verbose_name = _("审批")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "subject_id"], condition=Q(state="pending"), name="approval_request_open"
            )
        ]
        indexes = [
            models.Index(fields=["tenant_id", "subject_id"], name="approval_request_subject"),
            models.Index(fields=["tenant_id", "person", "started_at"], name="approval_request_person"),
            models.Index(fields=["tenant_id", "state", "started_at"], name="approval_request_state"),
        ]


class ApprovalStep(LegalEntityModel):
    """One step of the chain. Any one of ``approver_ids`` decides it; an HR step names nobody.

    ``is_stand_in``: decided by somebody who was not named, but is responsible for the applicant's unit.
    """

    request = TenantForeignKey(ApprovalRequest, on_delete=models.PROTECT, related_name="steps")
    person = TenantForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(_("顺序"))
    role = models.CharField(_("审批身份"), max_length=8, choices=StepRole)
    approver_ids = ArrayField(models.UUIDField(), verbose_name=_("审批人"), default=list)
    state = models.CharField(_("状态"), max_length=12, choices=StepState)
    decided_by = models.CharField(_("处理人"), max_length=120, blank=True)
    decided_by_person_id = models.UUIDField(null=True)
    decided_by_user_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField(_("处理时间"), null=True)
    comment = models.CharField(_("审批意见"), max_length=500, blank=True)
    is_stand_in = models.BooleanField(_("代为处理"), default=False)

    class Meta:
        verbose_name = _("审批步骤")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "request", "position"], name="approval_step_position"),
            models.UniqueConstraint(
                fields=["tenant_id", "request"], condition=Q(state="open"), name="approval_step_open"
            ),
        ]  # fmt: skip
        indexes = [
            GinIndex(fields=["approver_ids"], name="approval_step_approvers"),
            models.Index(fields=["tenant_id", "decided_by_user_id"], name="approval_step_decider"),
        ]


class ApprovalDecision(LegalEntityModel):
    """What somebody did to a request, as it happened; append-only."""

    request = TenantForeignKey(ApprovalRequest, on_delete=models.PROTECT, related_name="decisions")
    step = TenantForeignKey(ApprovalStep, null=True, on_delete=models.PROTECT, related_name="+")
    person = TenantForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    act = models.CharField(_("操作"), max_length=8, choices=Act)
    by = models.CharField(_("处理人"), max_length=120)
    by_user_id = models.UUIDField(null=True)
    at = models.DateTimeField(_("处理时间"))
    comment = models.CharField(_("审批意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("审批记录")
        ordering = ["at"]
        indexes = [models.Index(fields=["tenant_id", "request", "at"], name="approval_decision_request")]
