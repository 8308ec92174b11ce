"""Writes of people: one function a verb, split by noun."""

from zhiheng.people.services.employments import correct_assignment, end_employment, transfer_person
from zhiheng.people.services.identifiers import (
    find_person_ids_by_identifier,
    reveal_identifier,
    set_identifier,
)
from zhiheng.people.services.legal_entities import save_legal_entity
from zhiheng.people.services.org_units import close_org_unit, create_org_unit, move_org_unit, rename_org_unit
from zhiheng.people.services.persons import hire_person, rehire_person, update_person
from zhiheng.people.services.positions import save_position
from zhiheng.people.services.snapshots import refresh_person_snapshots

__all__ = [
    "close_org_unit",
    "correct_assignment",
    "create_org_unit",
    "end_employment",
    "find_person_ids_by_identifier",
    "hire_person",
    "move_org_unit",
    "refresh_person_snapshots",
    "rehire_person",
    "rename_org_unit",
    "reveal_identifier",
    "save_legal_entity",
    "save_position",
    "set_identifier",
    "transfer_person",
    "update_person",
]
