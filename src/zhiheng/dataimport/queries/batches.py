"""Batches and remembered mappings that an actor may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.access.errors import Forbidden
from zhiheng.access.permissions import Permission
from zhiheng.dataimport.calc.target import ImportTarget
from zhiheng.dataimport.models import ImportBatch, ImportFix, ImportMapping
from zhiheng.dataimport.policies import MANAGE_BATCH, READ_BATCH
from zhiheng.dataimport.queries.targets import target_by_code, target_codes_for_actor


def batches_for_actor(actor: Actor, permission: Permission = READ_BATCH) -> QuerySet[ImportBatch]:
    """Batches of the targets that the actor may import.

    A file may hold people of every subsidiary, so whoever is limited to some of them sees only the files that
    they brought themselves.
    """
    scope = actor.scope(permission)
    batches = ImportBatch.objects.filter(target__in=target_codes_for_actor(actor))
    if scope.is_tenant and actor.legal_entity_ids is None:
        return batches
    return batches.filter(created_by_id=actor.user_id, created_by_id__isnull=False)


def batch_for_actor(actor: Actor, batch_id: UUID, permission: Permission = READ_BATCH) -> ImportBatch:
    """One batch; Http404 when it is not there or not the actor's."""
    batch = batches_for_actor(actor, permission).filter(id=batch_id).first()
    if batch is None:
        raise Http404
    return batch


def target_for_actor(actor: Actor, code: str) -> ImportTarget:
    """A target that the actor may import into; Http404 for an unknown one, Forbidden without the right."""
    actor.scope(MANAGE_BATCH)
    try:
        target = target_by_code(code)
    except KeyError as error:
        raise Http404 from error
    if not actor.can(target.permission):
        raise Forbidden(target.permission)
    return target


def remembered_mapping(target: str, fingerprint: str) -> Mapping[str, str]:
    """The mapping last confirmed for these headers; empty when there is none."""
    found = ImportMapping.objects.filter(target=target, fingerprint=fingerprint).first()
    return found.mapping if found else {}


def fixes_of(batch: ImportBatch) -> dict[tuple[int, int], str]:
    """Corrected texts by row (from 1) and column (from 0)."""
    fixes = ImportFix.objects.filter(batch=batch).values_list("row", "column", "text")
    return {(row, column): text for row, column, text in fixes}


def earlier_batch_with(actor: Actor, batch: ImportBatch) -> Any:
    """A batch that imported the very same file before and was not taken back, or None."""
    return (
        batches_for_actor(actor)
        .filter(sha256=batch.sha256, target=batch.target, state="committed")
        .exclude(id=batch.id)
        .first()
    )
