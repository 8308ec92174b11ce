"""Messages as receivers verify them."""

from __future__ import annotations

import base64
import datetime as dt
from uuid import UUID

from zhiheng.connectors.calc.webhooks import BACKOFF, Message, new_secret, signed_headers

AT = dt.datetime(2021, 2, 25, 20, 8, 20, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def test_a_signature_that_libraries_of_the_standard_accept():
    # The example of the Standard Webhooks specification and its reference libraries.
    secret, message_id = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    sent_at = dt.datetime.fromtimestamp(1614265330, dt.UTC)
    found = signed_headers(secret, message_id, sent_at, b'{"test": 2432232314}')
    assert found["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert (found["webhook-id"], found["webhook-timestamp"]) == (message_id, "1614265330")


def test_a_message_says_what_happened_and_nothing_personal():
    found = Message(UUID(int=1), 7, "goals.negotiation.agree", AT, "goals.negotiation", "42")
    assert found.body == (
        b'{"data":{"id":"00000000-0000-0000-0000-000000000001","seq":7,"subject_id":"42",'
        b'"subject_type":"goals.negotiation"},"timestamp":"2021-02-25T12:08:20+00:00",'
        b'"type":"goals.negotiation.agree"}'
    )


def test_secrets_are_long_and_never_the_same():
    one, other = new_secret(), new_secret()
    assert one != other
    assert len(base64.b64decode(one.removeprefix("whsec_"))) == 24


def test_waits_grow():
    assert list(BACKOFF) == sorted(BACKOFF)
