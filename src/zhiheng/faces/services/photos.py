"""Photos of faces: sealed before they are stored, opened for whom it concerns."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.faces.models import FaceTemplate
from zhiheng.faces.policies import SEE_PHOTO
from zhiheng.faces.queries.checks import check_for_actor
from zhiheng.faces.queries.templates import PURPOSE, template_for_actor
from zhiheng.files.public import read_file, save_file
from zhiheng.people.calc import sealing

CHECK_KIND, ENROLMENT_KIND = "faces.check", "faces.enrolment"


def keep_photo(*, actor: Actor, jpeg: bytes, kind: str, owner: str, legal_entity_id: UUID | None) -> UUID:
    """Store a photo encrypted and return the file's id; only with ``owner`` it can be opened again."""
    sealed = sealing.seal_bytes(
        settings.ENV.field_key, actor.tenant_id, f"{kind}/{owner}", jpeg, purpose=PURPOSE
    )
    return save_file(
        actor, name="face.jpg.sealed", content=sealed, kind=kind, legal_entity_id=legal_entity_id
    )


def opened(actor: Actor, file_id: UUID | None, kind: str, owner: str) -> bytes:
    """Return the JPEG of a stored photo; `Http404` when it has been deleted. Checks no permission."""
    if file_id is None:
        raise Http404
    sealed = read_file(actor, file_id).content
    return sealing.unseal_bytes(
        settings.ENV.field_key, actor.tenant_id, f"{kind}/{owner}", sealed, purpose=PURPOSE
    )


def reveal_check_photo(*, actor: Actor, check_id: UUID) -> bytes:
    """Return the photo of a check as JPEG; who looked is recorded."""
    check = check_for_actor(actor, check_id, SEE_PHOTO)
    jpeg = opened(actor, check.photo_id, CHECK_KIND, str(check.id))
    record(
        actor, "faces.photo.reveal", subject=("faces.check", check.id), payload={"person": check.person_id}
    )
    return jpeg


def reveal_enrolment_photo(*, actor: Actor, template_id: UUID) -> bytes:
    """Return one of the photos somebody enrolled with; who looked is recorded. One's own may be seen by oneself."""
    template = template_for_actor(actor, template_id)
    jpeg = opened(actor, template.photo_id, ENROLMENT_KIND, f"{template.person_id}/{template.number}")
    payload = {"number": template.number}
    record(actor, "faces.photo.reveal", subject=("people.person", template.person_id), payload=payload)
    return jpeg


def photo_for_terminal(*, actor: Actor, person_id: UUID) -> bytes | None:
    """Return the first enrolment photo to send to a terminal, ``None`` without one; the handing out is recorded.

    Checks no permission: who may pair terminals decides.
    """
    template = FaceTemplate.objects.filter(person_id=person_id).order_by("number").first()
    if template is None:
        return None
    jpeg = opened(actor, template.photo_id, ENROLMENT_KIND, f"{person_id}/{template.number}")
    record(actor, "faces.photo.send", subject=("people.person", person_id), payload={"to": "terminal"})
    return jpeg
