"""Serial numbers before a tenant is known: who claims them, and who knocks."""

from __future__ import annotations

import datetime as dt
import hmac
import re
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from zhiheng.tenancy.context import current_tenant_id
from zhiheng.terminals.models import TerminalClaim, TerminalKnock

SERIAL_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,63}", re.ASCII)
KNOCKS_KEPT = 2000
KNOCK_NOTED_EVERY = dt.timedelta(seconds=30)


@dataclass(frozen=True)
class Claim:
    """A tenant's claim of a serial number; ``until`` is ``None`` once it is bound."""

    tenant_id: UUID
    until: dt.datetime | None
    key_hash: str

    def fits(self, key: str) -> bool:
        """Tell whether a communication key is the one that was set, if one was."""
        return not self.key_hash or hmac.compare_digest(self.key_hash, key_hash(key))


def key_hash(key: str) -> str:
    """Return what is kept of a communication key; "" for none."""
    return salted_hmac("zhiheng.terminals.key", key, algorithm="sha256").hexdigest() if key else ""


def claims_of(serial_number: str) -> list[Claim]:
    """Return all tenants' claims of a serial number; needs no tenant."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id, until, key_hash FROM terminals_claims(%s)", [serial_number])
        return [Claim(*row) for row in cursor.fetchall()]


def bound_claim(claims: list[Claim]) -> Claim | None:
    """Return the claim of the tenant that a serial number belongs to."""
    return next((each for each in claims if each.until is None), None)


def open_claim(claims: list[Claim], key: str, now: dt.datetime) -> Claim | None:
    """Return the claim whose pairing window is open and whose key fits; ``None`` unless it is the only one."""
    fitting = [each for each in claims if each.until is not None and each.until > now and each.fits(key)]
    return fitting[0] if len(fitting) == 1 else None


def save_claim(*, serial_number: str, until: dt.datetime | None, key_hash: str) -> None:
    """Claim a serial number for the tenant in force; raise `ValidationError` when another tenant has bound it."""
    try:
        with transaction.atomic():
            TerminalClaim.objects.update_or_create(
                serial_number=serial_number, tenant_id=current_tenant_id(),
                defaults={"until": until, "key_hash": key_hash},
            )  # fmt: skip
    except IntegrityError:
        text = _("序列号 {serial} 已被其他企业启用，请先在原企业停用该设备。")
        raise ValidationError(text.format(serial=serial_number), code="bound_elsewhere") from None


def drop_claim(serial_number: str) -> None:
    """Give a serial number back."""
    TerminalClaim.objects.filter(serial_number=serial_number, tenant_id=current_tenant_id()).delete()


def is_bound_elsewhere(serial_number: str) -> bool:
    """Tell whether another tenant has bound a serial number."""
    bound = bound_claim(claims_of(serial_number))
    return bound is not None and bound.tenant_id != current_tenant_id()


def note_knock(serial_number: str, ip_address: str | None) -> None:
    """Note that a terminal without an owner asked for entry; at most a bounded number is kept."""
    now = timezone.now()
    known = TerminalKnock.objects.filter(serial_number=serial_number)
    last_at = known.values_list("last_at", flat=True).first()
    if last_at is not None:
        if last_at < now - KNOCK_NOTED_EVERY:
            known.update(last_at=now, ip_address=ip_address)
    elif TerminalKnock.objects.count() < KNOCKS_KEPT:
        TerminalKnock.objects.get_or_create(
            serial_number=serial_number,
            defaults={"ip_address": ip_address, "first_at": now, "last_at": now},
        )


def drop_old_knocks(before: dt.datetime) -> int:
    """Forget those who have not knocked since; return how many."""
    return TerminalKnock.objects.filter(last_at__lt=before).delete()[0]
