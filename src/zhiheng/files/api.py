"""API of files."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from zhiheng.access.http import signed_in
from zhiheng.files import views
from zhiheng.files.models import StoredFile
from zhiheng.files.queries import file_for_actor
from zhiheng.files.schemas import FileOut

router = Router(tags=["files"])


@router.get("/{uuid:file_id}", response=FileOut, summary="A stored file")
@signed_in
def get_file(request: HttpRequest, file_id: UUID) -> StoredFile:
    """Return name, size and digest of a file you may download."""
    return file_for_actor(request.actor, file_id)


@router.get("/{uuid:file_id}/content", summary="The bytes of a file")
@signed_in
def get_file_content(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Download a file."""
    return views.download(request, file_id)
