"""Runs of a connection."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.connectors.choices import SyncKind, SyncState
from zhiheng.connectors.models.connection import Connection
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import TenantModel


class Sync(TenantModel):
    """One run of a connection, with what it brought.

    ``counts`` holds for each feed ``{"received", "created", "changed", "unchanged", "deleted", "rejected"}``;
    ``samples`` a few rejected rows, each ``{"feed", "problem", "text"}``; ``log`` the end of what the connector
    printed, without secrets.
    """

    connection = TenantForeignKey(
        Connection, on_delete=models.PROTECT, related_name="syncs", verbose_name=_("连接")
    )
    kind = models.CharField(_("方式"), max_length=12, choices=SyncKind)
    state = models.CharField(_("状态"), max_length=12, choices=SyncState, default=SyncState.WAITING)
    window_from = models.DateField(_("重新拉取自"), null=True, blank=True)
    window_to = models.DateField(_("重新拉取至"), null=True, blank=True)
    accepts_deletions = models.BooleanField(_("允许大量删除"), default=False)
    attempt = models.PositiveSmallIntegerField(_("第几次尝试"), default=1)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    counts = models.JSONField(default=dict)
    junk_lines = models.PositiveIntegerField(_("无法识别的行"), default=0)
    samples = models.JSONField(default=list)
    log = models.TextField(_("日志"), blank=True)
    error = models.CharField(_("错误"), max_length=400, blank=True)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("同步")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["tenant_id", "connection", "-created_at"], name="sync_connection")]
