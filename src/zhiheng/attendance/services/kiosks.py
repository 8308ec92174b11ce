"""Tablets at the door: set up by HR, paired by a code, known by a token of their own."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.attendance.choices import DeviceKind
from zhiheng.attendance.models import Kiosk
from zhiheng.attendance.policies import MANAGE_SITE
from zhiheng.attendance.queries.sites import device_for_actor, site_for_actor
from zhiheng.attendance.services.devices import ensure_device, note_sync
from zhiheng.audit.public import record
from zhiheng.tenancy.context import current_tenant_id, tenant_context
from zhiheng.tenancy.models import Tenant

PAIRING_LASTS = dt.timedelta(minutes=30)
CODE_DIGITS = 8


@dataclass(frozen=True)
class KioskInfo:
    """A paired tablet; ``actor`` is who the audit log names for what it does: nobody's account, no permission."""

    id: UUID
    device_id: UUID
    device_name: str
    site_id: UUID
    legal_entity_id: UUID
    uses_face: bool
    actor: Actor


def add_kiosk(*, actor: Actor, site_id: UUID, name: str, uses_face: bool = False) -> UUID:
    """Set up a tablet at a site; returns its device's id. It punches for nobody before it is paired."""
    actor.scope(MANAGE_SITE)
    site = site_for_actor(actor, site_id)
    if not name.strip():
        raise ValidationError({"name": _("请填写名称，如“一车间东门”。")})
    device_id = ensure_device(
        code=f"kiosk-{secrets.token_hex(6)}", name=name.strip()[:120], kind=DeviceKind.KIOSK, site_id=site.id,
        legal_entity_id=site.legal_entity_id,
    )  # fmt: skip
    Kiosk.objects.create(device_id=device_id, legal_entity_id=site.legal_entity_id, uses_face=uses_face)
    payload = {"name": name, "site": site.name, "uses_face": uses_face}
    record(actor, "attendance.kiosk.create", subject=("attendance.punch_device", device_id), payload=payload)
    return device_id


def offer_pairing(*, actor: Actor, device_id: UUID) -> str:
    """Return a new pairing code, told this once; an older code and a paired tablet stop working."""
    kiosk = _kiosk_for_actor(actor, device_id)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    kiosk.pairing_hash, kiosk.pairing_until = _code_hash(code), timezone.now() + PAIRING_LASTS
    kiosk.token_hash, kiosk.paired_at = "", None
    kiosk.save(update_fields=["pairing_hash", "pairing_until", "token_hash", "paired_at"])
    record(actor, "attendance.kiosk.offer", subject=("attendance.punch_device", device_id))
    return code


def stop_kiosk(*, actor: Actor, device_id: UUID) -> None:
    """Take the pairing away from a tablet, for instance a lost one."""
    kiosk = _kiosk_for_actor(actor, device_id)
    kiosk.token_hash, kiosk.pairing_hash, kiosk.paired_at = "", "", None
    kiosk.save(update_fields=["token_hash", "pairing_hash", "paired_at"])
    record(actor, "attendance.kiosk.stop", subject=("attendance.punch_device", device_id))


def _kiosk_for_actor(actor: Actor, device_id: UUID) -> Kiosk:
    device = device_for_actor(actor, device_id)
    found = Kiosk.objects.select_for_update().filter(device=device).first()
    if found is None:
        raise ValidationError(_("这个设备不是打卡平板。"))
    return found


# --- The tablet ------------------------------------------------------------------------------------------------


def pair_kiosk(*, company: str, code: str) -> str:
    """Pair the tablet that has a company's code; returns its token. `ValidationError` for a wrong or old code."""
    refused = ValidationError(_("企业标识或配对码不对，或已过期。请向人事要新的配对码。"), code="bad_code")
    tenant = Tenant.objects.filter(slug=company.strip().lower()).first()
    if tenant is None or not code.strip():
        raise refused
    with tenant_context(tenant.id):
        kiosk = (
            Kiosk.objects.select_for_update()
            .filter(pairing_hash=_code_hash(code.strip()), pairing_until__gt=timezone.now())
            .select_related("device")
            .first()
        )
        if kiosk is None or not kiosk.device.is_active:
            raise refused
        secret = secrets.token_urlsafe(32)
        kiosk.token_hash, kiosk.pairing_hash = _hash(secret), ""
        kiosk.paired_at = kiosk.seen_at = timezone.now()
        kiosk.save(update_fields=["token_hash", "pairing_hash", "paired_at", "seen_at"])
        actor = _actor_of(kiosk)
        record(actor, "attendance.kiosk.pair", subject=("attendance.punch_device", kiosk.device_id))
    return f"{tenant.id.hex}.{kiosk.id.hex}.{secret}"


def tenant_of_token(token: str) -> UUID | None:
    """Return the company a token speaks of; proves nothing."""
    try:
        return UUID(hex=token.partition(".")[0])
    except ValueError:
        return None


def kiosk_of_token(token: str) -> KioskInfo | None:
    """Return the tablet with a token, inside its company's context; ``None`` unless it is paired and in use."""
    tenant, _dot, rest = token.partition(".")
    kiosk_id, _dot, secret = rest.partition(".")
    try:
        kiosk = Kiosk.objects.select_related("device__site").filter(id=UUID(hex=kiosk_id)).first()
    except ValueError:
        return None
    if kiosk is None or UUID(hex=tenant) != current_tenant_id() or not kiosk.token_hash:
        return None
    if not hmac.compare_digest(_hash(secret), kiosk.token_hash):
        return None
    device = kiosk.device
    if not device.is_active or device.site is None or not device.site.is_active:
        return None
    return KioskInfo(
        kiosk.id, device.id, device.name, device.site_id, kiosk.legal_entity_id, kiosk.uses_face,
        _actor_of(kiosk),
    )  # fmt: skip


def note_beat(*, kiosk: KioskInfo) -> None:
    """Note that a tablet is there. It keeps no punches, so all before now have arrived."""
    now = timezone.now()
    due = Q(seen_at=None) | Q(seen_at__lt=now - dt.timedelta(seconds=20))
    Kiosk.objects.filter(due, id=kiosk.id).update(seen_at=now)
    note_sync(kiosk.device_id, now)


def _actor_of(kiosk: Kiosk) -> Actor:
    name = _("打卡平板 {name}").format(name=kiosk.device.name)
    return Actor(current_tenant_id(), name, {})


def _code_hash(code: str) -> str:
    return _hash(f"{current_tenant_id()}:{code}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
