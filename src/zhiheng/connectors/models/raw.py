"""Rows as a system outside sent them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.connectors.models.connection import Feed
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import TenantModel


class RawRow(TenantModel):
    """The latest revision of a row; `RawRevision` keeps the ones before it.

    ``payload`` is as it was sent, its numbers unrounded; ``payload_hash`` tells whether it changed. ``changed_at`` is
    the instant of the transaction that wrote this revision: a mapping goes on from the last one it saw.
    """

    feed = TenantForeignKey(
        Feed, on_delete=models.PROTECT, related_name="rows", verbose_name=_("接口"), db_index=False
    )
    key = models.CharField(_("主键"), max_length=400)
    revision = models.PositiveIntegerField(_("版本"), default=1)
    payload = models.JSONField(_("内容"))
    payload_hash = models.CharField(max_length=64)
    is_deleted = models.BooleanField(_("来源已删除"), default=False)
    sync_id = models.UUIDField(_("同步"))
    first_seen_at = models.DateTimeField(_("首次到达"))
    changed_at = models.DateTimeField(_("最近变化"))

    class Meta:
        verbose_name = _("原始行")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "feed", "key"], name="raw_row_key")]
        indexes = [models.Index(fields=["tenant_id", "feed", "changed_at", "id"], name="raw_row_changed")]


class RawRevision(TenantModel):
    """A revision of a row that a later one replaced; append-only."""

    row = TenantForeignKey(
        RawRow, on_delete=models.PROTECT, related_name="revisions", verbose_name=_("原始行")
    )
    revision = models.PositiveIntegerField(_("版本"))
    payload = models.JSONField(_("内容"))
    payload_hash = models.CharField(max_length=64)
    is_deleted = models.BooleanField(_("来源已删除"), default=False)
    sync_id = models.UUIDField(_("同步"))
    changed_at = models.DateTimeField(_("变化时间"))

    class Meta:
        verbose_name = _("原始行版本")
        ordering = ["-revision"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "row", "revision"], name="raw_revision_number")
        ]
