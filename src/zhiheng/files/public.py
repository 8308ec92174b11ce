"""What other domains use of files."""

from __future__ import annotations

import mimetypes
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.files.base import File
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from zhiheng.files import queries, services
from zhiheng.files.policies import allow_download
from zhiheng.files.services import MAX_BYTES, clean_name

if TYPE_CHECKING:
    from zhiheng.access.actor import Actor

__all__ = [
    "MAX_BYTES", "StoredBytes", "allow_download", "clean_name", "delete_file", "delete_files",
    "delete_files_before", "download_response", "read_file", "save_file",
]  # fmt: skip


@dataclass(frozen=True)
class StoredBytes:
    """A file with its bytes."""

    id: UUID
    name: str
    content: bytes
    sha256: str
    size: int


def save_file(
    actor: Actor, *, name: str, content: bytes | File, kind: str, legal_entity_id: UUID | None = None
) -> UUID:
    """Store a file of at most 64 MB and return its id; raises `ValidationError` with a text for people."""
    return services.save_file(
        actor=actor, name=name, content=content, kind=kind, legal_entity_id=legal_entity_id
    )


def read_file(actor: Actor, file_id: UUID) -> StoredBytes:
    """Return a file of the actor's tenant and subsidiaries; raise `Http404` if there is none.

    The calling domain has decided that the actor may have it: a file belongs to the thing it was stored for.
    """
    stored = queries.file_by_id(file_id)
    return StoredBytes(stored.id, stored.name, bytes(stored.content), stored.sha256, stored.size)


def delete_file(file_id: UUID) -> None:
    """Delete a file; the calling domain has decided that."""
    services.delete_file(file_id=file_id)


def delete_files(file_ids: Collection[UUID]) -> int:
    """Delete files and return how many there were; the calling domain has decided that."""
    return services.delete_files(file_ids=file_ids)


def delete_files_before(kind: str, before: datetime) -> int:
    """Delete the files of a kind that are older than an instant; return how many there were."""
    return services.delete_files_before(kind=kind, before=before)


def download_response(stored: StoredBytes) -> HttpResponse:
    """Return the answer that hands a file out: as a download, never shown or sniffed by the browser."""
    kind = mimetypes.guess_type(stored.name)[0] or "application/octet-stream"
    return HttpResponse(
        stored.content,
        content_type=kind,
        headers={
            "Content-Disposition": content_disposition_header(True, stored.name),
            "Content-Length": str(len(stored.content)),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "ETag": f'"{stored.sha256}"',
        },
    )
