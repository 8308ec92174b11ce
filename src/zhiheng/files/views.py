"""The general address of a file."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from zhiheng.access.http import signed_in
from zhiheng.audit.public import record
from zhiheng.files.public import download_response, read_file
from zhiheng.files.queries import file_for_actor


@signed_in
@require_safe
def download(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Hand a file out to its uploader and to whom its domain lets have it."""
    stored = file_for_actor(request.actor, file_id)
    record(
        request.actor, "files.file.download", subject=("files.file", stored.id), payload={"name": stored.name}
    )
    return download_response(read_file(request.actor, stored.id))
