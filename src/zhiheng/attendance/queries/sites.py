"""Sites: whose they are, where they lie, and what punches there on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from zhiheng.access.actor import Actor
from zhiheng.attendance.calc.geo import Fence, Placed, Point, place
from zhiheng.attendance.choices import FlagAction, PunchRisk
from zhiheng.attendance.models import PunchDevice, Site, SiteAssignment
from zhiheng.attendance.policies import MANAGE_SITE
from zhiheng.people.public import persons_by_id
from zhiheng.tenancy.context import current_tenant_id, tenant_context
from zhiheng.tenancy.models import LegalEntity, OrgUnit, Tenant

DEFAULT_ACTIONS: Mapping[str, str] = dict.fromkeys(PunchRisk.values, FlagAction.REVIEW) | {
    PunchRisk.STALE_FIX: FlagAction.BLOCK,
    PunchRisk.NEW_DEVICE: FlagAction.ALLOW,
    PunchRisk.FIXED_ACCURACY: FlagAction.ALLOW,
}
"""What a site does about a risk where nobody said otherwise. An old fix is refused, as a new one is a tap away."""


@dataclass(frozen=True)
class SiteInfo:
    """A site as punches need it."""

    id: UUID
    code: str
    name: str
    legal_entity_id: UUID
    fence: Fence
    methods: tuple[str, ...]
    actions: Mapping[str, str]
    wifi: tuple[str, ...]
    zone: str

    def action(self, risk: str) -> str:
        """Return what the site does about a risk."""
        return action_of(self.actions, risk)

    def today(self, now: dt.datetime) -> dt.date:
        """Return the date at the site."""
        return now.astimezone(ZoneInfo(self.zone)).date()


def action_of(actions: Mapping[str, str], risk: str) -> str:
    """Return what is done about a risk under some settings."""
    return str(actions.get(risk) or DEFAULT_ACTIONS[risk])


def sites_for_actor(actor: Actor) -> QuerySet[Site]:
    """Return the sites that the actor manages, with how many devices and rules of scope each has."""
    actor.scope(MANAGE_SITE)
    return Site.objects.select_related("legal_entity").annotate(
        device_count=Count("devices", distinct=True), scope_count=Count("assignments", distinct=True)
    )


def site_for_actor(actor: Actor, site_id: UUID) -> Site:
    """Return a site; 404 when it is not there or not the actor's to manage."""
    found = sites_for_actor(actor).filter(id=site_id).first()
    if found is None:
        raise Http404
    return found


def assignments_of_site(site: Site) -> QuerySet[SiteAssignment]:
    """Return who may punch at a site, units first."""
    rows = SiteAssignment.objects.filter(site=site).select_related("person", "org_unit")
    return rows.order_by("org_unit__code", "person__employee_number")


def devices_for_actor(actor: Actor) -> QuerySet[PunchDevice]:
    """Return what people punch on."""
    actor.scope(MANAGE_SITE)
    return PunchDevice.objects.select_related("site", "legal_entity", "kiosk")


def device_for_actor(actor: Actor, device_id: UUID) -> PunchDevice:
    """Return a device; 404 when it is not there or not the actor's to manage."""
    found = devices_for_actor(actor).filter(id=device_id).first()
    if found is None:
        raise Http404
    return found


def legal_entities(actor: Actor) -> list[tuple[UUID, str]]:
    """Return the subsidiaries that sites of the actor may belong to."""
    rows = LegalEntity.objects.filter(is_active=True)
    if actor.legal_entity_ids is not None:
        rows = rows.filter(id__in=actor.legal_entity_ids)
    return [(row.id, row.name) for row in rows]


def sites_of(person_id: UUID, on: dt.date | None = None) -> list[SiteInfo]:
    """Return where somebody may punch on a day (today): their own sites, then those of their units, nearest unit first.

    A site of another subsidiary counts too: people work where they are sent.
    """
    person = persons_by_id([person_id]).get(person_id)
    if person is None:
        return []
    day = on or timezone.localdate()
    with tenant_context(current_tenant_id()):
        unit = OrgUnit.objects.filter(id=person.org_unit_id).first()
        path = list(unit.path) if unit else []
        rows = SiteAssignment.objects.filter(
            Q(person_id=person_id) | Q(org_unit_id__in=path), valid__contains=day, site__is_active=True
        ).select_related("site")
        depth = {unit_id: number for number, unit_id in enumerate(path)}
        ranked = sorted(rows, key=lambda row: (-depth.get(row.org_unit_id, len(path)), row.site.code))
        return [site_info(each) for each in dict.fromkeys(row.site for row in ranked)]


def site_by_id(site_id: UUID) -> SiteInfo | None:
    """Return an active site of the tenant; checks no permission."""
    found = Site.objects.filter(id=site_id, is_active=True).first()
    return found and site_info(found)


def people_of_site(site_id: UUID, on: dt.date) -> set[UUID]:
    """Return who may punch at a site on a day. Checks no permission."""
    from zhiheng.people.public import persons_of_units

    rows = list(SiteAssignment.objects.filter(site_id=site_id, valid__contains=on))
    units = {row.org_unit_id for row in rows if row.org_unit_id}
    return {row.person_id for row in rows if row.person_id} | {
        each.id for each in (persons_of_units(units, on) if units else ())
    }


def site_info(site: Site) -> SiteInfo:
    """Return a site as punches need it."""
    return SiteInfo(
        site.id, site.code, site.name, site.legal_entity_id, fence_of(site), tuple(site.methods),
        dict(site.actions), tuple(site.wifi), site.zone,
    )  # fmt: skip


def fence_of(site: Site) -> Fence:
    """Return the outline of a site."""
    centre = None if site.latitude is None else (float(site.latitude), float(site.longitude))
    corners = tuple((float(latitude), float(longitude)) for latitude, longitude in site.polygon)
    return Fence(centre, site.radius, corners)


def nearest_site(
    sites: list[SiteInfo], point: Point, accuracy: int | None
) -> tuple[SiteInfo, Placed] | tuple[None, None]:
    """Return the site a point is in, else the nearest one; without fences there is none."""
    placed = [(each, found) for each in sites if (found := place(point, each.fence, accuracy))]
    if not placed:
        return None, None
    return min(placed, key=lambda each: (not each[1].is_inside, each[1].distance))


def site_choices(actor: Actor) -> list[tuple[str, str]]:
    """Return the sites of the actor's subsidiaries, for filters."""
    rows = Site.objects.all()
    if actor.legal_entity_ids is not None:
        rows = rows.filter(legal_entity_id__in=actor.legal_entity_ids)
    return [(str(row.id), row.name) for row in rows]


def site_row(site_id: UUID) -> Site:
    """Return a site of the tenant; 404 when it is not there. Checks no permission."""
    found = Site.objects.filter(id=site_id).first()
    if found is None:
        raise Http404
    return found


def company_slug() -> str:
    """Return what the company in force is called in addresses and on tablets."""
    return Tenant.objects.values_list("slug", flat=True).get(id=current_tenant_id())
