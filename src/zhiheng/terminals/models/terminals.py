"""Terminals, the people on them, and what they are told to do."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel
from zhiheng.terminals.choices import (
    CommandKind,
    CommandState,
    PinOrigin,
    PushState,
    TerminalState,
    TextEncoding,
)


class Terminal(LegalEntityModel):
    """A time clock that sends punches by itself (ZKTeco PUSH).

    ``zone`` is the zone of its clock; ``stamps`` what each of its tables goes on from, ``resend`` the tables asked for
    anew. ``connected_since``: since then it has asked without a long pause. The counts are what it says it holds.
    """

    serial_number = models.CharField(_("序列号"), max_length=64)
    name = models.CharField(_("名称"), max_length=120)
    state = models.CharField(
        _("状态"), max_length=12, choices=TerminalState, default=TerminalState.EXPECTED, editable=False
    )
    site = TenantForeignKey(
        "attendance.Site", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("打卡地点"),
    )  # fmt: skip
    device = TenantForeignKey(
        "attendance.PunchDevice", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    zone = models.CharField(_("时区"), max_length=40, default="Asia/Shanghai")
    encoding = models.CharField(
        _("姓名编码"), max_length=12, choices=TextEncoding, default=TextEncoding.UTF8, editable=False
    )
    allowed_ips = ArrayField(
        models.GenericIPAddressField(), verbose_name=_("允许的 IP 地址"), default=list, blank=True
    )
    key_hash = models.CharField(max_length=64, blank=True, editable=False)
    keep_days = models.PositiveIntegerField(_("原始上传保留天数"), default=400)

    model_name = models.CharField(_("型号"), max_length=120, blank=True, editable=False)
    firmware = models.CharField(_("固件"), max_length=120, blank=True, editable=False)
    push_version = models.CharField(_("协议版本"), max_length=20, blank=True, editable=False)
    device_type = models.CharField(max_length=20, blank=True, editable=False)
    language = models.CharField(max_length=10, blank=True, editable=False)
    ip_address = models.GenericIPAddressField(_("IP 地址"), null=True, editable=False)
    options = models.JSONField(_("设备参数"), default=dict, editable=False)
    stamps = models.JSONField(default=dict, editable=False)
    resend = ArrayField(models.CharField(max_length=12), default=list, editable=False)
    user_count = models.PositiveIntegerField(_("设备人员数"), null=True, editable=False)
    face_count = models.PositiveIntegerField(_("设备人脸数"), null=True, editable=False)
    punch_count = models.PositiveIntegerField(_("设备打卡数"), null=True, editable=False)

    window_until = models.DateTimeField(_("配对截止"), null=True, editable=False)
    created_at = models.DateTimeField(_("登记时间"), auto_now_add=True)
    approved_at = models.DateTimeField(_("批准时间"), null=True, editable=False)
    connected_since = models.DateTimeField(_("持续在线自"), null=True, editable=False)
    last_seen_at = models.DateTimeField(_("最近连接"), null=True, editable=False)
    last_upload_at = models.DateTimeField(_("最近上传"), null=True, editable=False)
    newest_punch_at = models.DateTimeField(_("最新打卡"), null=True, editable=False)
    command_number = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("考勤机")
        ordering = ["name", "serial_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "serial_number"],
                name="terminal_serial",
                violation_error_message=_("该序列号已登记，请在列表中查找。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class TerminalUser(LegalEntityModel):
    """A PIN of a terminal: whose it is, and whether the terminal has what it should have of them.

    Without a person it is somebody the terminal knows and we do not. ``device_name`` is the name on the terminal,
    ``face_state`` about the photo from which it recognises them.
    """

    terminal = TenantForeignKey(Terminal, on_delete=models.CASCADE, related_name="users")
    pin = models.CharField(_("人员编号"), max_length=24)
    person = TenantForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )
    origin = models.CharField(_("编号来源"), max_length=12, choices=PinOrigin)
    state = models.CharField(_("下发状态"), max_length=12, choices=PushState, default=PushState.NONE)
    face_state = models.CharField(_("人脸照片"), max_length=12, choices=PushState, default=PushState.NONE)
    error = models.CharField(_("失败原因"), max_length=200, blank=True)
    device_name = models.CharField(_("设备上的姓名"), max_length=120, blank=True)
    privilege = models.PositiveSmallIntegerField(_("设备权限"), default=0)
    is_on_device = models.BooleanField(_("设备中有"), default=False)
    templates = models.JSONField(_("登记的特征"), default=dict)  # kind: how many
    pushed_at = models.DateTimeField(_("下发时间"), null=True)
    seen_at = models.DateTimeField(_("设备上报时间"), null=True)

    class Meta:
        verbose_name = _("考勤机人员")
        ordering = ["pin"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "terminal", "pin"], name="terminal_user_pin")
        ]
        indexes = [models.Index(fields=["tenant_id", "person"], name="terminal_user_person")]

    def __str__(self) -> str:
        return self.pin


class TerminalCommand(LegalEntityModel):
    """Something a terminal is told to do when it next asks; ``number`` is what the two call it.

    ``text`` is written when it is sent, from ``values``, and kept without photos. ``answer`` is what the terminal
    said to it.
    """

    terminal = TenantForeignKey(Terminal, on_delete=models.CASCADE, related_name="commands")
    user = TenantForeignKey(TerminalUser, null=True, on_delete=models.CASCADE, related_name="commands")
    number = models.PositiveIntegerField(_("编号"))
    kind = models.CharField(_("命令"), max_length=20, choices=CommandKind)
    values = models.JSONField(default=dict)
    text = models.CharField(_("内容"), max_length=400, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=CommandState, default=CommandState.QUEUED)
    return_code = models.IntegerField(_("返回码"), null=True)
    answer = models.TextField(_("设备答复"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("发送次数"), default=0)
    requested_by = models.CharField(_("发起人"), max_length=120)
    queued_at = models.DateTimeField(_("下达时间"))
    sent_at = models.DateTimeField(_("取走时间"), null=True)
    done_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = _("考勤机命令")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "terminal", "number"], name="terminal_command_number"
            )
        ]
        indexes = [models.Index(fields=["tenant_id", "terminal", "state"], name="terminal_command_state")]
