"""Stored files, in the database so that one backup and one boundary hold for all."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import TenantModel


class StoredFile(TenantModel):
    """A file somebody uploaded or the product made; never changed, only deleted with what it belongs to.

    ``kind`` says which domain it belongs to, such as ``dataimport.upload``. A file with a legal entity is
    hidden by the database from those who may not see that subsidiary; without one it is the tenant's.
    Queries leave the bytes out until they are asked for.
    """

    legal_entity = TenantForeignKey(
        "tenancy.LegalEntity", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("法人实体"),
    )  # fmt: skip
    name = models.CharField(_("文件名"), max_length=255)
    kind = models.CharField(_("类型"), max_length=80)
    size = models.BigIntegerField(_("大小"))
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by_user_id = models.UUIDField(_("上传用户"), null=True)
    uploaded_by_membership_id = models.UUIDField(_("上传成员"), null=True)
    created_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    content = models.BinaryField(_("内容"))

    class Meta:
        verbose_name = _("文件")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["tenant_id", "kind", "created_at"], name="stored_file_kind")]

    def __str__(self) -> str:
        return self.name
