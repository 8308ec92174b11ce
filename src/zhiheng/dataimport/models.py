"""Batches of imported rows, corrections of cells, remembered mappings."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.dataimport.choices import BatchState
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import TenantModel


class ImportBatch(TenantModel):
    """One file on its way into one target.

    Everything but the file, the header, the mapping and the corrections can be computed again: ``report``
    keeps the counts and the first issues for the pages.
    """

    target = models.CharField(_("导入内容"), max_length=60)
    name = models.CharField(_("文件名"), max_length=255)
    file_id = models.UUIDField(_("文件"))
    sha256 = models.CharField(_("文件摘要"), max_length=64)
    size_bytes = models.BigIntegerField(_("文件大小"))
    state = models.CharField(_("状态"), max_length=12, choices=BatchState, default=BatchState.UPLOADED)
    sheet = models.CharField(_("工作表"), max_length=255, blank=True)
    sheet_names = models.JSONField(_("全部工作表"), default=list)
    header_first = models.PositiveIntegerField(_("表头首行"), default=0)
    header_last = models.PositiveIntegerField(_("表头末行"), default=0)
    columns = models.JSONField(_("表头各列"), default=list)
    mapping = models.JSONField(_("列对应"), default=dict)
    fingerprint = models.CharField(_("表头摘要"), max_length=64, blank=True)
    row_count = models.PositiveIntegerField(_("行数"), default=0)
    error_count = models.PositiveIntegerField(_("错误数"), default=0)
    error_row_count = models.PositiveIntegerField(_("有错误的行数"), default=0)
    warning_count = models.PositiveIntegerField(_("提醒数"), default=0)
    repair_count = models.PositiveIntegerField(_("修正建议数"), default=0)
    report = models.JSONField(_("检查报告"), default=dict)
    is_repairs_accepted = models.BooleanField(_("已接受修正建议"), default=False)
    is_stale = models.BooleanField(_("修改后未重新检查"), default=False)
    created_count = models.PositiveIntegerField(_("新增"), default=0)
    updated_count = models.PositiveIntegerField(_("更新"), default=0)
    unchanged_count = models.PositiveIntegerField(_("无变化"), default=0)
    skipped_count = models.PositiveIntegerField(_("跳过"), default=0)
    job_id = models.UUIDField(_("后台任务"), null=True)
    created_by_id = models.UUIDField(_("上传人编号"), null=True)
    created_by_name = models.CharField(_("上传人"), max_length=120)
    created_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    committed_at = models.DateTimeField(_("导入时间"), null=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True)

    class Meta:
        verbose_name = _("导入批次")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["tenant_id", "-created_at"], name="import_batch_newest")]

    def __str__(self) -> str:
        return self.name


class ImportFix(TenantModel):
    """A corrected text for one cell of a batch; the file itself is never changed."""

    batch = TenantForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="fixes")
    row = models.PositiveIntegerField(_("行"))
    column = models.PositiveIntegerField(_("列"))
    text = models.TextField(_("内容"), blank=True)

    class Meta:
        verbose_name = _("单元格修改")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "batch", "row", "column"], name="import_fix_cell")
        ]

    def __str__(self) -> str:
        return f"{self.row}:{self.column}"


class ImportMapping(TenantModel):
    """The mapping that was last confirmed for a set of headers."""

    target = models.CharField(_("导入内容"), max_length=60)
    fingerprint = models.CharField(_("表头摘要"), max_length=64)
    mapping = models.JSONField(_("列对应"), default=dict)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        verbose_name = _("列对应")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "target", "fingerprint"], name="import_mapping_headers"
            )
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.fingerprint[:8]}"
