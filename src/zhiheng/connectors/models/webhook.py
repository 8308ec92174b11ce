"""Systems outside that are told what happens."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import TenantModel


class Webhook(TenantModel):
    """An address that is told of entries of the audit log, in their order and at least once each.

    The log itself is the outbox: ``after_seq`` is the last entry that was delivered. ``domains`` are those whose verbs
    are sent, none for all. The secret is sealed for this tenant and this webhook.
    """

    name = models.CharField(_("名称"), max_length=80)
    url = models.URLField(_("接收地址"), max_length=400)
    domains = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("范围"))
    sealed_secret = models.BinaryField(editable=False)
    is_on_premise = models.BooleanField(_("接收方在内网"), default=False)
    is_paused = models.BooleanField(_("已暂停"), default=False)
    after_seq = models.BigIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(_("连续失败次数"), default=0)
    next_at = models.DateTimeField(_("下次发送"), null=True)
    delivered_at = models.DateTimeField(_("最近送达"), null=True)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("事件推送")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class WebhookAttempt(TenantModel):
    """One try to deliver a message; ``status`` is that of the answer, 0 for none."""

    webhook = TenantForeignKey(Webhook, on_delete=models.CASCADE, related_name="attempts")
    seq = models.BigIntegerField(_("序号"))
    verb = models.CharField(_("事件"), max_length=80)
    status = models.PositiveSmallIntegerField(_("应答"), default=0)
    error = models.CharField(_("错误"), max_length=400, blank=True)
    milliseconds = models.PositiveIntegerField(_("耗时"), default=0)
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("推送记录")
        ordering = ["-at"]
        indexes = [models.Index(fields=["tenant_id", "webhook", "-at"], name="webhook_attempt_at")]
