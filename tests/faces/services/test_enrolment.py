"""Consent comes first, three good photos make an enrolment, and everything goes with the consent."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import cv2
import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import Http404
from django.utils import timezone
from tests.factories import make_legal_entity
from tests.factories.faces import COLLINS, HOPPER, burst, enrolment_photos, jpeg, selfie, turned

from zhiheng.access.errors import Forbidden
from zhiheng.audit.models import AuditEntry
from zhiheng.faces import public, tasks
from zhiheng.faces.models import FaceChallenge, FaceCheck, FaceConsent, FaceEnrolment, FaceTemplate
from zhiheng.faces.queries.consents import TEXT_VERSION, consent_text
from zhiheng.faces.queries.person import face_of_person
from zhiheng.faces.queries.templates import face_count, face_counts, vectors_of
from zhiheng.faces.services.consents import give_consent, withdraw_consent
from zhiheng.faces.services.deletion import delete_old_photos
from zhiheng.faces.services.enrolment import confirm_enrolment, enrol_face
from zhiheng.faces.services.leavers import delete_faces_of_leavers
from zhiheng.faces.services.photos import reveal_check_photo, reveal_enrolment_photo
from zhiheng.faces.services.settings import change_setting
from zhiheng.files.models import StoredFile
from zhiheng.people import services as people
from zhiheng.people.calc.sealing import CannotUnseal
from zhiheng.tenancy.context import tenant_context

LIMITS = {
    "accept": Decimal("0.45"), "review": Decimal("0.36"), "identify": Decimal("0.50"), "margin": Decimal("0.06"),
    "keep_days": 90,
}  # fmt: skip


def refusal(call, *args, **options):
    with pytest.raises(ValidationError) as refused:
        call(*args, **options)
    return refused.value


def files():
    return StoredFile.objects.filter(kind__startswith="faces.").count()


# --- Consent --------------------------------------------------------------------------------------------------------


def test_consent_is_recorded_with_its_text_and_who_said_it_how(inside):
    said = give_consent(actor=inside.worker_actor, text_version=TEXT_VERSION)
    assert (said.kind, said.way, said.text_version) == ("given", "self", TEXT_VERSION)
    assert "其他方式同样有效" in said.text
    assert said.text == consent_text().plain
    assert public.face_consent(inside.worker.id)
    assert not public.face_consent(inside.colleague.id)


def test_consent_to_an_older_text_is_refused(inside):
    assert refusal(give_consent, actor=inside.worker_actor, text_version="2020-01").code == "text_changed"


def test_consent_on_paper_says_where_the_paper_is(inside):
    wanted = {"actor": inside.hr, "person_id": inside.worker.id, "text_version": TEXT_VERSION}
    assert refusal(give_consent, **wanted).code == "no_note"
    assert give_consent(**wanted, note="档案柜 A-3").way == "paper"


def test_nobody_agrees_for_a_colleague(inside):
    with pytest.raises(Http404):
        give_consent(
            actor=inside.worker_actor, person_id=inside.colleague.id, text_version=TEXT_VERSION, note="x"
        )


def test_consents_cannot_be_changed_or_deleted(agreed):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('faces_faceconsent', 'UPDATE,DELETE'), has_table_privilege('faces_facecheck', 'UPDATE,DELETE')"
        )
        assert cursor.fetchone() == (False, False)


# --- Enrolment ------------------------------------------------------------------------------------------------------


def test_without_consent_nothing_is_enrolled(inside):
    found = refusal(enrol_face, actor=inside.worker_actor, photos=enrolment_photos(COLLINS))
    assert found.code == "no_consent"
    assert (FaceEnrolment.objects.count(), files()) == (0, 0)


def test_templates_and_photos_are_sealed(enrolled):
    template = FaceTemplate.objects.first()
    _owners, (vector, *_rest) = vectors_of([enrolled.worker.id])
    assert vector.tobytes() not in bytes(template.sealed)
    stored = StoredFile.objects.get(id=template.photo_id)
    assert b"JFIF" not in bytes(stored.content)
    assert reveal_enrolment_photo(actor=enrolled.worker_actor, template_id=template.id)[:2] == b"\xff\xd8"


def test_a_sealed_template_cannot_be_moved_to_somebody_else(enrolled):
    give_consent(actor=enrolled.colleague_actor, text_version=TEXT_VERSION)
    enrol_face(actor=enrolled.colleague_actor, photos=enrolment_photos(HOPPER))
    stolen = FaceTemplate.objects.filter(person=enrolled.worker).first()
    FaceTemplate.objects.filter(person=enrolled.colleague, number=1).update(sealed=stolen.sealed)
    with pytest.raises(CannotUnseal):
        vectors_of([enrolled.colleague.id])


def test_each_photo_says_what_is_wrong_with_it(agreed):
    photos = [
        jpeg(cv2.GaussianBlur(selfie(COLLINS, face_width=120), (0, 0), 6)),
        jpeg((selfie(COLLINS) * 0.15).astype(np.uint8)),
        jpeg(turned(selfie(COLLINS), 40)),
    ]
    found = refusal(enrol_face, actor=agreed.worker_actor, photos=photos)
    codes = {name: errors[0].code for name, errors in found.error_dict.items()}
    assert codes == {"photo_1": "blurred", "photo_2": "too_dark", "photo_3": "not_frontal"}


@pytest.mark.parametrize(
    ("photos", "code"),
    [
        (enrolment_photos(COLLINS)[:2], "not_three"),
        ((*enrolment_photos(COLLINS)[:2], enrolment_photos(HOPPER)[2]), "not_same_person"),
        ((*enrolment_photos(COLLINS)[:2], enrolment_photos(COLLINS)[0]), "same_photo"),
    ],
)
def test_three_photos_of_one_person(agreed, photos, code):
    assert refusal(enrol_face, actor=agreed.worker_actor, photos=photos).code == code
    assert face_count() == 0


def test_enrolling_again_replaces_the_face_and_asks_for_a_new_look(enrolled):
    confirm_enrolment(actor=enrolled.hr, person_id=enrolled.worker.id)
    assert FaceEnrolment.objects.get().confirmed_by == enrolled.hr.name
    before = set(FaceTemplate.objects.values_list("photo_id", flat=True))
    enrol_face(actor=enrolled.worker_actor, photos=enrolment_photos(COLLINS))
    assert FaceEnrolment.objects.get().confirmed_at is None
    assert (FaceTemplate.objects.count(), files()) == (3, 3)
    assert not before & set(FaceTemplate.objects.values_list("photo_id", flat=True))


def test_one_face_enrolled_for_two_is_flagged(enrolled):
    give_consent(actor=enrolled.colleague_actor, text_version=TEXT_VERSION)
    enrol_face(actor=enrolled.colleague_actor, photos=enrolment_photos(COLLINS))
    found = FaceEnrolment.objects.get(person=enrolled.colleague)
    assert found.look_alike_id == enrolled.worker.id
    assert found.look_alike_score > Decimal("0.99")
    assert face_of_person(enrolled.hr, enrolled.colleague.id).look_alike == ("柯琳", enrolled.worker.id)
    enrol_face(actor=enrolled.colleague_actor, photos=enrolment_photos(HOPPER))
    assert FaceEnrolment.objects.get(person=enrolled.colleague).look_alike_score is None


def test_hr_enrols_on_paper_but_not_across_subsidiaries(inside):
    hr = inside.member("hr", within_legal_entity=make_legal_entity(inside.tenant, "另一家"))
    with pytest.raises(Http404):
        give_consent(actor=hr, person_id=inside.worker.id, text_version=TEXT_VERSION, note="A")
    give_consent(actor=inside.hr, person_id=inside.worker.id, text_version=TEXT_VERSION, note="A")
    made = enrol_face(actor=inside.hr, person_id=inside.worker.id, photos=enrolment_photos(COLLINS))
    assert (made.person_id, made.enrolled_by) == (inside.worker.id, inside.hr.name)


def test_a_template_of_an_older_model_no_longer_counts(enrolled):
    assert public.enrolled([enrolled.worker.id, enrolled.colleague.id]) == {enrolled.worker.id}
    FaceEnrolment.objects.update(model_version="older")
    FaceTemplate.objects.update(model_version="older")
    assert public.enrolled([enrolled.worker.id]) == set()
    assert vectors_of(None) == ([], [])


# --- Photos ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def checked(enrolled):
    made = public.start_challenge(actor=enrolled.worker_actor)
    FaceChallenge.objects.update(turn="left")
    enrolled.check = public.check_face(
        actor=enrolled.worker_actor, nonce=made.nonce, frames=burst(COLLINS, "left")
    )
    assert enrolled.check.state == "passed"
    return enrolled


def test_who_sees_photos(checked):
    template = FaceTemplate.objects.first()
    assert public.check_photo(checked.hr, checked.check.id)[:2] == b"\xff\xd8"
    assert reveal_enrolment_photo(actor=checked.hr, template_id=template.id)[:2] == b"\xff\xd8"
    with pytest.raises(Http404):
        reveal_enrolment_photo(actor=checked.colleague_actor, template_id=template.id)
    for actor in (checked.worker_actor, checked.member("auditor"), checked.member("department_head")):
        with pytest.raises(Forbidden):
            reveal_check_photo(actor=actor, check_id=checked.check.id)


def test_each_look_and_each_handing_to_a_terminal_is_recorded(plant):
    with tenant_context(plant.tenant.id):
        give_consent(actor=plant.worker_actor, text_version=TEXT_VERSION)
        enrol_face(actor=plant.worker_actor, photos=enrolment_photos(COLLINS))
        reveal_enrolment_photo(actor=plant.hr, template_id=FaceTemplate.objects.first().id)
        assert public.enrolment_photo(plant.system, plant.worker.id)[:2] == b"\xff\xd8"
        assert public.enrolment_photo(plant.system, plant.colleague.id) is None
    with tenant_context(plant.tenant.id):
        verbs = AuditEntry.objects.filter(verb__startswith="faces.").order_by("seq")
        assert list(verbs.values_list("verb", flat=True)) == [
            "faces.consent.say", "faces.face.enrol", "faces.photo.reveal", "faces.photo.send",
        ]  # fmt: skip


def test_the_stored_file_itself_tells_nothing(checked):
    stored = StoredFile.objects.get(id=checked.check.photo_id)
    assert stored.kind == "faces.check"
    assert b"JFIF" not in bytes(stored.content)


# --- Deletion -------------------------------------------------------------------------------------------------------


def test_withdrawing_deletes_templates_and_photos_at_once_and_keeps_results(checked):
    assert files() == 4
    assert withdraw_consent(actor=checked.worker_actor) == 3
    assert (FaceTemplate.objects.count(), FaceEnrolment.objects.count(), files()) == (0, 0, 0)
    assert FaceCheck.objects.get().state == "passed"
    assert list(FaceConsent.objects.values_list("kind", flat=True)) == ["withdrawn", "given"]
    with pytest.raises(Http404):
        public.check_photo(checked.hr, checked.check.id)
    assert withdraw_consent(actor=checked.worker_actor) == 0
    assert FaceConsent.objects.count() == 2


def test_hr_deletes_for_somebody_and_others_do_not(enrolled):
    with pytest.raises(Forbidden):
        withdraw_consent(actor=enrolled.colleague_actor, person_id=enrolled.worker.id)
    assert withdraw_consent(actor=enrolled.hr, person_id=enrolled.worker.id, note="书面申请") == 3
    assert FaceConsent.objects.first().way == "paper"


def test_the_face_of_a_leaver_goes_by_itself(checked):
    people.end_employment(
        actor=checked.system, person_id=checked.worker.id, last_on=dt.date(2026, 1, 31), reason="辞职"
    )
    checked.worker.refresh_from_db()
    assert checked.worker.status == "left"
    assert delete_faces_of_leavers(tenant_id=checked.tenant.id) == 1
    assert (FaceTemplate.objects.count(), files()) == (0, 0)
    assert [each.way for each in FaceConsent.objects.all()] == ["leaving", "self"]


def test_photos_of_checks_go_after_the_days_set_and_results_stay(checked):
    change_setting(actor=checked.hr, **LIMITS | {"keep_days": 30})
    StoredFile.objects.filter(kind="faces.check").update(created_at=timezone.now() - dt.timedelta(days=29))
    assert delete_old_photos(tenant_id=checked.tenant.id) == 0
    StoredFile.objects.filter(kind__startswith="faces.").update(
        created_at=timezone.now() - dt.timedelta(days=31)
    )
    FaceChallenge.objects.update(expires_at=timezone.now() - dt.timedelta(days=31))
    assert delete_old_photos(tenant_id=checked.tenant.id) == 1
    assert (FaceCheck.objects.count(), FaceTemplate.objects.count(), files()) == (1, 3, 3)
    assert FaceChallenge.objects.count() == 0


def test_the_jobs_clean_and_count_all_tenants(enrolled, caplog, monkeypatch):
    assert tasks.clean(0) == 0
    assert face_counts() == {enrolled.tenant.slug: 1}
    assert tasks.count(0) == 1
    assert not caplog.records
    monkeypatch.setattr(tasks, "FILING_THRESHOLD", 1)
    tasks.count(0)
    assert "file with the provincial authority" in caplog.text


# --- Settings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change", [{"review": Decimal("0.46")}, {"accept": Decimal("0.10")}, {"keep_days": 0}]
)
def test_thresholds_out_of_order_or_range_are_refused(inside, change):
    refusal(change_setting, actor=inside.hr, **LIMITS | change)


def test_settings_are_changed_by_who_may(inside):
    with pytest.raises(Forbidden):
        change_setting(actor=inside.worker_actor, **LIMITS)
    change_setting(actor=inside.hr, **LIMITS | {"keep_days": 30})
    assert "保存 30 天" in consent_text().plain
