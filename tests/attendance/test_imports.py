from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.attendance.people import Yard
from tests.attendance.test_pages import client_of
from tests.factories import make_person

from zhiheng.attendance.models import DayMark, Punch, PunchDevice, PunchImport, PunchImportLine
from zhiheng.attendance.queries.punches import punches_of_batch
from zhiheng.attendance.services.imports import look_at_log, take_log, upload_log, void_log
from zhiheng.attendance.services.pins import own_pin

LOG = (
    b"       A1\t2026-07-01 08:58:07\t1\t0\t15\t0\r\n"
    b"       A1\t2026-07-01 08:58:07\t1\t0\t15\t0\r\n"
    b"     0077\t2026-07-01 09:01:00\t1\t0\t1\t0\r\n"
    b"       A1\t2026-07-01 18:02:00\t1\t1\t4\t0\r\n"
    b"       A1\t2000-01-01 00:00:10\t1\t0\t1\t0\r\n"
    b"       A1\t2099-01-01 08:00:00\t1\t0\t1\t0\r\n"
    b"broken line\r\n"
) + b"\0" * 500
NOW = dt.datetime(2026, 7, 2, tzinfo=dt.UTC)


def upload(yard: Yard, content: bytes = LOG, **more) -> object:
    given = {"name": "1_attlog.dat", "zone": "Asia/Shanghai", "device_name": "东门机", **more}
    return upload_log(actor=yard.hr, content=content, legal_entity_id=yard.unit.legal_entity_id, **given)


def test_a_log_is_looked_at_first(yard: Yard):
    look = look_at_log(actor=yard.hr, import_id=upload(yard), now=NOW)
    assert not Punch.objects.exists()
    assert (len(look.new), look.known, look.line_count, look.people) == (2, 1, 7, 1)
    assert [(each[0], each[3]) for each in sorted(look.left)] == [
        (3, "unknown_pin"), (5, "clock_off"), (6, "future"), (7, "bad_line"),
    ]  # fmt: skip
    assert dict(look.unknown_pins) == {"0077": 1}
    assert (look.first, look.last) == (
        dt.datetime(2026, 7, 1, 0, 58, 7, tzinfo=dt.UTC), dt.datetime(2026, 7, 1, 10, 2, tzinfo=dt.UTC),
    )  # fmt: skip


def test_a_log_is_taken_and_the_rest_kept(yard: Yard):
    import_id = upload(yard)
    take_log(actor=yard.hr, import_id=import_id)
    punches = list(Punch.objects.order_by("punched_at"))
    assert [(each.method, each.direction, each.wall_time) for each in punches] == [
        ("face", 0, "2026-07-01 08:58:07"), ("card", 1, "2026-07-01 18:02:00"),
    ]  # fmt: skip
    assert {each.batch_id for each in punches} == {import_id}
    assert DayMark.objects.filter(person=yard.ann, on=dt.date(2026, 7, 1)).exists()
    assert PunchDevice.objects.get().kind == "import"
    assert list(PunchImportLine.objects.values_list("number", "pin")) == [
        (3, "0077"),
        (5, "A1"),
        (6, "A1"),
        (7, ""),
    ]
    batch = PunchImport.objects.get()
    assert (batch.line_count, batch.punch_count) == (7, 2)


def test_once_a_pin_is_known_the_rest_is_taken(yard: Yard):
    import_id = upload(yard)
    take_log(actor=yard.hr, import_id=import_id)
    bob = make_person(yard.unit, "白白", employee_number="B2")
    own_pin(actor=yard.hr, pin="0077", person_id=bob.id)
    take_log(actor=yard.hr, import_id=import_id)
    assert Punch.objects.get(person=bob).wall_time == "2026-07-01 09:01:00"
    assert PunchImport.objects.get().punch_count == 3
    assert PunchImportLine.objects.count() == 3


def test_leading_zeros_of_a_pin_do_not_matter(yard: Yard):
    bob = make_person(yard.unit, "白白", employee_number="77")
    take_log(actor=yard.hr, import_id=upload(yard))
    assert Punch.objects.filter(person=bob).count() == 1


def test_the_same_log_or_an_overlapping_one_adds_nothing_twice(yard: Yard):
    first = upload(yard)
    take_log(actor=yard.hr, import_id=first)
    assert upload(yard) == first
    longer = upload(yard, LOG.replace(b"\0", b"") + b"A1\t2026-07-02 08:00:00\t1\t0\t1\t0\n")
    look = take_log(actor=yard.hr, import_id=longer)
    assert (len(look.new), look.known) == (1, 3)
    assert Punch.objects.count() == 3


def test_voiding_a_log_makes_its_punches_not_count(yard: Yard):
    import_id = upload(yard)
    take_log(actor=yard.hr, import_id=import_id)
    with pytest.raises(ValidationError, match="理由"):
        void_log(actor=yard.hr, import_id=import_id, reason=" ")
    assert void_log(actor=yard.hr, import_id=import_id, reason="传错文件") == 2
    assert {each.state for each in punches_of_batch(import_id)} == {"rejected"}
    with pytest.raises(ValidationError, match="已作废"):
        take_log(actor=yard.hr, import_id=import_id)


@pytest.mark.parametrize(
    ("content", "more", "text"),
    [
        (b"hello\n", {}, "没有找到打卡"),
        (LOG, {"zone": "Mars"}, "没有这个时区"),
        (b"0" * (20 * 1024 * 1024 + 1), {}, "超过 20 MB"),
    ],
)
def test_files_that_are_refused(yard: Yard, content, more, text):
    with pytest.raises(ValidationError, match=text):
        upload(yard, content, **more)


def test_the_pages_of_a_log(yard: Yard):
    hr = client_of(yard.hr_user)
    entity = str(yard.unit.legal_entity_id)
    bad = hr.post(
        "/attendance/punch-files/new/",
        {"file": SimpleUploadedFile("a.dat", b"x"), "legal_entity": entity, "zone": "Asia/Shanghai"},
    )
    assert bad.status_code == 422
    answer = hr.post(
        "/attendance/punch-files/new/",
        {"file": SimpleUploadedFile("attlog.dat", LOG), "legal_entity": entity, "zone": "Asia/Shanghai"},
    )
    page = hr.get(answer.url).content.decode()
    assert "检查结果" in page
    assert "0077 × 1" in page
    assert "已导入 2 次打卡。" in hr.post(f"{answer.url}act/", {"do": "take"}, follow=True).content.decode()
    left = b"".join(hr.get(f"{answer.url}?export=left").streaming_content).decode()
    assert "broken line" in left
    assert "attlog.dat" in hr.get("/attendance/punch-files/").content.decode()
    page = hr.post(f"{answer.url}act/", {"do": "void", "reason": "测试"}, follow=True).content.decode()
    assert "已作废 2 次打卡。" in page
    page = hr.post(f"{answer.url}act/", {"do": "take"}, follow=True).content.decode()
    assert "这个文件的打卡已作废。" in page
