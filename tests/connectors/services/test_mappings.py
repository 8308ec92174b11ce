"""From raw rows to records: by rules, with lineage, revisions, and a queue of what could not be."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from tests.factories import make_legal_entity, make_org_unit, make_tenant
from tests.factories.connectors import line, make_connection, record, running, schema
from tests.factories.performance import make_worker

from zhiheng.access.actor import system_actor
from zhiheng.connectors.calc.mapping import Condition, Rule, Rules
from zhiheng.connectors.models import Answer, Feed, Mapping, RawRow, UnmatchedRow
from zhiheng.connectors.queries.mappings import People, guessed_rules, targets_of, waiting_count
from zhiheng.connectors.services import mappings as mapping_services
from zhiheng.connectors.services.loader import Loader
from zhiheng.connectors.services.mappings import (
    answer_case,
    apply_mapping,
    ensure_canonical_stream,
    ignore_cases,
    preview_mapping,
    queue_waiting,
    retry_cases,
    retry_rows,
    save_mapping,
    stop_mapping,
)
from zhiheng.integrations.models import Record
from zhiheng.integrations.queries.records import current_records
from zhiheng.integrations.queries.streams import stream_by_id
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db
HEAD = schema("orders", "name", name="string")


class Shop:
    """A company with two salespeople and a system that sends orders."""

    def __init__(self) -> None:
        self.tenant = make_tenant()
        entity = make_legal_entity(self.tenant)
        unit = make_org_unit(entity)
        self.zhang = make_worker(unit, "张三", "E1")
        self.li = make_worker(unit, "李四", "E2")
        self.connection = make_connection(self.tenant)
        self.actor = system_actor(self.tenant.id)
        self.send(order("SO-1", "张三", "100.5"), order("SO-2", "E2", "20"))
        with tenant_context(self.tenant.id):
            self.feed = Feed.objects.get()
            self.stream_id = ensure_canonical_stream(
                actor=self.actor, feed_id=self.feed.id, code="sales_orders"
            )
        self.named = {"actor": self.actor, "feed_id": self.feed.id, "stream_id": self.stream_id}

    def send(self, *lines: bytes) -> None:
        loader = Loader(**running(self.connection))
        loader.load([HEAD, *lines])
        loader.finish()

    def save(self, rules: Rules | None = None) -> Mapping:
        with tenant_context(self.tenant.id):
            made = save_mapping(**self.named, rules=rules or self.guessed())
        self.apply(made)
        return made

    def guessed(self) -> Rules:
        return guessed_rules(self.feed.id, stream_by_id(self.stream_id))

    def apply(self, mapping: Mapping) -> int:
        return apply_mapping(tenant_id=self.tenant.id, mapping_id=mapping.id)

    def records(self) -> list[tuple]:
        with tenant_context(self.tenant.id):
            rows = (
                current_records()
                .order_by("key")
                .values_list("key", "person__name", "payload__amount", "revision")
            )
            return list(rows)

    def cases(self, state: str = "open") -> list[tuple]:
        with tenant_context(self.tenant.id):
            rows = UnmatchedRow.objects.filter(state=state).order_by("row__key")
            return list(rows.values_list("row__key", "problem", "field", "value"))

    def case(self) -> UnmatchedRow:
        return UnmatchedRow.objects.order_by("row__key").first()


def order(name: str, owner: str | None, total: str, **more: object) -> bytes:
    return record("orders", name=name, date="2026-03-02", owner=owner, total=total, state="done", **more)


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_rows_become_records_that_know_their_row(shop):
    mapping = shop.save()
    assert shop.records() == [("SO-1", "张三", "100.5", 1), ("SO-2", "李四", "20", 1)]
    with tenant_context(shop.tenant.id):
        made = Record.objects.get(key="SO-1")
        row = RawRow.objects.get(key="SO-1")
        assert (made.origin_id, made.origin_revision) == (row.id, 1)
        assert made.payload["status"] == "done"
        mapping.refresh_from_db()
        assert waiting_count(mapping) == 0
    assert shop.apply(mapping) == 0


def test_a_changed_row_is_a_new_revision_and_an_equal_one_is_not(shop):
    mapping = shop.save()
    shop.send(order("SO-1", "张三", "90"), order("SO-2", "E2", "20", note="says nothing to us"))
    assert shop.apply(mapping) == 2
    assert shop.records() == [("SO-1", "张三", "90", 2), ("SO-2", "李四", "20", 1)]


def test_other_rules_change_what_was_only_by_revisions(shop):
    first = shop.save()
    with tenant_context(shop.tenant.id):
        rules = shop.guessed()
    second = shop.save(Rules({**rules.fields, "amount": Rule("formula", "[total] * 2")}))
    assert (first.version, second.version) == (1, 2)
    assert shop.records() == [("SO-1", "张三", "201", 2), ("SO-2", "李四", "40", 2)]
    with tenant_context(shop.tenant.id):
        assert Record.objects.count() == 4
    assert shop.apply(first) == 0  # a version that another replaced maps nothing


def test_the_same_rules_are_no_new_version(shop):
    first = shop.save()
    assert shop.save().id == first.id


def test_what_the_conditions_leave_out_or_the_source_deletes_is_withdrawn(shop):
    with tenant_context(shop.tenant.id):
        rules = Rules(shop.guessed().fields, (Condition("state", "=", "done"),))
    mapping = shop.save(rules)
    changed = record("orders", name="SO-1", date="2026-03-02", owner="张三", total="100.5", state="cancelled")
    shop.send(changed, line(type="DELETED", stream="orders", key="SO-2"))
    shop.apply(mapping)
    assert shop.records() == []
    with tenant_context(shop.tenant.id):
        assert list(
            Record.objects.filter(is_withdrawn=True).values_list("key", flat=True).order_by("key")
        ) == [
            "SO-1",
            "SO-2",
        ]
    shop.send(order("SO-1", "张三", "100.5"))
    shop.apply(mapping)
    assert shop.records() == [("SO-1", "张三", "100.5", 3)]


def test_a_row_whose_number_changes_withdraws_the_record_of_the_old_one(shop):
    with tenant_context(shop.tenant.id):
        fields = shop.guessed().fields
    mapping = shop.save(Rules({**fields, "order_no": Rule("field", "no")}))
    assert shop.cases() == [("SO-1", "no_key", "order_no", ""), ("SO-2", "no_key", "order_no", "")]
    shop.send(order("SO-1", "张三", "1", no="A"), order("SO-2", "E2", "2", no="B"))
    shop.apply(mapping)
    shop.send(order("SO-1", "张三", "1", no="C"))
    shop.apply(mapping)
    assert shop.records() == [("B", "李四", "2", 1), ("C", "张三", "1", 1)]
    assert shop.cases() == []


def test_two_rows_of_one_number_are_not_mixed_up(shop):
    with tenant_context(shop.tenant.id):
        fields = shop.guessed().fields
    mapping = shop.save(Rules({**fields, "order_no": Rule("constant", "X")}))
    assert [each[0] for each in shop.records()] == ["X"]
    assert [each[1:] for each in shop.cases()] == [("duplicate", "order_no", "X")]
    shop.send(order("SO-3", "张三", "3"))
    shop.apply(mapping)
    assert len(shop.cases()) == 2


def test_a_row_in_trouble_keeps_its_last_good_record(shop):
    mapping = shop.save()
    shop.send(order("SO-1", "张三", "much"))
    shop.apply(mapping)
    assert shop.cases() == [("SO-1", "bad_value", "amount", "much")]
    assert shop.records() == [("SO-1", "张三", "100.5", 1), ("SO-2", "李四", "20", 1)]
    shop.send(order("SO-1", "张三", "70"))
    shop.apply(mapping)
    assert (shop.cases(), shop.records()[0]) == ([], ("SO-1", "张三", "70", 2))


def test_a_number_that_is_too_long_waits(shop):
    mapping = shop.save()
    shop.send(order("S" * 300, "张三", "1"))
    shop.apply(mapping)
    assert [each[1:3] for each in shop.cases()] == [("too_large", "order_no")]


def test_who_is_meant_is_said_once_for_all_rows(shop):
    mapping = shop.save()
    shop.send(order("SO-3", "小张", "3"), order("SO-4", "小张", "4"), order("SO-5", None, "5"))
    shop.apply(mapping)
    assert shop.cases() == [
        ("SO-3", "unmatched", "salesperson", "小张"),
        ("SO-4", "unmatched", "salesperson", "小张"),
        ("SO-5", "unmatched", "salesperson", ""),
    ]
    with tenant_context(shop.tenant.id):
        case = shop.case()
        likely = People(shop.connection.id).likely("张三丰")
        assert likely[0].person.name == "张三"
        assert People(shop.connection.id).likely(" ") == []
        with pytest.raises(ValidationError, match="没有工号为「E9」的员工"):
            answer_case(actor=shop.actor, case_id=case.id, number="E9")
        assert answer_case(actor=shop.actor, case_id=case.id, number="E1") == 2
        assert Answer.objects.get().person == shop.zhang
        with pytest.raises(ValidationError, match="不是找不到员工"):
            answer_case(actor=shop.actor, case_id=UnmatchedRow.objects.get(value="").id, number="E1")
    assert [each[:2] for each in shop.records()][2:] == [("SO-3", "张三"), ("SO-4", "张三")]
    assert shop.cases() == [("SO-5", "unmatched", "salesperson", "")]
    shop.send(order("SO-6", "小张", "6"))
    shop.apply(mapping)
    assert shop.records()[-1] == ("SO-6", "张三", "6", 1)


def test_people_of_one_name_are_never_taken_for_one_another(shop):
    with tenant_context(shop.tenant.id):
        unit = shop.zhang.org_unit
    make_worker(unit, "张三", "E3")
    shop.save()
    assert shop.cases() == [("SO-1", "unmatched", "salesperson", "张三")]


def test_what_is_ignored_stays_so_until_it_changes(shop):
    mapping = shop.save()
    shop.send(order("SO-3", "小张", "3"))
    shop.apply(mapping)
    with tenant_context(shop.tenant.id):
        assert ignore_cases(actor=shop.actor, case_id=shop.case().id) == 1
    shop.send(order("SO-3", "小张", "4"))
    shop.apply(mapping)
    assert (shop.cases(), shop.cases("ignored")) == ([], [("SO-3", "unmatched", "salesperson", "小张")])
    shop.send(order("SO-3", "小王", "4"))
    shop.apply(mapping)
    assert shop.cases() == [("SO-3", "unmatched", "salesperson", "小王")]


def test_rows_are_tried_again_after_people_were_put_right(shop):
    mapping = shop.save()
    shop.send(order("SO-3", "王五", "3"))
    shop.apply(mapping)
    with tenant_context(shop.tenant.id):
        ignore_cases(actor=shop.actor, case_id=shop.case().id)
        unit = shop.zhang.org_unit
    make_worker(unit, "王五", "E5")
    with tenant_context(shop.tenant.id):
        retry_cases(actor=shop.actor, case_id=shop.case().id)
    assert shop.records()[-1] == ("SO-3", "王五", "3", 1)
    assert shop.cases("solved") == [("SO-3", "unmatched", "salesperson", "王五")]


def test_many_rows_are_tried_again_in_the_background(shop, monkeypatch):
    mapping = shop.save()
    shop.send(order("SO-3", "王五", "3"), order("SO-4", "王五", "3"), order("SO-5", "王五", "3"))
    shop.apply(mapping)
    monkeypatch.setattr(mapping_services, "BATCH", 2)
    with tenant_context(shop.tenant.id):
        unit = shop.zhang.org_unit
    make_worker(unit, "王五", "E5")
    with tenant_context(shop.tenant.id):
        retry_cases(actor=shop.actor, case_id=shop.case().id)
    assert len(shop.cases()) == 3
    assert retry_rows(tenant_id=shop.tenant.id, mapping_id=mapping.id, value="王五") == 3
    assert (shop.cases(), len(shop.records())) == ([], 5)


def test_rows_are_mapped_in_portions(shop, monkeypatch):
    monkeypatch.setattr(mapping_services, "BATCH", 2)
    mapping = shop.save()
    shop.send(*(order(f"SO-{number}", "张三", "1") for number in range(3, 10)))
    assert shop.apply(mapping) == 7
    assert len(shop.records()) == 9


def test_a_stopped_mapping_maps_nothing_until_it_is_saved_again(shop):
    mapping = shop.save()
    with tenant_context(shop.tenant.id):
        stop_mapping(**shop.named)
        stop_mapping(**shop.named)
    shop.send(order("SO-3", "张三", "3"))
    with tenant_context(shop.tenant.id):
        assert queue_waiting() == 0
    assert (shop.apply(mapping), len(shop.records())) == (0, 2)
    assert shop.save().version == 2
    assert len(shop.records()) == 3


def test_what_waits_is_queued(shop):
    shop.save()
    with tenant_context(shop.tenant.id):
        assert queue_waiting() == 0
    shop.send(order("SO-3", "张三", "3"))
    with tenant_context(shop.tenant.id):
        assert queue_waiting() == 1


def test_a_preview_writes_nothing(shop):
    shop.send(order("SO-3", "小张", "3"))
    with tenant_context(shop.tenant.id):
        rules = Rules(shop.guessed().fields, (Condition("name", "<>", "SO-2"),))
        seen = {each.row.key: each for each in preview_mapping(**shop.named, rules=rules)}
        assert seen["SO-1"].values["salesperson"] == "E1"
        assert (seen["SO-2"].values, seen["SO-2"].trouble) == (None, None)
        assert seen["SO-3"].trouble.value == "小张"
        assert (Record.objects.count(), UnmatchedRow.objects.count(), Mapping.objects.count()) == (0, 0, 0)


def test_rules_that_cannot_work_are_refused_by_field(shop):
    with tenant_context(shop.tenant.id):
        fields = {**shop.guessed().fields, "amount": Rule("formula", "[total] *"), "order_no": Rule("none")}
        with pytest.raises(ValidationError) as refused:
            save_mapping(**shop.named, rules=Rules(fields, (Condition("", "="),)))
        assert set(refused.value.message_dict) == {"order_no", "amount", "conditions"}
        assert "第" in refused.value.message_dict["amount"][0]
        with pytest.raises(ValidationError):
            ensure_canonical_stream(actor=shop.actor, feed_id=shop.feed.id, code="nothing")


def test_the_canonical_stream_is_declared_once_and_knows_what_systems_call_its_fields(shop):
    with tenant_context(shop.tenant.id):
        again = ensure_canonical_stream(actor=shop.actor, feed_id=shop.feed.id, code="sales_orders")
        stream = stream_by_id(again)
        assert again == shop.stream_id
        assert [each.name for each in targets_of(stream) if each.is_needed] == [
            "order_no",
            "ordered_on",
            "salesperson",
        ]
        assert shop.guessed().fields == {
            "order_no": Rule("field", "name"), "ordered_on": Rule("field", "date"),
            "salesperson": Rule("person", "owner"), "amount": Rule("field", "total"), "status": Rule("field", "state"),
        }  # fmt: skip
