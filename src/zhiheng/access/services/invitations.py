"""Invitations: a link that makes whoever opens it a member, once and for a few days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access import queries
from zhiheng.access.actor import Actor
from zhiheng.access.models import Invitation, Membership, User
from zhiheng.access.policies import WRITE_MEMBER
from zhiheng.access.secrets import Credential, new_credential
from zhiheng.access.services.members import create_user, find_role, join, visible_confines
from zhiheng.audit.public import record
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.keys import uuid7
from zhiheng.tenancy.models import Tenant

VALID_FOR = timedelta(days=7)


def invite_member(
    *,
    actor: Actor,
    email: str,
    role: str | UUID,
    employee_number: str = "",
    within_legal_entity_id: UUID | None = None,
    within_org_unit_id: UUID | None = None,
) -> tuple[Invitation, Credential]:
    """Invite somebody by e-mail; return the invitation and, this once, the secret of its link.

    ``employee_number`` says which person they are. Raises `ValidationError` for somebody who is a member or
    is invited already, and `Escalation` for a role beyond the actor's own rights.
    """
    scope = actor.scope(WRITE_MEMBER)
    email = email.strip().lower()
    validate_email(email)
    held = find_role(role)
    confines = visible_confines(within_legal_entity_id, within_org_unit_id)
    person_id = person_of_number(employee_number)
    if person_id is None and not scope.is_tenant:
        raise ValidationError({"employee_number": _("请填写工号：您只能邀请自己范围内的员工。")})
    queries.check_may_assign(actor, held, person_id=person_id, **confines)
    _check_is_new(email, person_id)
    invitation = Invitation(
        id=uuid7(), email=email, role=held, person_id=person_id, invited_by=actor.membership_id, **confines
    )
    credential = _renew(actor, invitation)
    record(
        actor,
        "access.invitation.create",
        subject=("access.invitation", invitation.id),
        payload={"email": email, "role": held.code, "person": person_id, **confines},
    )
    return invitation, credential


def person_of_number(employee_number: str) -> UUID | None:
    """Return the person with an employee number, of those in the context's view; ``None`` for ""."""
    if not employee_number.strip():
        return None
    person_id = queries.person_of_number(employee_number.strip())
    if person_id is None:
        raise ValidationError({"employee_number": _("没有找到这个工号的员工。")})
    return person_id


def _check_is_new(email: str, person_id: UUID | None) -> None:
    if Membership.objects.filter(user__email=email).exists():
        raise ValidationError({"email": _("这位用户已经是本公司的成员。")}, code="already-member")
    if person_id and Membership.objects.filter(person_id=person_id).exists():
        raise ValidationError({"employee_number": _("这名员工已关联另一个成员。")}, code="person-taken")
    waiting = Invitation.objects.filter(email=email, accepted_at=None, revoked_at=None)
    if waiting.filter(expires_at__gt=timezone.now()).exists():
        raise ValidationError({"email": _("已邀请过这个邮箱，可在邀请列表中重新发送。")}, code="invited")


def _renew(actor: Actor, invitation: Invitation) -> Credential:
    """Give an invitation a new secret and a new term, and mail the link after the commit."""
    credential = new_credential(actor.tenant_id, invitation.id)
    invitation.secret_hash = credential.secret_hash
    invitation.expires_at = timezone.now() + VALID_FOR
    invitation.save()
    transaction.on_commit(lambda: _mail(actor, invitation, credential), robust=True)
    return credential


@dataclass(frozen=True)
class Offer:
    """What an invitation link offers, as its page shows it."""

    company: str
    role: str
    email: str
    has_user: bool


def offer_of(credential: Credential | None) -> Offer | None:
    """Return what a link offers; ``None`` if it cannot be accepted (any more)."""
    if credential is None:
        return None
    with tenant_context(credential.tenant_id):
        invitation = queries.invitation_of(credential)
        if invitation is None:
            return None
        company = Tenant.objects.get(id=credential.tenant_id).name
        has_user = User.objects.filter(email=invitation.email).exists()
        return Offer(company, str(invitation.role), invitation.email, has_user)


def link_of(credential: Credential) -> str:
    """Return the address that accepts an invitation."""
    return settings.ENV.base_url.rstrip("/") + reverse("access:invitation_accept", args=[str(credential)])


def _mail(actor: Actor, invitation: Invitation, credential: Credential) -> None:
    """Mail the link. Many small companies have no mail server: the inviter can copy it from the page too."""
    context = {
        "company": actor.tenant_name,
        "inviter": actor.name,
        "link": link_of(credential),
        "expires_at": invitation.expires_at,
    }
    subject = _("%(inviter)s 邀请您加入%(company)s") % context
    body = render_to_string("access/mail/invitation.txt", context)
    send_mail(subject, body, None, [invitation.email])


def resend_invitation(*, actor: Actor, invitation_id: UUID) -> tuple[Invitation, Credential]:
    """Make a new link for an open invitation; the old one ends."""
    invitation = _invitation_to_change(actor, invitation_id)
    credential = _renew(actor, invitation)
    record(
        actor,
        "access.invitation.resend",
        subject=("access.invitation", invitation.id),
        payload={"email": invitation.email},
    )
    return invitation, credential


def revoke_invitation(*, actor: Actor, invitation_id: UUID) -> None:
    """Take an open invitation back."""
    invitation = _invitation_to_change(actor, invitation_id)
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    record(
        actor,
        "access.invitation.revoke",
        subject=("access.invitation", invitation.id),
        payload={"email": invitation.email},
    )


def _invitation_to_change(actor: Actor, invitation_id: UUID) -> Invitation:
    actor.scope(WRITE_MEMBER)
    invitation = queries.invitation_for_actor(actor, invitation_id)
    confines = {
        "within_legal_entity_id": invitation.within_legal_entity_id,
        "within_org_unit_id": invitation.within_org_unit_id,
    }
    queries.check_may_assign(actor, invitation.role, person_id=invitation.person_id, **confines)
    return invitation


def accept_invitation(
    *, credential: Credential, user: User | None, name: str = "", password: str | None = None
) -> User:
    """Make a member of whoever holds the link: ``user`` if signed in, else a new user of the invited e-mail.

    Raises `ValidationError` if the link is used, ended, revoked or unknown (not saying which), and if the
    e-mail already has a user, who must sign in first: the link alone is no proof of being them.
    """
    with tenant_context(credential.tenant_id):
        Invitation.objects.select_for_update().filter(id=credential.id).first()  # one at a time
        invitation = queries.invitation_of(credential)
        if invitation is None:
            raise ValidationError(
                _("邀请链接无效、已被使用或已过期，请联系邀请人重新发送。"), code="bad-invitation"
            )
        if user is None:
            user = _new_user(invitation, name, password)
        confines = {
            "within_legal_entity_id": invitation.within_legal_entity_id,
            "within_org_unit_id": invitation.within_org_unit_id,
        }
        membership = join(user=user, role=invitation.role, person_id=invitation.person_id, confines=confines)
        invitation.accepted_at = timezone.now()
        invitation.save(update_fields=["accepted_at"])
        record(
            Actor(credential.tenant_id, str(user), {}, user_id=user.id, membership_id=membership.id),
            "access.invitation.accept",
            subject=("access.invitation", invitation.id),
            payload={"invited": invitation.email, "email": user.email},
        )
    return user


def _new_user(invitation: Invitation, name: str, password: str | None) -> User:
    if User.objects.filter(email=invitation.email).exists():
        raise ValidationError(_("这个邮箱已有账户，请先登录，再打开邀请链接。"), code="sign-in-first")
    if not password:
        raise ValidationError({"password": _("请设置密码。")})
    return create_user(email=invitation.email, name=name, password=password)
