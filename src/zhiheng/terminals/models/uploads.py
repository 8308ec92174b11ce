"""What terminals sent: as it came, what nobody could be found for, and what happened at them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel
from zhiheng.terminals.choices import EventKind
from zhiheng.terminals.models.terminals import Terminal


class TerminalUpload(LegalEntityModel):
    """An upload as it came, written before anything is made of it; added only, deleted after its time.

    Of templates and photos of people only size and fingerprint are kept: nobody consented to storing them here. The
    picture of a punch is a stored file. ``report``: lines, new punches, and so on.
    """

    terminal = TenantForeignKey(Terminal, on_delete=models.PROTECT, related_name="uploads")
    path = models.CharField(_("地址"), max_length=200)
    table = models.CharField(_("数据表"), max_length=40)
    stamp = models.CharField(_("时间戳"), max_length=40, blank=True)
    body = models.BinaryField(_("内容"))
    size = models.PositiveIntegerField(_("大小"))
    received_at = models.DateTimeField(_("接收时间"))
    line_count = models.PositiveIntegerField(_("行数"), default=0)
    bad_count = models.PositiveIntegerField(_("无法读取"), default=0)
    report = models.JSONField(_("处理结果"), default=dict)

    class Meta:
        verbose_name = _("原始上传")
        ordering = ["-received_at"]
        indexes = [
            models.Index(fields=["tenant_id", "terminal", "received_at"], name="terminal_upload_time"),
            models.Index(fields=["tenant_id", "received_at"], name="terminal_upload_age"),
        ]


class UnknownPunch(LegalEntityModel):
    """A punch with a PIN that nobody has; it becomes somebody's punch once the PIN is given to them."""

    terminal = TenantForeignKey(Terminal, on_delete=models.PROTECT, related_name="unknown_punches")
    upload_id = models.UUIDField()
    pin = models.CharField(_("人员编号"), max_length=24)
    wall_time = models.CharField(_("设备时间"), max_length=19)
    punched_at = models.DateTimeField(_("打卡时间"))
    received_at = models.DateTimeField(_("接收时间"))
    status = models.PositiveSmallIntegerField(_("方向代码"))
    verify = models.PositiveSmallIntegerField(_("验证方式代码"))
    person = TenantForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("归属员工")
    )
    assigned_at = models.DateTimeField(_("归属时间"), null=True)

    class Meta:
        verbose_name = _("未知人员打卡")
        ordering = ["-punched_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "terminal", "pin", "wall_time"], name="unknown_punch_time"
            )
        ]


class TerminalEvent(LegalEntityModel):
    """Something that happened at a terminal or on the way here; sent again, it is the same one (``key``).

    ``code`` is the operation's or error's, or a `GatewayIssue`. ``happened_at`` is empty when the terminal's clock
    said nothing readable.
    """

    terminal = TenantForeignKey(Terminal, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("类型"), max_length=12, choices=EventKind)
    code = models.CharField(_("代码"), max_length=40)
    key = models.CharField(max_length=64)
    pin = models.CharField(_("人员编号"), max_length=24, blank=True)
    operator = models.CharField(_("操作者"), max_length=40, blank=True)
    happened_at = models.DateTimeField(_("发生时间"), null=True)
    received_at = models.DateTimeField(_("接收时间"))
    details = models.JSONField(_("详情"), default=dict)
    upload_id = models.UUIDField(null=True)
    is_alarming = models.BooleanField(_("需关注"), default=False)
    seen_at = models.DateTimeField(_("已知悉"), null=True)

    class Meta:
        verbose_name = _("考勤机事件")
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "terminal", "key"], name="terminal_event_key")
        ]
        indexes = [models.Index(fields=["tenant_id", "terminal", "received_at"], name="terminal_event_time")]
