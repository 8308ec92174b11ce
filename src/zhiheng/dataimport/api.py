"""API of the import: the steps of the pages, for programs."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from zhiheng.access.http import requires
from zhiheng.dataimport import services, tasks
from zhiheng.dataimport.calc.issue import Issue
from zhiheng.dataimport.choices import BatchState
from zhiheng.dataimport.policies import MANAGE_BATCH, READ_BATCH
from zhiheng.dataimport.queries.batches import batch_for_actor, batches_for_actor
from zhiheng.dataimport.queries.reports import issue_text, issues_from_report
from zhiheng.dataimport.queries.targets import targets_for_actor
from zhiheng.dataimport.schemas import BatchOut, CommitIn, FixIn, IssueOut, MappingIn, TargetOut
from zhiheng.webkit.api import CursorPage, Paging, cursor_page

router = Router(tags=["Imports"])


@router.get("/targets", response=list[TargetOut], summary="List what can be imported")
@requires(MANAGE_BATCH)
def list_targets(request: HttpRequest):
    return [
        {
            "code": target.code,
            "label": str(target.label),
            "fields": [
                {"name": item.name, "label": str(item.label), "kind": item.kind, "required": item.required}
                for item in target.fields
            ],
        }
        for target in targets_for_actor(request.actor)
    ]


@router.get("/batches", response=CursorPage[BatchOut], summary="List imports, newest first")
@requires(READ_BATCH)
def list_batches(request: HttpRequest, page: Paging):
    return cursor_page(batches_for_actor(request.actor).defer("report", "columns"), page, order=("-id",))


@router.post("/batches", response={201: BatchOut}, summary="Upload a file")
@requires(MANAGE_BATCH)
def upload(request: HttpRequest, target: Form[str], file: File[UploadedFile]):
    batch_id = services.upload_file(
        actor=request.actor, target_code=target, name=file.name or _("未命名"), content=file
    )
    return Status(201, batch_for_actor(request.actor, batch_id))


@router.get("/batches/{uuid:batch_id}", response=BatchOut, summary="Read an import")
@requires(READ_BATCH)
def read_batch(request: HttpRequest, batch_id: UUID):
    return batch_for_actor(request.actor, batch_id)


@router.get("/batches/{uuid:batch_id}/issues", response=list[IssueOut], summary="List what the check found")
@requires(READ_BATCH)
def list_issues(request: HttpRequest, batch_id: UUID):
    found = batch_for_actor(request.actor, batch_id)
    return [_shown(issue) for issue in issues_from_report(found.report)]


def _shown(issue: Issue) -> dict[str, object]:
    return {
        "row": issue.row,
        "cell": issue.cell,
        "field": issue.field,
        "severity": issue.severity,
        "code": issue.code,
        "params": issue.params,
        "original": issue.original,
        "proposed": issue.proposed,
        "message": issue_text(issue),
    }


@router.put("/batches/{uuid:batch_id}/mapping", response=BatchOut, summary="Confirm the columns and check")
@requires(MANAGE_BATCH)
def map_columns(request: HttpRequest, batch_id: UUID, body: MappingIn):
    services.map_columns(actor=request.actor, batch_id=batch_id, mapping=body.mapping)
    return _after(request, batch_id, tasks.check_import)


@router.post("/batches/{uuid:batch_id}/fixes", response=BatchOut, summary="Correct cells and check again")
@requires(MANAGE_BATCH)
def fix_cells(request: HttpRequest, batch_id: UUID, body: list[FixIn]):
    for fix in body:
        services.fix_cell(
            actor=request.actor, batch_id=batch_id, row=fix.row, column=fix.column, text=fix.text
        )
    return _after(request, batch_id, tasks.check_import)


@router.post("/batches/{uuid:batch_id}/commit", response=BatchOut, summary="Write the rows")
@requires(MANAGE_BATCH)
def commit(request: HttpRequest, batch_id: UUID, body: CommitIn):
    found = batch_for_actor(request.actor, batch_id, MANAGE_BATCH)
    if found.state == BatchState.COMMITTED:
        return found
    if found.state != BatchState.CHECKED:
        raise ValidationError(_("请先检查，再导入。"), code="not_checked")
    if body.accept_repairs:
        services.accept_repairs(actor=request.actor, batch_id=batch_id)
    return _after(request, batch_id, tasks.commit_import, skip_error_rows=body.skip_error_rows)


@router.post("/batches/{uuid:batch_id}/undo", response=BatchOut, summary="Take the rows back")
@requires(MANAGE_BATCH)
def undo(request: HttpRequest, batch_id: UUID):
    return _after(request, batch_id, tasks.undo_import)


def _after(request: HttpRequest, batch_id: UUID, step: tasks.JobDefinition, **params: object):
    """Do a step, or queue it (``job_id`` is then set), and return the batch as it stands."""
    found = batch_for_actor(request.actor, batch_id, MANAGE_BATCH)
    tasks.work_on(request.actor, step, found, **params)
    return batch_for_actor(request.actor, batch_id)
