"""How a source is read: the connection to it, and its feeds."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import TenantModel
from zhiheng.tenancy.naming import NamedModel


class Connection(TenantModel):
    """How a source is reached: which connector, its settings, its schedule, and how far it has read.

    ``sealed_secrets`` holds the settings that the connector's form marks as secret, sealed for this tenant and this
    connection. ``state`` is what the connector gave to go on from; it changes only in the transaction that stores
    the rows it speaks of.
    """

    source = TenantForeignKey(
        "integrations.Source", on_delete=models.PROTECT, related_name="+", verbose_name=_("数据源")
    )
    connector = models.CharField(_("连接器"), max_length=40)
    settings = models.JSONField(_("设置"), default=dict)
    sealed_secrets = models.BinaryField(null=True, editable=False)
    is_on_premise = models.BooleanField(_("系统在内网"), default=False)
    every_minutes = models.PositiveIntegerField(_("同步间隔（分钟）"), null=True, blank=True)
    is_paused = models.BooleanField(_("已暂停"), default=False)
    state = models.JSONField(default=dict)
    next_at = models.DateTimeField(_("下次同步"), null=True, blank=True)
    failures = models.PositiveSmallIntegerField(_("连续失败次数"), default=0)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("连接")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "source"], name="connection_source")]
        indexes = [models.Index(fields=["tenant_id", "next_at"], name="connection_next")]


class Feed(NamedModel, TenantModel):
    """One kind of raw row that a source sends: an interface of the catalogue, such as its sales orders.

    ``code`` is the name the connector gives it, in any script. ``key_fields`` identify a row. ``schema`` is the JSON
    Schema last declared, ``drift`` what changed against the one before: ``[{"field", "was", "now", "seen_at"}]``.
    With ``is_complete`` each sync sends all rows, so that those it no longer sends are deleted at the source.
    """

    connection = TenantForeignKey(
        Connection, on_delete=models.PROTECT, related_name="feeds", verbose_name=_("连接")
    )
    code = models.CharField(_("编码"), max_length=120)
    business_object = models.CharField(_("业务对象"), max_length=40, blank=True)
    key_fields = ArrayField(models.CharField(max_length=120), default=list, verbose_name=_("主键字段"))
    schema = models.JSONField(default=dict)
    drift = models.JSONField(default=list)
    is_selected = models.BooleanField(_("同步"), default=True)
    is_complete = models.BooleanField(_("每次全量"), default=False)
    row_count = models.PositiveBigIntegerField(_("行数"), default=0)
    last_received_at = models.DateTimeField(_("最近到达"), null=True)

    class Meta:
        verbose_name = _("接口")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["tenant_id", "connection", "code"], name="feed_code")]
