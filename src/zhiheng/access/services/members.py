"""Members of a tenant: making, changing and deactivating them."""

from __future__ import annotations

from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from zhiheng.access import queries
from zhiheng.access.actor import Actor
from zhiheng.access.choices import BuiltinRole
from zhiheng.access.models import Membership, Role, RoleAssignment, User
from zhiheng.access.policies import WRITE_MEMBER
from zhiheng.audit.public import record
from zhiheng.tenancy.models import LegalEntity, OrgUnit


def create_user(*, email: str, name: str, password: str | None) -> User:
    """Make a user who can sign in; without a password they have to set one by a link.

    Raises `ValidationError` for a bad password and for an e-mail that is taken.
    """
    user = User(email=email.strip().lower(), name=name.strip())
    if password is not None:
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise ValidationError({"password": error.messages}) from error
    user.set_password(password)
    user.full_clean(exclude=["password"])
    with transaction.atomic():
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    return user


def create_member(
    *,
    actor: Actor,
    email: str,
    name: str,
    role: str | UUID,
    password: str | None = None,
    person_id: UUID | None = None,
    within_legal_entity_id: UUID | None = None,
    within_org_unit_id: UUID | None = None,
) -> Membership:
    """Make a member with one role (its code or id), and the user if the e-mail is new.

    A user that is known keeps their password and name. Raises `ValidationError` if they are a member already
    and `Escalation` for a role beyond the actor's own rights.
    """
    actor.scope(WRITE_MEMBER)
    check_person_is_visible(person_id)
    held = find_role(role)
    confines = visible_confines(within_legal_entity_id, within_org_unit_id)
    queries.check_may_assign(actor, held, person_id=person_id, **confines)
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = create_user(email=email, name=name, password=password)
    membership = join(user=user, role=held, person_id=person_id, confines=confines)
    record(
        actor,
        "access.member.create",
        subject=("access.membership", membership.id),
        payload={"email": user.email, "role": held.code, "person": person_id, **confines},
    )
    return membership


def join(*, user: User, role: Role, person_id: UUID | None, confines: dict[str, UUID | None]) -> Membership:
    """Make the membership and its role; no policy and no audit, callers see to both."""
    if Membership.objects.filter(user=user).exists():
        raise ValidationError(_("这位用户已经是本公司的成员。"), code="already-member")
    if person_id and Membership.objects.filter(person_id=person_id).exists():
        raise ValidationError(_("这名员工已关联另一个成员。"), code="person-taken")
    membership = Membership.objects.create(user=user, person_id=person_id)
    RoleAssignment.objects.create(membership=membership, role=role, **confines)
    return membership


def check_person_is_visible(person_id: UUID | None) -> None:
    """Raise `ValidationError` for a person that is not there, or not among those the actor sees."""
    if person_id and not queries.person_is_visible(person_id):
        raise ValidationError({"person": _("没有这名员工。")})


def find_role(role: str | UUID) -> Role:
    """Return a role by code or id; raises `ValidationError` if the tenant has none such."""
    roles = Role.objects.prefetch_related("permissions")
    found = roles.filter(**({"id": role} if isinstance(role, UUID) else {"code": role})).first()
    if found is None:
        raise ValidationError({"role": _("没有这个角色。")})
    return found


def visible_confines(
    within_legal_entity_id: UUID | None, within_org_unit_id: UUID | None
) -> dict[str, UUID | None]:
    """Return the confines of a role as columns; raises `ValidationError` for ones the actor cannot see."""
    if within_legal_entity_id and within_org_unit_id:
        raise ValidationError(_("法人实体与组织单元只能限定其中一个。"))
    if within_legal_entity_id and not LegalEntity.objects.filter(id=within_legal_entity_id).exists():
        raise ValidationError({"within_legal_entity": _("没有这个法人实体。")})
    if within_org_unit_id and not OrgUnit.objects.filter(id=within_org_unit_id).exists():
        raise ValidationError({"within_org_unit": _("没有这个组织单元。")})
    return {"within_legal_entity_id": within_legal_entity_id, "within_org_unit_id": within_org_unit_id}


def add_role(
    *,
    actor: Actor,
    membership_id: UUID,
    role: str | UUID,
    within_legal_entity_id: UUID | None = None,
    within_org_unit_id: UUID | None = None,
) -> RoleAssignment:
    """Give a member one more role."""
    member = _member_to_change(actor, membership_id)
    held = find_role(role)
    confines = visible_confines(within_legal_entity_id, within_org_unit_id)
    queries.check_may_assign(actor, held, person_id=member.person_id, **confines)
    assignment, is_new = RoleAssignment.objects.get_or_create(membership=member, role=held, **confines)
    if not is_new:
        raise ValidationError(_("这名成员已有这个角色，且范围相同。"), code="already-assigned")
    _record(actor, "access.member.add_role", member, {"role": held.code, **confines})
    return assignment


def remove_role(*, actor: Actor, membership_id: UUID, assignment_id: UUID) -> None:
    """Take a role from a member; never the last owner's."""
    member = _member_to_change(actor, membership_id)
    assignment = next((each for each in member.assignments.all() if each.id == assignment_id), None)
    if assignment is None:
        raise Http404
    if is_owner_role(assignment.role):
        _check_owner_stays(member)
    _record(actor, "access.member.remove_role", member, {"role": assignment.role.code})
    assignment.delete()


def deactivate_member(*, actor: Actor, membership_id: UUID) -> None:
    """Keep a member out from now on, tokens included; never the last owner."""
    member = _member_to_change(actor, membership_id)
    _check_owner_stays(member)
    _set_active(actor, member, False)


def activate_member(*, actor: Actor, membership_id: UUID) -> None:
    """Let a deactivated member in again."""
    _set_active(actor, _member_to_change(actor, membership_id), True)


def link_person(*, actor: Actor, membership_id: UUID, person_id: UUID | None) -> None:
    """Say which person a member is: what they may see and do about themselves follows from it.

    Nobody says it of themselves, the owner of the company aside, who holds everything anyway.
    """
    member = _member_to_change(actor, membership_id)
    if member.id == actor.membership_id and not is_owner(member):
        raise ValidationError(_("不能更改自己关联的员工，请让其他管理员操作。"), code="own-person")
    check_person_is_visible(person_id)
    if person_id and Membership.objects.filter(person_id=person_id).exclude(id=member.id).exists():
        raise ValidationError(_("这名员工已关联另一个成员。"), code="person-taken")
    before, member.person_id = member.person_id, person_id
    queries.check_may_change(actor, member)
    member.save(update_fields=["person_id"])
    _record(actor, "access.member.link_person", member, {"before": before, "after": person_id})


def is_owner(member: Membership) -> bool:
    """Tell whether a member owns the company."""
    return any(is_owner_role(each.role) for each in member.assignments.all())


def is_owner_role(role: Role) -> bool:
    """Tell whether a role is the built-in one of owners."""
    return role.is_builtin and role.code == BuiltinRole.OWNER


def _member_to_change(actor: Actor, membership_id: UUID) -> Membership:
    """Return the member if the actor holds at least what they hold: nobody touches somebody above them."""
    member = queries.member_for_actor(actor, membership_id, WRITE_MEMBER)
    queries.check_may_change(actor, member)
    return member


def _check_owner_stays(member: Membership) -> None:
    # Two owners who remove each other at once would leave none: they take turns at the role.
    Role.objects.select_for_update().get(code=BuiltinRole.OWNER)
    if is_owner(member) and member.is_active and not queries.other_owner_exists(member):
        raise ValidationError(_("公司至少要有一位所有者，请先把所有者角色授予他人。"), code="last-owner")


def _set_active(actor: Actor, member: Membership, is_active: bool) -> None:
    if member.is_active == is_active:
        return
    member.is_active = is_active
    member.save(update_fields=["is_active"])
    _record(actor, "access.member.activate" if is_active else "access.member.deactivate", member, {})


def _record(actor: Actor, verb: str, member: Membership, payload: dict[str, object]) -> None:
    payload = {"email": member.user.email, **payload}
    record(actor, verb, subject=("access.membership", member.id), payload=payload)
