"""Reads of files."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404

from zhiheng.files.models import StoredFile
from zhiheng.files.policies import may_download

if TYPE_CHECKING:
    from zhiheng.access.actor import Actor


def file_by_id(file_id: UUID) -> StoredFile:
    """Return a file of the tenant, without its bytes; raise `Http404` if there is none."""
    stored = StoredFile.objects.defer("content").filter(id=file_id).first()
    if stored is None:
        raise Http404
    return stored


def file_for_actor(actor: Actor, file_id: UUID) -> StoredFile:
    """Return a file that the actor may download; not theirs and not there are the same `Http404`."""
    stored = file_by_id(file_id)
    if not may_download(actor, stored):
        raise Http404
    return stored
