"""Requests go along their chain, are decided once, and tell their domain."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import Http404
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from tests.approvals.conftest import HAPPENED, build_office, managed_by

from zhiheng.access.errors import Forbidden
from zhiheng.approvals.kinds import ApprovalKind, register_kind
from zhiheng.approvals.models import ApprovalDecision
from zhiheng.approvals.public import approval_of, approvals_of, start_approval, withdraw_approval
from zhiheng.approvals.queries.inbox import inbox_page, waiting_count
from zhiheng.approvals.services.requests import decide_request
from zhiheng.audit.models import AuditEntry
from zhiheng.tenancy.context import tenant_context


def decide(actor, info, verdict="approve", comment="", step=None):
    info = approval_of(info.subject_id)
    return decide_request(
        actor=actor, approval_id=info.id, step_id=step or info.open_step.id, is_approved=verdict == "approve",
        comment=comment,
    )  # fmt: skip


def steps(info) -> list[tuple]:
    return [(each.role, each.state, each.approvers) for each in approval_of(info.subject_id).steps]


def waiting(actor) -> list[str]:
    return [row.person_name for row in inbox_page(actor, "waiting", 1).object_list]


def test_the_head_agrees_then_hr(inside):
    info = inside.start(inside.ann)
    assert steps(info) == [("head", "open", ("何主管",)), ("hr", "waiting", ())]
    assert (waiting(inside.head_actor), waiting(inside.boss_actor), waiting(inside.hana_actor)) == (
        ["安安"],
        [],
        [],
    )
    assert decide(inside.head_actor, info, comment="好") == "pending"
    assert HAPPENED == []
    assert (waiting(inside.head_actor), waiting(inside.hana_actor)) == ([], ["安安"])
    assert decide(inside.hana_actor, info) == "approved"
    assert [("approved", "韩娜", info.subject_id)] == HAPPENED
    found = approval_of(info.subject_id)
    assert (found.state, found.closed_at is not None) == ("approved", True)
    assert [(each.state, each.decided_by, each.comment) for each in found.steps] == [
        ("approved", "何主管", "好"), ("approved", "韩娜", ""),
    ]  # fmt: skip
    log = ApprovalDecision.objects.filter(request_id=info.id).values_list("act", "by", "comment")
    assert list(log) == [("start", "安安", ""), ("approve", "何主管", "好"), ("approve", "韩娜", "")]


def test_each_act_is_audited(office):
    with tenant_context(office.tenant.id):
        info = office.start(office.ann)
        decide(office.head_actor, info)
        decide(office.hana_actor, info, "reject", "不行")
    with tenant_context(office.tenant.id):
        verbs = AuditEntry.objects.filter(subject_id=str(info.id)).order_by("seq")
        assert [each.verb.rpartition(".")[2] for each in verbs] == ["open", "approve", "reject"]


def test_the_direct_manager_comes_before_the_head_of_the_unit(office):
    managed_by(office, office.ann, office.bob)
    with tenant_context(office.tenant.id):
        info = office.start(office.ann)
        assert steps(info)[0] == ("head", "open", ("白白",))
        assert waiting(office.bob_actor) == ["安安"]
        assert decide(office.bob_actor, info) == "pending"


def test_a_head_asks_the_next_one_up(inside):
    assert steps(inside.start(inside.head))[0] == ("head", "open", ("老板",))
    assert steps(inside.start(inside.boss)) == [("hr", "open", ())]


def test_who_is_head_and_hr_agrees_once(office):
    managed_by(office, office.ann, office.hana)
    with tenant_context(office.tenant.id):
        info = office.start(office.ann)
        assert decide(office.hana_actor, info) == "approved"
        assert [each[:2] for each in steps(info)] == [("head", "approved"), ("hr", "skipped")]


def test_a_rejection_needs_a_reason_and_ends_it(inside):
    info = inside.start(inside.ann)
    with pytest.raises(ValidationError, match="请填写驳回理由"):
        decide(inside.head_actor, info, "reject", "  ")
    assert decide(inside.head_actor, info, "reject", "人手不足") == "rejected"
    assert [("rejected", "何主管", info.subject_id)] == HAPPENED
    assert [each[:2] for each in steps(info)] == [("head", "rejected"), ("hr", "cancelled")]
    assert waiting(inside.hana_actor) == []


def test_nobody_decides_their_own_request(inside):
    info = inside.start(inside.hana, by=inside.hana_actor)
    decide(inside.boss_actor, info)
    assert waiting(inside.hana_actor) == []
    with pytest.raises(ValidationError, match="不能审批自己的申请"):
        decide(inside.hana_actor, info)


def test_others_may_stand_in_for_the_head_but_not_for_hr(inside):
    info = inside.start(inside.ann)
    with pytest.raises(Http404):
        decide(inside.bob_actor, info)
    assert decide(inside.boss_actor, info) == "pending"
    assert approval_of(info.subject_id).steps[0].is_stand_in is True
    with pytest.raises(Forbidden):
        decide(inside.head_actor, info)


def test_the_second_of_two_learns_who_was_first(inside):
    info = inside.start(inside.ann)
    step = info.open_step.id
    decide(inside.boss_actor, info)
    with pytest.raises(
        ValidationError, match=r"老板已在 \d\d:\d\d 处理过这一步（已同意），您的操作没有生效。"
    ):
        decide(inside.head_actor, info, step=step)
    other = inside.start(inside.bob)
    with pytest.raises(ValidationError, match="还没有轮到") as caught:
        decide(inside.hana_actor, other, step=other.steps[1].id)
    assert caught.value.code == "already_decided"
    with pytest.raises(Http404):
        decide(inside.head_actor, info, step=uuid4())


def test_the_applicant_takes_it_back(inside):
    info = inside.start(inside.ann)
    with pytest.raises(ValidationError, match="已在审批中"):
        start_approval(
            actor=inside.ann_actor,
            kind="test.note",
            subject_id=info.subject_id,
            person_id=inside.ann.id,
            summary="",
        )
    withdraw_approval(actor=inside.ann_actor, approval_id=info.id, reason="写错了")
    found = approval_of(info.subject_id)
    assert (found.state, found.withdrawn_by, found.withdrawn_reason) == ("withdrawn", "安安", "写错了")
    assert [("withdrawn", "安安", info.subject_id)] == HAPPENED
    with pytest.raises(ValidationError, match="申请已被撤回"):
        decide(inside.head_actor, info, step=info.steps[0].id)
    with pytest.raises(ValidationError, match="不能再撤回"):
        withdraw_approval(actor=inside.ann_actor, approval_id=info.id)
    again = start_approval(
        actor=inside.ann_actor,
        kind="test.note",
        subject_id=info.subject_id,
        person_id=inside.ann.id,
        summary="再来",
    )
    assert approval_of(info.subject_id).id == again
    with pytest.raises(Forbidden):
        withdraw_approval(actor=inside.head_actor, approval_id=again)


def test_after_approval_it_is_taken_back_with_a_reason(inside):
    info = inside.start(inside.ann)
    decide(inside.head_actor, info)
    decide(inside.hana_actor, info)
    with pytest.raises(ValidationError, match="不能再撤回"):
        withdraw_approval(actor=inside.ann_actor, approval_id=info.id, reason="不去了")
    with pytest.raises(ValidationError, match="请填写撤销理由"):
        withdraw_approval(actor=inside.ann_actor, approval_id=info.id, is_after_approval=True)
    withdraw_approval(actor=inside.ann_actor, approval_id=info.id, reason="不去了", is_after_approval=True)
    assert approval_of(info.subject_id).state == "withdrawn"
    assert [each[0] for each in HAPPENED] == ["approved", "withdrawn"]


def test_what_the_domain_refuses_undoes_the_decision(inside):
    def refuse(actor, subject_id):
        raise ValidationError("余额不足")

    register_kind(ApprovalKind("test.refusing", "不行", refuse, refuse, refuse, str))
    subject = uuid4()
    start_approval(
        actor=inside.ann_actor,
        kind="test.refusing",
        subject_id=subject,
        person_id=inside.boss.id,
        summary="x",
    )
    info = approval_of(subject)
    with pytest.raises(ValidationError, match="余额不足"):
        decide(inside.hana_actor, info)
    assert approval_of(subject).state == "pending"
    with pytest.raises(ValueError, match="registered twice"):
        register_kind(ApprovalKind("test.refusing", "另一个", refuse, refuse, refuse, str))


def test_texts_are_kept_in_both_languages(inside):
    info = inside.start(
        inside.ann, summary=format_lazy("{word} 3", word=_("审批")), details=[(_("状态"), "好")]
    )
    with override("en"):
        found = approvals_of([info.subject_id])[info.subject_id]
        assert (found.summary, found.details) == ("Approvals 3", (("Status", "好"),))
    assert (info.summary, info.details) == ("审批 3", (("状态", "好"),))
    assert approvals_of([]) == {}


def test_for_somebody_who_is_not_there(inside):
    with pytest.raises(Http404):
        start_approval(
            actor=inside.ann_actor, kind="test.note", subject_id=uuid4(), person_id=uuid4(), summary=""
        )
    with pytest.raises(LookupError):
        start_approval(
            actor=inside.ann_actor,
            kind="test.unknown",
            subject_id=uuid4(),
            person_id=inside.ann.id,
            summary="",
        )


def test_what_each_sees(inside):
    mine, his = inside.start(inside.ann), inside.start(inside.bob, by=inside.hana_actor)
    decide(inside.head_actor, mine)

    def box(actor, tab):
        return sorted(row.person_name for row in inbox_page(actor, tab, 1).object_list)

    assert (box(inside.head_actor, "waiting"), box(inside.head_actor, "decided")) == (["白白"], ["安安"])
    assert (box(inside.hana_actor, "started"), box(inside.bob_actor, "started")) == (["白白"], ["白白"])
    assert (box(inside.ann_actor, "all"), box(inside.boss_actor, "all")) == (["安安"], ["安安", "白白"])
    assert waiting_count(inside.hana_actor) == 1
    (row,) = inbox_page(inside.hana_actor, "all", 1, text="baibai").object_list
    assert (row.waits_for, row.standing, row.can_withdraw, row.unit) == ("何主管", "stand_in", True, "销售部")
    assert inbox_page(inside.hana_actor, "all", 1, kind="leave.request").paginator.count == 0
    assert his.started_by == "韩娜"


def test_two_at_once(committed_db):
    HAPPENED.clear()
    office = build_office()
    with tenant_context(office.tenant.id):
        info = office.start(office.ann)
    start, outcomes = threading.Barrier(2), []

    def run(actor) -> None:
        start.wait()
        try:
            with tenant_context(office.tenant.id):
                decide_request(actor=actor, approval_id=info.id, step_id=info.open_step.id, is_approved=True)
                outcomes.append("done")
        except ValidationError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(actor,)) for actor in (office.head_actor, office.boss_actor)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == ["already_decided", "done"]
    with tenant_context(office.tenant.id):
        assert ApprovalDecision.objects.filter(request_id=info.id, act="approve").count() == 1
