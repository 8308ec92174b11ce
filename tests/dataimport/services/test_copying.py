"""Bulk insertion through a temporary table."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from tests.factories import make_tenant

from zhiheng.dataimport.models import ImportMapping
from zhiheng.dataimport.public import copy_rows
from zhiheng.dataimport.services import copying

pytestmark = pytest.mark.django_db


def mappings(count: int, **fields) -> list[ImportMapping]:
    texts = [f"{number}\t\\n\"'" for number in range(count)]
    return [ImportMapping(target="t", fingerprint=text, mapping={text: None}, **fields) for text in texts]


def test_rows_arrive_as_they_are(actor, monkeypatch):
    monkeypatch.setattr(copying, "CHUNK", 2)
    steps, rows = [], mappings(5)
    copy_rows(rows, progress=lambda *step: steps.append(step))
    found = ImportMapping.objects.in_bulk()
    assert {row.id: (row.fingerprint, row.mapping) for row in rows} == {
        key: (row.fingerprint, row.mapping) for key, row in found.items()
    }
    assert steps == [(2, 5, ""), (4, 5, "")]
    copy_rows([ImportMapping(target="t", fingerprint="twice in one transaction")])
    assert ImportMapping.objects.count() == 6


def test_nothing_to_do(actor):
    copy_rows([])
    assert ImportMapping.objects.count() == 0


def test_another_tenants_rows_are_refused(actor):
    with pytest.raises(DatabaseError), transaction.atomic():
        copy_rows(mappings(1, tenant_id=make_tenant().id))
    with pytest.raises(DatabaseError), transaction.atomic():
        copy_rows(mappings(1, tenant_id=uuid4()))


def test_constraints_hold(actor):
    copy_rows(mappings(1))
    with pytest.raises(DatabaseError), transaction.atomic():
        copy_rows(mappings(1))
    assert ImportMapping.objects.count() == 1
