"""What of the work log can be imported: customers, projects with their activities, hours."""

from zhiheng.dataimport.public import register_target
from zhiheng.worklog.imports.customers import CustomerTarget
from zhiheng.worklog.imports.projects import ProjectTarget
from zhiheng.worklog.imports.timesheets import TimesheetTarget

register_target(CustomerTarget())
register_target(ProjectTarget())
register_target(TimesheetTarget())
