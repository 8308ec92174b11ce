"""Who reports to whom: no circles."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from zhiheng.people.models import Person
from zhiheng.people.services.refusals import refuse

# UNION, not UNION ALL: stops at people met before, also in circles that are there already.
_ABOVE = """
WITH RECURSIVE above(person_id) AS (
    SELECT %(start)s::uuid
    UNION
    SELECT stay.manager_id FROM people_assignment stay JOIN above ON stay.person_id = above.person_id
    WHERE stay.tenant_id = %(tenant)s AND stay.is_primary AND stay.valid @> %(on)s::date
        AND stay.manager_id IS NOT NULL
)
SELECT 1 FROM above WHERE person_id = %(person)s
"""


def check_manager(person: Person, manager_id: UUID | None, on: date) -> None:
    """Refuse a manager who is not there, is the person, or reports to the person on that day."""
    if manager_id is None:
        return
    manager = Person.objects.filter(id=manager_id).first()
    if manager is None:
        raise refuse("manager", _("没有找到该直接上级。"))
    with connection.cursor() as cursor:
        cursor.execute(
            _ABOVE, {"start": manager_id, "tenant": person.tenant_id, "on": on, "person": person.id}
        )
        is_circle = cursor.fetchone() is not None
    if is_circle:
        message = _("%(manager)s 在 %(day)s 已直接或间接向 %(name)s 汇报，不能再作为其上级。")
        raise refuse("manager", message % {"manager": manager.name, "day": on, "name": person.name}, "cycle")
