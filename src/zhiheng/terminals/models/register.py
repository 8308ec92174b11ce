"""What is known of serial numbers before a tenant is: two tables that all tenants share (ADR 0012)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiheng.tenancy.keys import uuid7


class TerminalClaim(models.Model):
    """That a serial number belongs to a tenant: for ever (``until`` empty), or while its pairing window is open.

    The database shows a tenant its own claims only; the gateway asks for those of one serial number through the
    function ``terminals_claims``. A serial number can be bound by one tenant at a time.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    serial_number = models.CharField(_("序列号"), max_length=64)
    tenant_id = models.UUIDField()
    until = models.DateTimeField(_("配对截止"), null=True)
    key_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("序列号归属")
        constraints = [
            models.UniqueConstraint(fields=["serial_number", "tenant_id"], name="terminal_claim_tenant"),
            models.UniqueConstraint(
                fields=["serial_number"], condition=Q(until=None), name="terminal_claim_bound"
            ),
        ]


class TerminalKnock(models.Model):
    """That a terminal which belongs to nobody asked for entry; helps whoever pairs it to see that it is there."""

    serial_number = models.CharField(_("序列号"), max_length=64, primary_key=True)
    ip_address = models.GenericIPAddressField(_("IP 地址"), null=True)
    first_at = models.DateTimeField(_("首次尝试"))
    last_at = models.DateTimeField(_("最近尝试"))

    class Meta:
        verbose_name = _("未登记设备的尝试")
