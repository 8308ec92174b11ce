"""What other domains use of the import.

A domain that wants its table imported writes ``imports.py``::

    class PersonTarget(ImportTarget):
        code = "people.person"
        label = _("员工")
        permission = IMPORT_PERSON
        fields = (Field("employee_no", _("工号"), required=True, unique=True, synonyms=("员工编号",)), …)

        def check(self, actor, frame): ...
        def commit(self, actor, frame, batch_id, progress): ...
        def undo(self, actor, batch_id): ...

    register_target(PersonTarget())

``imports.py`` of every installed app is loaded when Django starts.
"""

from __future__ import annotations

from zhiheng.dataimport.calc.issue import Issue
from zhiheng.dataimport.calc.refusal import FileRefused
from zhiheng.dataimport.calc.target import (
    ROW,
    Choice,
    CommitResult,
    Field,
    ImportReport,
    ImportTarget,
    Progress,
    UndoResult,
    is_provided,
)
from zhiheng.dataimport.queries.reports import field_labels, issue_text
from zhiheng.dataimport.queries.targets import (
    TargetFamily,
    register_family,
    register_target,
    target_by_code,
)
from zhiheng.dataimport.services.copying import copy_rows
from zhiheng.dataimport.services.files import import_file

__all__ = [
    "ROW",
    "Choice",
    "CommitResult",
    "Field",
    "FileRefused",
    "ImportReport",
    "ImportTarget",
    "Issue",
    "Progress",
    "TargetFamily",
    "UndoResult",
    "copy_rows",
    "field_labels",
    "import_file",
    "is_provided",
    "issue_text",
    "register_family",
    "register_target",
    "target_by_code",
]
