"""Members of a tenant, the grants they have or would get."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor, DataScope
from zhiheng.access.choices import BuiltinRole, ScopeKind
from zhiheng.access.grants import Held, Self, anchor_ids, merge
from zhiheng.access.models import Membership, Role, RoleAssignment
from zhiheng.access.permissions import Permission
from zhiheng.access.policies import READ_MEMBER, check_may_give, widest
from zhiheng.access.queries.actors import units_below
from zhiheng.access.queries.roles import kinds_of
from zhiheng.tenancy.context import tenant_context

PERSON_COLUMNS = {
    "person": "person_id",
    "org_unit": "person__org_unit_id",
    "legal_entity": "person__legal_entity_id",
}


def members_for_actor(actor: Actor, permission: Permission = READ_MEMBER) -> QuerySet[Membership]:
    """Return the members the actor may see (or, by ``permission``, change), with user, person and roles.

    A member belongs to the subsidiary and unit of their person; those without one show to the whole tenant's
    administrators only.
    """
    assignments = RoleAssignment.objects.select_related("role", "within_legal_entity", "within_org_unit")
    return (
        Membership.objects.filter(actor.scope(permission).q(**PERSON_COLUMNS))
        .select_related("user", "person")
        .prefetch_related(Prefetch("assignments", assignments.order_by("id")))
    )


def member_for_actor(actor: Actor, membership_id: object, permission: Permission = READ_MEMBER) -> Membership:
    """Return a member; raises `Http404` for one that is not there or not the actor's to see."""
    member = members_for_actor(actor, permission).filter(id=membership_id).first()
    if member is None:
        raise Http404
    return member


def members_of_role(actor: Actor, role: Role) -> list[Membership]:
    """Return the active members with a role, of those the actor may see."""
    if not actor.can(READ_MEMBER):
        return []
    return list(members_for_actor(actor).filter(assignments__role=role, is_active=True).distinct()[:200])


def assignable_roles(actor: Actor) -> list[Role]:
    """Return the roles of which the actor holds everything, so that offering them makes sense."""
    return [
        role
        for role in Role.objects.prefetch_related("permissions").order_by("-is_builtin", "id")
        if _may_offer(actor, kinds_of(role))
    ]


def _may_offer(actor: Actor, kinds: dict[str, ScopeKind]) -> bool:
    return all(code in actor.grants for code, kind in kinds.items() if kind != ScopeKind.SELF)


def check_may_assign(
    actor: Actor,
    role: Role,
    *,
    person_id: UUID | None,
    within_legal_entity_id: UUID | None = None,
    within_org_unit_id: UUID | None = None,
) -> None:
    """Raise `Escalation` unless the actor holds all that the role would give to the member of this person."""
    held = Held(kinds_of(role), within_legal_entity_id, within_org_unit_id)
    _check_holds(actor, [held], person_id)


def check_may_change(actor: Actor, member: Membership) -> None:
    """Raise `Escalation` unless the actor holds all that the member holds."""
    rows = member.assignments.select_related("role").prefetch_related("role__permissions")
    held = [Held(kinds_of(each.role), each.within_legal_entity_id, each.within_org_unit_id) for each in rows]
    _check_holds(actor, held, member.person_id)


def _check_holds(actor: Actor, held: list[Held], person_id: UUID | None) -> None:
    # In the whole tenant: what the actor cannot see must count, not vanish.
    with tenant_context(actor.tenant_id):
        me = self_of(person_id)
        units = units_below(anchor_ids(held, me))
        grants: dict[str, DataScope] = merge(held, me, units)
    entities = {unit.id: unit.legal_entity_id for unit in units}
    check_may_give(actor, grants, _widest_kinds(held), entities)


def _widest_kinds(held: Iterable[Held]) -> dict[str, ScopeKind]:
    kinds: dict[str, ScopeKind] = {}
    for role in held:
        for code, kind in role.kinds.items():
            kinds[code] = widest([kind, kinds.get(code, kind)])
    return kinds


def self_of(person_id: UUID | None) -> Self:
    """Return a person with their subsidiary and org unit."""
    if person_id is None:
        return Self()
    person = Membership._meta.get_field("person").related_model.objects.get(id=person_id)
    return Self(person.id, person.legal_entity_id, person.org_unit_id)


def person_is_visible(person_id: UUID) -> bool:
    """Tell whether there is such a person, of those the actor's context shows."""
    return Membership._meta.get_field("person").related_model.objects.filter(id=person_id).exists()


def person_of_number(number: str) -> UUID | None:
    """Return the id of the person with an employee number, of those the actor's context shows."""
    people = Membership._meta.get_field("person").related_model.objects
    ids = list(people.filter(employee_number__iexact=number).values_list("id", flat=True)[:2])
    return ids[0] if len(ids) == 1 else None


def other_owner_exists(member: Membership) -> bool:
    """Tell whether somebody else is an active owner of the whole tenant."""
    owners = RoleAssignment.objects.filter(
        role__code=BuiltinRole.OWNER, role__is_builtin=True, within_legal_entity=None, within_org_unit=None
    )
    active = owners.filter(membership__is_active=True, membership__user__is_active=True)
    return active.exclude(membership_id=member.id).exists()
