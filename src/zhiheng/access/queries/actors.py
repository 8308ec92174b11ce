"""Who acts: from a user or an API token to an actor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.utils import timezone

from zhiheng.access.actor import Actor
from zhiheng.access.grants import Held, Self, Unit, anchor_ids, kinds_of_role, legal_entities, merge
from zhiheng.access.models import ApiToken, Membership, RoleAssignment, RolePermission, User
from zhiheng.access.permissions import all_permissions
from zhiheng.access.secrets import Credential
from zhiheng.tenancy.choices import TenantStatus
from zhiheng.tenancy.context import tenant_context, user_context
from zhiheng.tenancy.models import OrgUnit, Tenant

USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Place:
    """A user's usable membership of a tenant."""

    tenant_id: UUID
    tenant_name: str
    membership_id: UUID
    user_id: UUID
    user_name: str
    person_id: UUID | None


def places_of_user(user: User) -> list[Place]:
    """Return where a user can work, the one they last chose first; reads before a tenant is chosen."""
    if not user.is_active:
        return []
    with user_context(user.id):
        rows = _usable(Membership.unguarded.filter(user_id=user.id))
        rows = rows.order_by(F("chosen_at").desc(nulls_last=True), "created_at", "id")
        return [_place(row, user) for row in rows]


def actor_for(user: User, tenant_id: UUID) -> Actor | None:
    """Return a user as an actor in a tenant; ``None`` without a usable membership there."""
    place = next((each for each in places_of_user(user) if each.tenant_id == tenant_id), None)
    return place and actor_at(place)


def actor_at(place: Place) -> Actor:
    """Return the actor of a membership, with the grants of all its roles."""
    with tenant_context(place.tenant_id):
        held, me = _held_by(place)
        units = units_below(anchor_ids(held, me))
    grants = merge(held, me, units)
    return Actor(
        tenant_id=place.tenant_id,
        name=place.user_name,
        grants=grants,
        user_id=place.user_id,
        membership_id=place.membership_id,
        person_id=place.person_id,
        legal_entity_ids=legal_entities(grants, me, units, all_permissions()),
        tenant_name=place.tenant_name,
    )


def actor_of_token(credential: Credential) -> Actor | None:
    """Return the actor of an API token: its member's grants, cut down to the token's permissions."""
    with tenant_context(credential.tenant_id):
        token = ApiToken.objects.select_related("membership__user").filter(id=credential.id).first()
        if token is None or not credential.matches(token.secret_hash) or not _is_valid(token):
            return None
        found = _usable(Membership.objects.filter(id=token.membership_id, user__is_active=True)).first()
        if found is None:
            return None
        _note_use(token)
    actor = actor_at(_place(found, token.membership.user))
    grants = {code: scope for code, scope in actor.grants.items() if code in set(token.codes)}
    return Actor(**{**vars(actor), "grants": grants, "token_id": token.id})


def _is_valid(token: ApiToken) -> bool:
    return token.revoked_at is None and (token.expires_at is None or token.expires_at > timezone.now())


def _note_use(token: ApiToken) -> None:
    """Note when the token was used, once a minute at most: a write a request would be too dear."""
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at < now - USE_NOTED_EVERY:
        ApiToken.objects.filter(stale, id=token.id).update(last_used_at=now)


def _usable(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Keep active memberships of tenants that are not suspended, and annotate the tenant's name."""
    tenant = Tenant.objects.filter(id=OuterRef("tenant_id")).exclude(status=TenantStatus.SUSPENDED)
    return memberships.filter(is_active=True).annotate(
        tenant_name=Subquery(tenant.values("name"))
    ).filter(tenant_name__isnull=False)  # fmt: skip


def _place(row: Membership, user: User) -> Place:
    return Place(row.tenant_id, row.tenant_name, row.id, user.id, str(user), row.person_id)


def _held_by(place: Place) -> tuple[list[Held], Self]:
    """Read the roles of a membership and its person in one query."""
    custom = RolePermission.objects.filter(role_id=OuterRef("role_id"))
    rows = (
        RoleAssignment.objects.filter(membership_id=place.membership_id)
        .annotate(
            custom=ArraySubquery(custom.values(pair=Concat("code", Value(":"), "scope_kind"))),
            person_legal_entity_id=F("membership__person__legal_entity_id"),
            person_org_unit_id=F("membership__person__org_unit_id"),
        )
        .select_related("role")
    )
    me, held = Self(place.person_id), []
    for row in rows:
        me = Self(place.person_id, row.person_legal_entity_id, row.person_org_unit_id)
        pairs = [tuple(pair.split(":")) for pair in row.custom]
        kinds = kinds_of_role(row.role.code, row.role.is_builtin, pairs)
        held.append(Held(kinds, row.within_legal_entity_id, row.within_org_unit_id))
    return held, me


def units_below(ids: set[UUID]) -> list[Unit]:
    """Return org units and all below them."""
    if not ids:
        return []
    rows = OrgUnit.objects.filter(path__overlap=list(ids)).values_list("id", "legal_entity_id", "path")
    return [Unit(unit_id, entity_id, tuple(path)) for unit_id, entity_id, path in rows]
