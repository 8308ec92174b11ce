"""Founding a company and keeping its profile."""

from __future__ import annotations

import secrets
from datetime import date
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor, system_actor
from zhiheng.access.choices import BuiltinRole
from zhiheng.access.models import Membership, Role, RoleAssignment, User
from zhiheng.access.policies import WRITE_COMPANY
from zhiheng.access.services.members import create_user
from zhiheng.audit.public import record
from zhiheng.tenancy.choices import OrgUnitKind
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import LegalEntity, OrgUnit, Tenant

FIRST_CODE = "HQ"
# Whatever is entered later happened after this.
SINCE = date(1900, 1, 1)


def sign_up_company(*, company_name: str, name: str, email: str, password: str | None) -> Tenant:
    """Make a user and the company they own; raises `ValidationError` for a bad password or a known e-mail."""
    with transaction.atomic():
        user = create_user(email=email, name=name, password=password)
        return found_company(user=user, company_name=company_name)


def found_company(*, user: User, company_name: str) -> Tenant:
    """Make a company with what every one has, owned by ``user``: all of it or nothing.

    It gets its first legal entity and root org unit, both named like the company, and the built-in roles.
    """
    company_name = company_name.strip()
    if not company_name:
        raise ValidationError({"company_name": _("请填写公司名称。")})
    with transaction.atomic():
        tenant = Tenant.objects.create(name=company_name, slug=new_slug(company_name))
        with tenant_context(tenant.id):
            _furnish(tenant)
            membership = Membership.objects.create(user=user)
            owner = Role.objects.get(code=BuiltinRole.OWNER)
            RoleAssignment.objects.create(membership=membership, role=owner)
            record(
                system_actor(tenant.id),
                "access.company.found",
                subject=("tenancy.tenant", tenant.id),
                payload={"name": company_name, "owner": user.email},
            )
    return tenant


def _furnish(tenant: Tenant) -> None:
    entity = LegalEntity.objects.create(code=FIRST_CODE, name=tenant.name)
    unit = OrgUnit(
        legal_entity=entity, code=FIRST_CODE, name=tenant.name, kind=OrgUnitKind.COMPANY, valid=(SINCE, None)
    )
    unit.path = [unit.id]
    unit.save()
    # Names are kept in the language of the program's texts; pages show the label in the reader's language.
    Role.objects.bulk_create(
        Role(code=role.value, name=_builtin_name(role), is_builtin=True) for role in BuiltinRole
    )


def _builtin_name(role: BuiltinRole) -> str:
    from django.utils import translation

    with translation.override("zh-hans"):
        return str(role.label)


def new_slug(company_name: str) -> str:
    """Return a slug that no tenant has: the name's Latin letters and digits, and something random."""
    stem = slugify(company_name)[:40] or "company"
    return f"{stem}-{secrets.token_hex(4)}"


def update_company(*, actor: Actor, name: str, time_zone: str) -> Tenant:
    """Change the company's name and time zone."""
    actor.scope(WRITE_COMPANY)
    tenant = Tenant.objects.select_for_update().get(id=actor.tenant_id)
    before = {"name": tenant.name, "time_zone": tenant.time_zone}
    if not name.strip():
        raise ValidationError({"name": _("请填写公司名称。")})
    if time_zone not in available_timezones():
        raise ValidationError({"time_zone": _("没有这个时区。")})
    tenant.name, tenant.time_zone = name.strip(), time_zone
    tenant.full_clean()
    tenant.save(update_fields=["name", "time_zone"])
    after = {"name": tenant.name, "time_zone": tenant.time_zone}
    record(
        actor,
        "access.company.update",
        subject=("tenancy.tenant", tenant.id),
        payload={"before": before, "after": after},
    )
    return tenant
