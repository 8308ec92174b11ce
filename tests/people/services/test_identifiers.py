"""Identifiers: sealed, found by fingerprint, shown only with a reason."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404

from zhiheng.access.errors import Forbidden
from zhiheng.audit.models import AuditEntry
from zhiheng.people import services
from zhiheng.people.models import PersonIdentifier
from zhiheng.people.queries.history import identifiers_of_person
from zhiheng.tenancy.context import tenant_context

CARD = "11010519491231002X"


@pytest.fixture
def with_card(inside):
    services.set_identifier(actor=inside.hr, person_id=inside.seller.id, kind="id_card", text=CARD)
    return inside


def test_only_the_masked_form_is_readable_in_the_table(with_card):
    row = PersonIdentifier.objects.get(person=with_card.seller)
    assert row.masked == "1101**********002X"
    assert CARD.encode() not in bytes(row.ciphertext)
    assert CARD not in row.fingerprint


def test_a_reveal_needs_a_reason_and_leaves_an_entry(company):
    with tenant_context(company.tenant.id):
        services.set_identifier(actor=company.hr, person_id=company.seller.id, kind="id_card", text=CARD)
        with pytest.raises(ValidationError, match="至少 4 个字"):
            services.reveal_identifier(
                actor=company.hr, person_id=company.seller.id, kind="id_card", reason=" x "
            )
        plain = services.reveal_identifier(
            actor=company.hr, person_id=company.seller.id, kind="id_card", reason="办理社保"
        )
        assert plain == CARD
    with tenant_context(company.tenant.id):
        entries = AuditEntry.objects.filter(verb="people.identifier.reveal")
        assert [entry.subject_id for entry in entries] == [str(company.seller.id)]
        assert "办理社保" in entries[0].payload.content
        assert CARD not in entries[0].payload.content


@pytest.mark.parametrize("role", ["finance", "department_head", "employee", "auditor"])
def test_others_may_not_reveal(with_card, role):
    with pytest.raises(Forbidden):
        services.reveal_identifier(
            actor=with_card.actor(role), person_id=with_card.seller.id, kind="id_card", reason="办理社保"
        )


def test_hr_of_another_subsidiary_does_not_find_it(with_card):
    hr = with_card.actor("hr", within_legal_entity=with_card.other_entity)
    with pytest.raises(Http404):
        services.reveal_identifier(actor=hr, person_id=with_card.seller.id, kind="id_card", reason="办理社保")


def test_who_sees_the_masked_form(with_card):
    def seen(actor):
        return [row.masked for row in identifiers_of_person(actor, with_card.seller.id)]

    assert seen(with_card.hr) == seen(with_card.actor("auditor")) == ["1101**********002X"]
    assert seen(with_card.actor("employee", person=with_card.seller)) == ["1101**********002X"]
    assert seen(with_card.actor("finance")) == []
    assert seen(with_card.actor("employee", person=with_card.clerk)) == []


def test_finding_by_number(with_card):
    find = services.find_person_ids_by_identifier
    assert find(actor=with_card.hr, kind="id_card", text=" 11010519491231002x") == [with_card.seller.id]
    assert find(actor=with_card.hr, kind="id_card", text="nonsense") == []


def test_setting_again_replaces_and_nothing_removes(with_card):
    services.set_identifier(
        actor=with_card.hr, person_id=with_card.seller.id, kind="id_card", text="110105491231002"
    )
    assert [row.masked for row in PersonIdentifier.objects.all()] == ["1101*******1002"]
    services.set_identifier(actor=with_card.hr, person_id=with_card.seller.id, kind="id_card", text="")
    assert not PersonIdentifier.objects.exists()
