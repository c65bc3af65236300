"""Signed JSON, to a real receiver on loopback, verified by the specification's own library."""

import base64
import json

import pytest
from pydantic import ValidationError
from standardwebhooks import Webhook, WebhookVerificationError

from monitor.channels import WebhookSettings
from monitor.channels.webhook import canonical, signed_headers, signing_key
from monitor.clock import utc_now
from monitor.model import Message
from tests.conftest import NOW
from tests.support.receivers import Receiver

OLD = "whsec_" + base64.b64encode(b"o" * 24).decode()
NEW = "whsec_" + base64.b64encode(b"n" * 24).decode()


async def test_the_receiver_can_verify_who_sent_it(sender):
    with Receiver() as receiver:
        answer = await sender(WebhookSettings(url=receiver.url, secret=NEW))
    (request,) = receiver.got
    assert Webhook(NEW).verify(request.body, request.headers) == {"a": 1}
    assert request.headers["webhook-id"] == "0123456789abcdef0123"
    assert request.headers["content-type"] == "application/json"
    assert answer == "HTTP 204"
    assert sender.phases == ["data"]


@pytest.mark.parametrize("key", [OLD, NEW])
async def test_during_a_key_change_either_key_verifies(sender, key):
    with Receiver() as receiver:
        await sender(WebhookSettings(url=receiver.url, secrets=(NEW, OLD)))
    assert Webhook(key).verify(receiver.got[0].body, receiver.got[0].headers) == {"a": 1}


async def test_a_plain_text_key_signs_as_it_is(sender):
    with Receiver() as receiver:
        await sender(WebhookSettings(url=receiver.url, secret="plain words"))
    assert Webhook(b"plain words").verify(receiver.got[0].body, receiver.got[0].headers) == {"a": 1}


async def test_without_a_key_nothing_pretends_to_be_signed(sender):
    with Receiver() as receiver:
        await sender(WebhookSettings(url=receiver.url))
    assert "webhook-signature" not in receiver.got[0].headers
    assert "webhook-id" in receiver.got[0].headers


async def test_id_and_body_stay_the_same_and_the_signature_is_the_attempts(sender, clock):
    sender.clock = clock
    data = {"b": 2, "a": {"title": "Türkiye", "z": 1, "c": 2}}
    again = json.loads(json.dumps(data, sort_keys=True))
    with Receiver() as receiver:
        await sender(
            WebhookSettings(url=receiver.url, secret=NEW), message=Message(subject="s", text="t", data=data)
        )
        clock.advance(minutes=5)
        await sender(
            WebhookSettings(url=receiver.url, secret=NEW), message=Message(subject="s", text="t", data=again)
        )
    first, second = receiver.got
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 300
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]


def test_a_replay_is_too_old_to_be_verified():
    key = (b"n" * 24,)
    fresh = signed_headers("m", utc_now(), b"{}", key)
    overdue_deliveries = signed_headers("m", NOW.replace(year=2020), b"{}", key)
    Webhook(NEW).verify(b"{}", fresh)
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(b"{}", overdue_deliveries)


def test_text_that_is_not_unicode_is_still_sent():
    assert canonical({"t": "a\ud800b"}) == b'{"t":"a?b"}'


REFUSED = [
    ({}, "url"),
    ({"url": "http://hooks.example/x"}, "https://"),
    ({"url": "ftp://127.0.0.1/x"}, "https://"),
    ({"url": "https:///x"}, "https://"),
    ({"url": "http://127.0.0.1:port/x"}, "not a web address"),
    ({"url": "https://h.example", "secret": "a", "secrets": ("b",)}, "both set"),
    ({"url": "https://h.example", "secret": ""}, "empty"),
    ({"url": "https://h.example", "secret": "whsec_%%%"}, "not base64"),
    ({"url": "https://h.example", "secrets": ("a", "")}, "empty"),
    ({"url": "https://h.example", "secert": "a"}, "secert"),
]


@pytest.mark.parametrize(("given", "words"), REFUSED)
def test_unusable_settings_are_refused_in_words(given, words):
    with pytest.raises(ValidationError, match=words) as caught:
        WebhookSettings(**given)
    assert "%%%" not in str(caught.value)
    assert "hooks.example" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "changes"),
    [
        ("http://127.0.0.1:1/x", {}),
        ("http://[::1]/x", {}),
        ("http://localhost/x", {}),
        ("http://hooks.lan/x", {"allow_http": True}),
        ("https://hooks.example/x", {"secret": "whsec_" + "bm5ubm4"}),
    ],
)
def test_a_webhook_takes_https_and_http_on_loopback_or_if_allowed(url, changes):
    assert WebhookSettings(url=url, **changes).post_url() == url


def test_the_repr_of_settings_has_no_secret(tmp_path):
    shown = repr(WebhookSettings(url="https://h.example/tok3n", secret="s3cret"))
    assert "tok3n" not in shown
    assert "s3cret" not in shown


@pytest.mark.parametrize(
    "written",
    [
        "whsec_bm5ubm4+Lw==",
        "whsec_bm5ubm4+Lw",
        " WHSEC_bm5ubm4+Lw==\n",
        "Whsec_ bm5u bm4+ Lw==",
        "whsec _bm5ubm4+Lw==",
        "v1,whsec_bm5ubm4+Lw==",
        "V1, WHSEC_bm5ubm4+Lw==",
        '"whsec_bm5ubm4+Lw=="',
        "whsec_bm5ubm4-Lw",
    ],
)
def test_one_secret_in_any_spelling_is_one_key(written):
    assert signing_key(written) == b"nnnnn>/"


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        ("whsec_", "empty after whsec_"),
        ("whsec_s3cret!", "not base64"),
        ("whsec-bm5ubm4=", "begins almost like whsec_"),
        ("whsecbm5ubm4=", "begins almost like whsec_"),
        ("wh_sec_bm5ubm4=", "begins almost like whsec_"),
        ("whsk_bm5ubm4=", "ed25519"),
        ("v1a,whpk_bm5ubm4=", "ed25519"),
        ("v1,bm5ubm4=", "looks like a signature"),
        ("v2,whsec_bm5ubm4=", "looks like a signature"),
        (" ", "a secret is empty"),
    ],
)
def test_what_is_certainly_no_secret_is_refused_and_not_shown(secret, words):
    with pytest.raises(ValidationError, match=words) as caught:
        WebhookSettings(url="https://h.example", secret=secret)
    assert "bm5ubm4" not in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_a_secret_in_plain_text_is_used_as_it_is():
    assert signing_key(" plain words ") == b" plain words "
