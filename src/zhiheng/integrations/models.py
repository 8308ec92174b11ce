"""Data from outside: sources, the streams they send, and the records that arrived.

Records are immutable. A row that changed at its source is a new revision; one that was taken back is a
revision marked as withdrawn. What a later calculation needs of the past is therefore always still there.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.integrations.choices import SourceKind
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel, TenantModel
from zhiheng.tenancy.naming import NamedModel


class Source(NamedModel, TenantModel):
    """Where data come from: a system of the tenant, or files that somebody uploads."""

    code = models.SlugField(_("编码"), max_length=40, db_index=False)
    kind = models.CharField(_("类型"), max_length=12, choices=SourceKind, default=SourceKind.FILE)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("数据源")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["tenant_id", "code"], name="source_code")]


class Stream(NamedModel, TenantModel):
    """One kind of row that a source sends, with the fields it declares.

    ``fields`` is a list of ``{"name", "label", "label_en", "kind", "places"}``; ``key_fields`` identify a
    row, ``occurred_field`` dates it, ``subject_field`` holds the employee number of the person it counts
    for (may be empty).
    """

    source = TenantForeignKey(
        Source, on_delete=models.PROTECT, related_name="streams", verbose_name=_("数据源")
    )
    code = models.SlugField(_("编码"), max_length=40, db_index=False)
    fields = models.JSONField(_("字段"), default=list)
    key_fields = ArrayField(models.CharField(max_length=60), verbose_name=_("主键字段"))
    occurred_field = models.CharField(_("发生日期字段"), max_length=60)
    subject_field = models.CharField(_("员工字段"), max_length=60, blank=True)
    # Not called legal_entity: by that name a policy would hide the stream from other subsidiaries.
    default_legal_entity = TenantForeignKey(
        "tenancy.LegalEntity", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("无归属员工时的法人实体"),
    )  # fmt: skip
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("数据流")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["tenant_id", "code"], name="stream_code")]


class Record(LegalEntityModel):
    """A row as it arrived; append-only.

    ``payload`` has only text, integers, booleans and null: decimals and dates are text in canonical form, so
    that the same row always has the same bytes, of which ``payload_hash`` is the SHA-256. ``origin_id`` and
    ``origin_revision`` name the raw row of a connected system that a mapping made it of.
    """

    stream = TenantForeignKey(
        Stream, on_delete=models.PROTECT, related_name="records", verbose_name=_("数据流")
    )
    key = models.CharField(_("记录编号"), max_length=200)
    revision = models.PositiveIntegerField(_("版本"), default=1)
    occurred_on = models.DateField(_("发生日期"))
    payload = models.JSONField(_("内容"))
    payload_hash = models.CharField(max_length=64)
    person = TenantForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("归属员工")
    )
    org_unit = TenantForeignKey(
        "tenancy.OrgUnit", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("部门")
    )
    is_withdrawn = models.BooleanField(_("已撤回"), default=False)
    batch_id = models.UUIDField(_("导入批次"), null=True)
    row_number = models.PositiveIntegerField(_("文件行号"), null=True)
    origin_id = models.UUIDField(_("原始行"), null=True)
    origin_revision = models.PositiveIntegerField(_("原始行版本"), null=True)
    received_at = models.DateTimeField(_("接收时间"))

    class Meta:
        verbose_name = _("记录")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "stream", "key", "revision"], name="record_revision")
        ]
        indexes = [
            models.Index(fields=["tenant_id", "stream", "occurred_on"], name="record_occurred"),
            models.Index(fields=["tenant_id", "occurred_on", "id"], name="record_newest"),
            models.Index(fields=["tenant_id", "person", "occurred_on"], name="record_person"),
            models.Index(fields=["tenant_id", "batch_id"], name="record_batch"),
            models.Index(
                fields=["tenant_id", "origin_id"],
                name="record_origin",
                condition=models.Q(origin_id__isnull=False),
            ),
            # Few rows ever change: whether a row is the latest of its key is asked of these few.
            models.Index(
                fields=["tenant_id", "stream", "key"],
                name="record_changed",
                condition=models.Q(revision__gt=1),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Change(TenantModel):
    """Word that records of some days came or went; whoever keeps figures of them takes the row away.

    Written in the transaction of the records, and only ever added, so that writers never wait for one another.
    """

    stream = TenantForeignKey(Stream, on_delete=models.CASCADE, related_name="+", verbose_name=_("数据流"))
    first_on = models.DateField(_("最早发生日期"))
    last_on = models.DateField(_("最晚发生日期"))

    class Meta:
        verbose_name = _("记录变动")
        indexes = [models.Index(fields=["tenant_id", "stream"], name="change_stream")]

    def __str__(self) -> str:
        return f"{self.first_on}–{self.last_on}"
