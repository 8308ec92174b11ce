"""API of the audit log."""

from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router

from zhiheng.access.http import requires
from zhiheng.audit.policies import READ_ENTRY
from zhiheng.audit.queries.chain import current_head
from zhiheng.audit.queries.entries import entries_for_actor, entry_for_actor
from zhiheng.audit.schemas import AuditEntryOut, HeadOut
from zhiheng.webkit.api import CursorPage, Paging, cursor_page

router = Router(tags=["audit"])


@router.get("/entries", response=CursorPage[AuditEntryOut])
@requires(READ_ENTRY)
def list_entries(request: HttpRequest, page: Paging, verb: str = "", subject_id: str = ""):
    """List the entries, latest first; ``verb`` and ``subject_id`` narrow them."""
    wanted = {name: value for name, value in (("verb", verb), ("subject_id", subject_id)) if value}
    return cursor_page(entries_for_actor(request.actor).filter(**wanted), page, order=("-seq",))


@router.get("/entries/{uuid:entry_id}", response=AuditEntryOut)
@requires(READ_ENTRY)
def get_entry(request: HttpRequest, entry_id: UUID):
    """Get an entry."""
    return entry_for_actor(request.actor, entry_id)


@router.get("/head", response=HeadOut)
@requires(READ_ENTRY)
def get_head(request: HttpRequest):
    """Get the signed end of the chain; ``line`` is what ``zhiheng audit verify --heads`` reads."""
    head = current_head()
    if head is None:
        raise Http404
    return {
        "seq": head.seq,
        "hash": head.hash.hex(),
        "at": head.at,
        "signature": head.signature.hex(),
        "line": head.as_json(),
    }
