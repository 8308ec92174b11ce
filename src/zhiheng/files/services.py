"""Writes of files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from zhiheng.files.models import StoredFile

if TYPE_CHECKING:
    from zhiheng.access.actor import Actor

MAX_BYTES = 64 * 1024 * 1024
_MAX_NAME = 200
# Control characters, and marks that turn the reading direction and so can hide the real extension.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def save_file(
    *, actor: Actor, name: str, content: bytes | File, kind: str, legal_entity_id: UUID | None = None
) -> UUID:
    """Store a file and return its id.

    Raises `ValidationError` for an empty file and for one larger than 64 MB; nothing is stored then.
    """
    name = clean_name(name)
    size = len(content) if isinstance(content, bytes | bytearray | memoryview) else content.size
    _check_size(name, size)
    data = bytes(content) if isinstance(content, bytes | bytearray | memoryview) else _read(name, content)
    stored = StoredFile.objects.create(
        name=name,
        kind=kind,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        legal_entity_id=legal_entity_id,
        uploaded_by_user_id=actor.user_id,
        uploaded_by_membership_id=actor.membership_id,
        content=data,
    )
    return stored.id


def delete_file(*, file_id: UUID) -> None:
    """Delete a file; the caller's policy has decided."""
    StoredFile.objects.filter(id=file_id).delete()


def delete_files(*, file_ids: Collection[UUID]) -> int:
    """Delete files and return how many there were; the caller's policy has decided."""
    return StoredFile.objects.filter(id__in=file_ids).delete()[0]


def delete_files_before(*, kind: str, before: datetime) -> int:
    """Delete the files of a kind that were stored before an instant; return how many there were."""
    return StoredFile.objects.filter(kind=kind, created_at__lt=before).delete()[0]


def clean_name(name: str) -> str:
    """Return a file name without folders and invisible characters, its ending kept, at most 200 long."""
    bare = _UNSAFE.sub("", name).replace("\\", "/").rpartition("/")[2].strip(" .") or "file"
    if len(bare) <= _MAX_NAME:
        return bare
    stem, dot, ending = bare.rpartition(".")
    ending = f"{dot}{ending}" if stem and len(ending) <= 10 else ""
    return bare[: _MAX_NAME - len(ending)] + ending


def _check_size(name: str, size: int) -> None:
    if size == 0:
        raise ValidationError(_("文件“{name}”是空的，请检查后重新上传。").format(name=name), code="empty")
    if size > MAX_BYTES:
        text = _("文件“{name}”有 {size} MB，超过 64 MB 的上限。请拆分后再上传。")
        megabytes = -(-size * 10 // (1024 * 1024)) / 10
        raise ValidationError(text.format(name=name, size=f"{megabytes:g}"), code="too_large")


def _read(name: str, content: File) -> bytes:
    """Read an uploaded file, at most one byte beyond the limit whatever size it claims."""
    content.seek(0)
    data = content.read(MAX_BYTES + 1)
    _check_size(name, len(data))
    return data
