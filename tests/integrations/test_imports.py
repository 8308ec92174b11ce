"""Streams come in from files: new, changed, unchanged and wrong rows, and taking a file back."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from tests.factories.loop import make_loop

from zhiheng.dataimport.public import target_by_code
from zhiheng.dataimport.services import import_file, undo_batch
from zhiheng.integrations.models import Record
from zhiheng.integrations.queries.records import current_records, record_frame, record_rows
from zhiheng.integrations.queries.streams import StreamInfo, stream_by_code, stream_by_id
from zhiheng.integrations.services.streams import create_source, create_stream
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db
HEAD = "order_id,order_date,customer_id,salesperson_id,subtotal\n"


@pytest.fixture
def loop():
    made = make_loop()
    with tenant_context(made.tenant.id):
        yield made


def load(loop, *rows: str, target: str = "integrations.record:orders", head: str = HEAD, **options):
    content = (head + "\n".join(rows)).encode()
    return import_file(loop.actor, target, name="orders.csv", content=content, **options)


def current(loop) -> dict[str, tuple[int, str]]:
    return {each.key: (each.revision, each.payload["subtotal"]) for each in current_records().order_by("key")}


BEFORE = {"1": (1, "999"), "2": (1, "50"), "3": (1, "100"), "4": (1, "40")}


def test_new_changed_and_equal_rows(loop):
    ann, bob = loop.ann.employee_number, loop.bob.employee_number
    report = load(
        loop, f"2,2026-01-05,C1,{ann},50.00", f"3,2026-02-01,C2,{ann},101", f"9,2026-03-01,C9,{bob},1.5"
    )
    assert (report.result.created, report.result.updated, report.result.unchanged) == (1, 1, 1)
    assert current(loop) == {**BEFORE, "3": (2, "101"), "9": (1, "1.5")}
    new = Record.objects.get(key="9")
    place = (new.person_id, new.org_unit_id, new.legal_entity_id, new.row_number)
    assert place == (loop.bob.id, loop.south.id, loop.south.legal_entity_id, 4)
    again = load(loop, f"9,2026-03-01,C9,{bob},1.5")
    assert (again.result.created, again.result.updated, again.result.unchanged) == (0, 0, 1)


def test_an_import_is_taken_back_by_new_revisions(loop):
    ann = loop.ann.employee_number
    report = load(loop, f"3,2026-02-01,C2,{ann},101", f"9,2026-03-01,C9,{ann},1.5")
    undone = undo_batch(actor=loop.actor, batch_id=report.batch_id)
    assert (undone.deleted, undone.restored) == (1, 1)
    assert current(loop) == {**BEFORE, "3": (3, "100")}
    assert Record.objects.filter(key="9").count() == 2
    back = load(loop, f"9,2026-03-01,C9,{ann},1.5")
    assert back.result.created == 1


def test_it_is_not_taken_back_after_a_later_change(loop):
    ann = loop.ann.employee_number
    first = load(loop, f"3,2026-02-01,C2,{ann},101")
    load(loop, f"3,2026-02-01,C2,{ann},102")
    with pytest.raises(ValidationError, match="记录「3」之后又有改动"):
        undo_batch(actor=loop.actor, batch_id=first.batch_id)


def test_a_number_that_nobody_has_is_named(loop):
    report = load(loop, "9,2026-03-01,C9,NOBODY,1.5")
    assert (report.errors, report.batch_id) == (1, None) or report.errors == 1
    assert report.issues[0].message == "没有工号为「NOBODY」的员工。"
    assert current(loop) == BEFORE


def test_an_unknown_stream_is_no_target(loop):
    with pytest.raises(KeyError):
        target_by_code("integrations.record:none")
    for find, key in ((stream_by_code, "none"), (stream_by_id, loop.period_id)):
        with pytest.raises(LookupError):
            find(key)


def test_a_stream_of_nobody_belongs_to_its_legal_entity(loop):
    source = create_source(actor=loop.actor, code="crm", name="CRM")
    create_stream(
        actor=loop.actor, source_id=source, code="customers", name="客户", occurred_field="since",
        key_fields=["no", "since"], legal_entity_id=loop.north.legal_entity_id,
        fields=[{"name": "no"}, {"name": "since", "kind": "date"}, {"name": "vip", "kind": "boolean"}, {"name": "n", "kind": "integer"}],
    )  # fmt: skip
    report = load(loop, "7,2026-01-01,是,3", target="integrations.record:customers", head="no,since,vip,n\n")
    assert report.result.created == 1
    record = Record.objects.get(stream__code="customers")
    assert (record.key, record.person_id, record.legal_entity_id) == (
        "7|2026-01-01",
        None,
        loop.north.legal_entity_id,
    )
    frame = record_frame(stream_by_code("customers"), ["vip", "n", "since"])
    assert frame.select("vip", "n", "since").rows() == [(True, 3, record.occurred_on)]
    assert record_rows([record.id])[0].payload == {"no": "7", "since": "2026-01-01", "vip": True, "n": 3}


def test_a_frame_of_a_field_that_is_not_declared(loop):
    with pytest.raises(KeyError):
        record_frame(loop.stream, ["none"])


GOOD = {"fields": [{"name": "a"}, {"name": "d", "kind": "date"}], "key_fields": ["a"], "occurred_field": "d", "subject_field": "a"}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"key_fields": []}, "请至少指定一个主键字段"),
        ({"key_fields": ["x"]}, "没有声明字段「x」"),
        ({"occurred_field": "a"}, "必须是日期"),
        ({"subject_field": ""}, "必须指定法人实体"),
        ({"fields": [{"name": "a"}, {"name": "a"}]}, "字段名称不能重复"),
        ({"fields": [{"name": "a", "kind": "float"}]}, "字段「a」的声明有误"),
    ],
)
def test_a_wrong_declaration_is_refused(loop, change, message):
    source = create_source(actor=loop.actor, code="x", name="X")
    with pytest.raises(ValidationError, match=message):
        create_stream(actor=loop.actor, source_id=source, code="x", name="X", **{**GOOD, **change})


def test_labels_in_the_reader_s_language(loop):
    from django.utils import translation

    info: StreamInfo = loop.stream
    with translation.override("en"):
        assert (info.label, info.field("order_id").shown, info.field("subtotal").shown) == (
            "Orders",
            "Order",
            "订单金额",
        )
    assert (info.label, info.field("order_id").shown, info.field("none")) == ("订单", "订单号", None)
