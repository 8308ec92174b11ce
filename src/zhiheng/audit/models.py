"""The audit log: entries in a chain, what may be erased of them, and the signed end of the chain."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.tenancy.fields import TenantOneToOneField
from zhiheng.tenancy.models import TenantModel


class AuditEntry(TenantModel):
    """Who did what to which thing, and when; its hash covers that, its payload's hash and the entry before.

    The application can add entries and never change or delete them. Ids of the actor and the subject are
    plain columns: what they point to may be gone while the entry stays.
    """

    seq = models.BigIntegerField(_("序号"))
    at = models.DateTimeField(_("时间"))
    user_id = models.UUIDField(_("用户"), null=True)
    membership_id = models.UUIDField(_("成员"), null=True)
    person_id = models.UUIDField(_("人员"), null=True)
    token_id = models.UUIDField(_("API 令牌"), null=True)
    verb = models.CharField(_("操作"), max_length=80)
    subject_type = models.CharField(_("对象类型"), max_length=80)
    subject_id = models.CharField(_("对象"), max_length=80)
    payload_hash = models.BinaryField(_("内容摘要"), max_length=32)
    previous_hash = models.BinaryField(_("上一条摘要"), max_length=32)
    hash = models.BinaryField(_("摘要"), max_length=32)

    class Meta:
        verbose_name = _("审计记录")
        ordering = ["-seq"]
        constraints = [models.UniqueConstraint(fields=["tenant_id", "seq"], name="audit_entry_seq")]
        indexes = [
            models.Index(fields=["tenant_id", "verb", "seq"], name="audit_entry_verb"),
            models.Index(fields=["tenant_id", "membership_id", "seq"], name="audit_entry_member"),
            models.Index(fields=["tenant_id", "subject_type", "subject_id"], name="audit_entry_subject"),
            models.Index(fields=["tenant_id", "at"], name="audit_entry_at"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"


class AuditPayload(TenantModel):
    """What may be erased of an entry: the actor's name and the content, as canonical JSON, with their salt.

    Text and not ``jsonb``, which would spell numbers anew and change the hash. The application can only
    change a row into an erased one (a policy of the database).
    """

    entry = TenantOneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="payload")
    actor_name = models.CharField(_("操作者"), max_length=120, blank=True)
    content = models.TextField(_("内容"), null=True)
    salt = models.BinaryField(null=True, max_length=32)
    erased_at = models.DateTimeField(_("清除时间"), null=True)

    class Meta:
        verbose_name = _("审计内容")


class AuditHead(TenantModel):
    """The end of a tenant's chain, signed; its row is locked by whoever appends."""

    seq = models.BigIntegerField(_("序号"), default=0)
    hash = models.BinaryField(_("摘要"), max_length=32)
    at = models.DateTimeField(_("时间"))
    signature = models.BinaryField(_("签名"), max_length=64)

    class Meta:
        verbose_name = _("审计链头")
        constraints = [models.UniqueConstraint(fields=["tenant_id"], name="audit_head_tenant")]
