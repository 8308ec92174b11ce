"""Tables of the work log, by noun."""

from zhiheng.worklog.models.customers import Customer, ImportChange
from zhiheng.worklog.models.entries import WorkCategory, WorkEntry
from zhiheng.worklog.models.expenses import ExpenseClaim, ExpenseLine, ExpenseRate
from zhiheng.worklog.models.projects import (
    Project,
    ProjectActivity,
    ProjectMember,
    TimesheetEntry,
    TimesheetWeek,
)
from zhiheng.worklog.models.visits import Visit, VisitCheck

__all__ = [
    "Customer",
    "ExpenseClaim",
    "ExpenseLine",
    "ExpenseRate",
    "ImportChange",
    "Project",
    "ProjectActivity",
    "ProjectMember",
    "TimesheetEntry",
    "TimesheetWeek",
    "Visit",
    "VisitCheck",
    "WorkCategory",
    "WorkEntry",
]
