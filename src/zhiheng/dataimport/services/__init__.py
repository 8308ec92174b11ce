"""Writes of the import, one function a verb."""

from zhiheng.dataimport.services.batches import (
    accept_repairs,
    check_batch,
    choose_header,
    fix_cell,
    map_columns,
    upload_file,
)
from zhiheng.dataimport.services.commits import commit_batch, note_job, undo_batch
from zhiheng.dataimport.services.files import import_file
from zhiheng.dataimport.services.workbooks import marked_file, template_file

__all__ = [
    "accept_repairs",
    "check_batch",
    "choose_header",
    "commit_batch",
    "fix_cell",
    "import_file",
    "map_columns",
    "marked_file",
    "note_job",
    "template_file",
    "undo_batch",
    "upload_file",
]
