"""Telling systems outside: in order, at least once, and nowhere they must not go."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from tests.connectors.fakes.server import Answer, Request, serving
from tests.factories import make_member, make_tenant

from zhiheng.access.actor import system_actor
from zhiheng.audit.public import latest_seq, record
from zhiheng.connectors.models import Webhook, WebhookAttempt
from zhiheng.connectors.services import webhooks as services
from zhiheng.connectors.services.outgoing import CannotSend, post
from zhiheng.connectors.services.webhooks import (
    WebhookData,
    create_webhook,
    delete_webhook,
    deliver,
    due_webhooks,
    new_webhook_secret,
    pause_webhook,
    resume_webhook,
)
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db


class Receiver:
    """A system that is told, answering what a test says."""

    def __init__(self) -> None:
        self.status, self.got = 200, []

    def __call__(self, request: Request) -> Answer:
        self.got.append(request)
        return Answer({}, self.status)

    @property
    def types(self) -> list[str]:
        return [json.loads(each.body)["type"] for each in self.got]


class House:
    """A company with a receiver in its network."""

    def __init__(self, url: str, receiver: Receiver) -> None:
        self.receiver, self.tenant = receiver, make_tenant()
        self.actor = system_actor(self.tenant.id)
        self.data = WebhookData("看板", f"{url}/hook?a=1", ["goals"], is_on_premise=True)
        with tenant_context(self.tenant.id):
            record(self.actor, "goals.goal.set", subject=("goals.goal", "old"))
        with tenant_context(self.tenant.id):
            self.id, self.secret = create_webhook(actor=self.actor, data=self.data)

    def happen(self, *verbs: str) -> None:
        with tenant_context(self.tenant.id):
            for verb in verbs:
                record(self.actor, verb, subject=("goals.goal", "1"), payload={"name": "张三"})

    def deliver(self) -> int:
        return deliver(tenant_id=self.tenant.id, webhook_id=self.id)

    def webhook(self) -> Webhook:
        with tenant_context(self.tenant.id):
            return Webhook.objects.get()

    def do(self, service, **more: object) -> object:
        with tenant_context(self.tenant.id):
            return service(actor=self.actor, webhook_id=self.id, **more)


@pytest.fixture
def house():
    receiver = Receiver()
    with serving(receiver) as system:
        yield House(system.url, receiver)


def test_what_happens_from_now_on_is_told_in_order_and_signed(house):
    house.happen("goals.goal.set", "people.person.create", "goalsetting.goal.set", "goals.negotiation.agree")
    assert house.deliver() == 2
    assert house.receiver.types == ["goals.goal.set", "goals.negotiation.agree"]
    got = house.receiver.got[0]
    headers = {name.lower(): value for name, value in got.headers.items()}
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + got.body
    key = base64.b64decode(house.secret.removeprefix("whsec_"))
    signature = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{signature}"
    assert "张三" not in got.body.decode()
    assert house.deliver() == 0
    assert len(house.receiver.got) == 2


def test_what_fails_is_tried_again_later_and_then_in_order(house):
    house.receiver.status = 500
    house.happen("goals.goal.set", "goals.goal.reply")
    assert house.deliver() == 0
    failed = house.webhook()
    assert (failed.failures, failed.is_paused, failed.next_at is not None) == (1, False, True)
    with tenant_context(house.tenant.id):
        assert due_webhooks() == []
        Webhook.objects.update(next_at=None)
        assert due_webhooks() == [house.id]
        attempt = WebhookAttempt.objects.get()
        assert (attempt.status, attempt.verb, attempt.error) == (500, "goals.goal.set", "")
    house.receiver.status = 204
    assert house.deliver() == 2
    assert house.receiver.types == ["goals.goal.set", "goals.goal.set", "goals.goal.reply"]
    assert house.receiver.got[0].headers["webhook-id"] == house.receiver.got[1].headers["webhook-id"]
    assert house.webhook().failures == 0


@pytest.mark.parametrize(("status", "failures"), [(410, 0), (500, len(services.BACKOFF))])
def test_deliveries_stop_when_nobody_is_there_any_more(house, status, failures):
    with tenant_context(house.tenant.id):
        Webhook.objects.update(failures=failures)
    house.receiver.status = status
    house.happen("goals.goal.set")
    assert house.deliver() == 0
    assert house.webhook().is_paused
    house.receiver.status = 200
    house.do(resume_webhook)
    assert house.deliver() == 1


def test_without_domains_everything_is_told(house):
    with tenant_context(house.tenant.id):
        Webhook.objects.update(domains=[])
    house.happen("anything.at.all")
    assert house.deliver() == 2  # its own making, too
    assert house.receiver.types[-1] == "anything.at.all"


def test_nobody_works_when_nothing_happened(house):
    with tenant_context(house.tenant.id):
        assert due_webhooks() == []
    house.happen("goals.goal.set")
    with tenant_context(house.tenant.id):
        assert due_webhooks() == [house.id]


def test_failures_are_counted_in_a_row(house):
    with tenant_context(house.tenant.id):
        Webhook.objects.update(failures=5)
    house.happen("goals.goal.set", "goals.goal.reply")
    answers = [200, 500]
    house.receiver.__class__ = type(
        "Moody", (Receiver,), {"__call__": lambda self, _request: Answer({}, answers.pop(0))}
    )
    assert house.deliver() == 1
    assert house.webhook().failures == 1


def test_a_pause_loses_nothing(house):
    house.do(pause_webhook)
    house.happen("goals.goal.set")
    assert house.deliver() == 0
    house.do(resume_webhook)
    assert house.deliver() == 1


def test_only_the_latest_attempts_are_kept(house, monkeypatch):
    monkeypatch.setattr(services, "KEPT_ATTEMPTS", 2)
    house.happen(*["goals.goal.set"] * 4)
    assert house.deliver() == 4
    with tenant_context(house.tenant.id):
        assert WebhookAttempt.objects.count() == 2


def test_another_secret_and_the_end(house):
    assert house.do(new_webhook_secret) != house.secret
    house.happen("goals.goal.set")
    house.deliver()
    house.do(delete_webhook)
    with tenant_context(house.tenant.id):
        assert (Webhook.objects.count(), WebhookAttempt.objects.count()) == (0, 0)
        assert latest_seq() > 0
    assert house.deliver() == 0


@pytest.mark.parametrize(
    ("url", "is_on_premise", "domains", "field"),
    [
        ("ftp://example.com", False, [], "url"),
        ("https://", False, [], "url"),
        ("http://example.com", False, [], "url"),
        ("https://example.com", False, ["nothing"], "domains"),
    ],
)
def test_addresses_that_are_refused(house, url, is_on_premise, domains, field):
    data = WebhookData("x", url, domains, is_on_premise)
    with tenant_context(house.tenant.id), pytest.raises(ValidationError) as refused:
        create_webhook(actor=house.actor, data=data)
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize(
    ("url", "is_on_premise", "said"),
    [
        ("https://127.0.0.1/", False, "inside a network"),
        ("https://[::1]/", False, "inside a network"),
        ("http://169.254.169.254/latest", True, "not an address of a system"),
        ("http://example.com/", False, "not an address to send to"),
        ("http://127.0.0.1:9/", True, "refused"),
        ("https://no-such-name.invalid/", False, ""),
    ],
)
def test_where_nothing_is_sent(url, is_on_premise, said):
    with pytest.raises(CannotSend, match=said):
        post(url, b"{}", {}, is_on_premise=is_on_premise)


def test_pages(house):
    client = Client()
    client.force_login(make_member(house.tenant, role="hr"))
    assert "看板" in client.get(reverse("connectors:webhook_list")).content.decode()
    new = reverse("connectors:webhook_new")
    given = {"name": "ERP", "url": house.data.url, "domains": ["goals", "people"], "is_on_premise": "on"}
    made = client.post(new, given).content.decode()
    assert "whsec_" in made
    wrong = client.post(new, given | {"is_on_premise": ""})
    assert (wrong.status_code, "公网地址必须使用 https" in wrong.content.decode()) == (422, True)
    detail = reverse("connectors:webhook_detail", args=[house.id])
    act = reverse("connectors:webhook_act", args=[house.id])
    assert "还没有推送过" in client.get(detail).content.decode()
    house.receiver.status = 503
    house.happen("goals.goal.set")
    house.deliver()
    page = client.get(detail).content.decode()
    assert all(each in page for each in ("重试中", "503", "目标 · 设定"))
    assert "whsec_" not in page
    said = {"pause": "已暂停", "resume": "已恢复", "secret": "whsec_", "delete": "已删除"}
    for verb, text in said.items():
        assert text in client.post(act, {"act": verb}, follow=True).content.decode()
    assert client.post(act, {"act": "explode"}).status_code == 404
    nobody = Client()
    nobody.force_login(make_member(house.tenant, role="employee"))
    assert nobody.get(reverse("connectors:webhook_list")).status_code == 403
