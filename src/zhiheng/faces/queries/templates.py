"""Stored faces: who is enrolled, their vectors, and how many there are."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.access.permissions import Permission
from zhiheng.faces.calc.vectors import Vector, from_bytes
from zhiheng.faces.engine import MODEL_VERSION
from zhiheng.faces.models import FaceEnrolment, FaceTemplate
from zhiheng.faces.policies import READ_FACE, SEE_PHOTO
from zhiheng.people.calc import sealing
from zhiheng.tenancy.context import current_tenant_id, tenant_context
from zhiheng.tenancy.models import Tenant

PURPOSE = "face"
FILING_THRESHOLD = 100_000
"""From this many stored faces a processor files with the provincial authority, within 30 working days."""


def bound_to(person_id: UUID, number: int) -> str:
    """Return what a sealed template is bound to, so that it cannot be moved to somebody else."""
    return f"template/{person_id}/{number}"


def vectors_of(person_ids: Collection[UUID] | None) -> tuple[list[UUID], list[Vector]]:
    """Return the vectors of people (None: of everybody) and, in step, whose they are. Checks no scope."""
    rows = FaceTemplate.objects.filter(model_version=MODEL_VERSION)
    if person_ids is not None:
        rows = rows.filter(person_id__in=person_ids)
    owners, vectors = [], []
    for person_id, number, sealed in rows.order_by("person_id", "number").values_list(
        "person_id", "number", "sealed"
    ):
        owners.append(person_id)
        vectors.append(_unsealed(person_id, number, bytes(sealed)))
    return owners, vectors


def _unsealed(person_id: UUID, number: int, sealed: bytes) -> Vector:
    key, tenant_id = settings.ENV.field_key, current_tenant_id()
    return from_bytes(
        sealing.unseal_bytes(key, tenant_id, bound_to(person_id, number), sealed, purpose=PURPOSE)
    )


def enrolled_ids(person_ids: Collection[UUID]) -> set[UUID]:
    """Return who of these people is enrolled with the model in use. Checks no scope."""
    rows = FaceEnrolment.objects.filter(person_id__in=person_ids, model_version=MODEL_VERSION)
    return set(rows.values_list("person_id", flat=True))


def enrolments_for_actor(actor: Actor, permission: Permission = READ_FACE) -> QuerySet[FaceEnrolment]:
    """Return who is enrolled, in scope of a permission."""
    scope = actor.scope(permission).q(org_unit="person__org_unit_id")
    return FaceEnrolment.objects.filter(scope).select_related("person__org_unit", "look_alike")


def enrolment_for_actor(actor: Actor, person_id: UUID, permission: Permission = READ_FACE) -> FaceEnrolment:
    """Return a person's enrolment; 404 when there is none or it is not the actor's to see."""
    found = enrolments_for_actor(actor, permission).filter(person_id=person_id).first()
    if found is None:
        raise Http404
    return found


def template_for_actor(actor: Actor, template_id: UUID) -> FaceTemplate:
    """Return a template whose photo the actor may see: their own, or in scope of seeing photos; else 404."""
    own = Q(person_id=actor.person_id) if actor.person_id else Q(pk__in=[])
    scope = actor.scope(SEE_PHOTO).q(org_unit="person__org_unit_id") if actor.can(SEE_PHOTO) else own
    found = FaceTemplate.objects.filter(own | scope, id=template_id).select_related("person").first()
    if found is None:
        raise Http404
    return found


def template_ids_of(person_id: UUID) -> list[UUID]:
    """Return the ids of a person's templates, in order. Checks no scope."""
    return list(FaceTemplate.objects.filter(person_id=person_id).values_list("id", flat=True))


def face_count() -> int:
    """Count the people of the tenant whose face is stored."""
    return FaceEnrolment.objects.count()


def face_counts() -> dict[str, int]:
    """Count the stored faces of every tenant, by its mark: for the operator only."""
    found = {}
    for tenant_id, slug in Tenant.objects.order_by("slug").values_list("id", "slug"):
        with tenant_context(tenant_id):
            found[slug] = face_count()
    return found
