"""How raw rows become records, and the rows that could not."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.connectors.choices import CaseState, Problem
from zhiheng.connectors.models.connection import Connection, Feed
from zhiheng.connectors.models.raw import RawRow
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import TenantModel


class Mapping(TenantModel):
    """One version of how the rows of a feed become records of a stream; the highest version holds.

    ``rules`` is what `connectors.calc.mapping.Rules` reads. ``done_until`` and ``done_id`` say up to which raw row,
    by ``changed_at`` and ``id``, this version has been applied.
    """

    feed = TenantForeignKey(Feed, on_delete=models.PROTECT, related_name="mappings", verbose_name=_("接口"))
    stream = TenantForeignKey(
        "integrations.Stream", on_delete=models.PROTECT, related_name="+", verbose_name=_("数据流")
    )
    version = models.PositiveIntegerField(_("版本"), default=1)
    rules = models.JSONField(_("规则"), default=dict)
    is_active = models.BooleanField(_("启用"), default=True)
    done_until = models.DateTimeField(null=True)
    done_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    created_by = models.CharField(_("创建人"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("映射")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "feed", "stream", "version"], name="mapping_version")
        ]


class UnmatchedRow(TenantModel):
    """A raw row that a mapping could not turn into a record, waiting for somebody.

    ``field`` is the stream's field that could not be filled, ``value`` what stood in the row for it.
    """

    feed = TenantForeignKey(Feed, on_delete=models.PROTECT, related_name="+", verbose_name=_("接口"))
    row = TenantForeignKey(RawRow, on_delete=models.PROTECT, related_name="+", verbose_name=_("原始行"))
    stream = TenantForeignKey(
        "integrations.Stream", on_delete=models.PROTECT, related_name="+", verbose_name=_("数据流")
    )
    problem = models.CharField(_("问题"), max_length=12, choices=Problem)
    field = models.CharField(_("字段"), max_length=120, blank=True)
    value = models.CharField(_("值"), max_length=400, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=CaseState, default=CaseState.OPEN)
    seen_at = models.DateTimeField(_("发现时间"))
    solved_at = models.DateTimeField(_("处理时间"), null=True)
    solved_by = models.CharField(_("处理人"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("未匹配行")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "row", "stream"], name="unmatched_row_stream")
        ]
        indexes = [models.Index(fields=["tenant_id", "feed", "state"], name="unmatched_row_state")]


class Answer(TenantModel):
    """Whom a system means by a value, as somebody said once; it holds for all rows of the connection."""

    connection = TenantForeignKey(
        Connection, on_delete=models.PROTECT, related_name="+", verbose_name=_("连接")
    )
    value = models.CharField(_("值"), max_length=400)
    person = TenantForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )
    answered_at = models.DateTimeField(_("处理时间"), auto_now=True)
    answered_by = models.CharField(_("处理人"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("匹配答案")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "connection", "value"], name="answer_value")
        ]
