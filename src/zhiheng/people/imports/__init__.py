"""What can be imported into people: org units, positions, persons, their assignments."""

from zhiheng.dataimport.public import register_target
from zhiheng.people.imports.assignments import AssignmentTarget
from zhiheng.people.imports.org_units import OrgUnitTarget
from zhiheng.people.imports.persons import PersonTarget
from zhiheng.people.imports.positions import PositionTarget

for target in (OrgUnitTarget(), PositionTarget(), PersonTarget(), AssignmentTarget()):
    register_target(target)
