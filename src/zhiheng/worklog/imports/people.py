"""People of a file by number, and the subsidiary of what belongs to nobody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import polars as pl

from zhiheng.dataimport.public import is_provided
from zhiheng.people.public import PersonRef, person_ids_by_number, persons_by_id
from zhiheng.worklog.queries.expenses import entities_for_actor


def people_by_number(frame: pl.DataFrame, name: str) -> dict[str, PersonRef]:
    """Return the people whose numbers stand in a column, keyed as they stand there."""
    if not is_provided(frame, name):
        return {}
    ids = person_ids_by_number({each for each in frame[name].to_list() if each})
    people = persons_by_id(list(ids.values()))
    return {number: people[person_id] for number, person_id in ids.items() if person_id in people}


def entity_for_nobody(actor: Any) -> UUID | None:
    """Return the subsidiary of what has no person: the only one there is, else none."""
    entities = entities_for_actor(actor)
    return entities[0].id if len(entities) == 1 else None
