"""DKIM signatures, verified by the library's own verifier with a name server of ours."""

import base64
import sys
from datetime import timedelta

import dkim
import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pydantic import ValidationError

from monitor.channels import EmailSettings, Tools
from monitor.channels.smtp.dkim import DkimOptions
from monitor.channels.smtp.mime import Heading, compose
from monitor.feeds.http.authorities import trusted_authorities
from tests.conftest import NOW, delivery
from tests.support.servers_mail import MailServer

PLAIN = {
    "host": "127.0.0.1",
    "tls": "none",
    "sender": "Radar <radar@news.example>",
    "to": ("desk@desk.example",),
}


def pem(key):
    form = serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def key_file(key, tmp_path):
    path = tmp_path / "dkim.pem"
    path.write_bytes(pem(key))
    return path


@pytest.fixture
def names(key):
    """Answer for one name, and remember which were asked for."""
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    asked = []

    def answer(name, timeout=5):
        asked.append(name)
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)

    answer.asked = asked
    return answer


def signed(key_file, at=NOW, **changes):
    signer = DkimOptions(key_file, "s2026").signer("radar@news.example")
    heading = Heading(
        "Radar <radar@news.example>", "mailto:r@news.example", "https://monitor.example/leave/abc"
    )
    plain = {"recipient": "desk@desk.example", "story": "s1", "created_at": at}
    return signer(compose(delivery(**plain | changes), heading), at)


def test_a_receiver_can_verify_who_sent_it(key_file, names):
    assert dkim.verify(signed(key_file), dnsfunc=names)
    assert names.asked == [b"s2026._domainkey.news.example."]


def test_what_leads_out_of_the_list_is_signed_too(key_file):
    header = signed(key_file).partition(b"\r\nDate")[0].replace(b"\r\n", b"").replace(b" ", b"")
    assert b":list-unsubscribe:list-unsubscribe-post:" in header
    assert b"h=from:from:" in header


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"List-Unsubscribe: <https://monitor", b"List-Unsubscribe: <https://evil"),
        (b"Subject: A subject", b"Subject: Another"),
        (b"Some text", b"Some lies"),
        (b"From: ", b"From: evil@evil.example\r\nFrom: "),
    ],
)
def test_a_mail_changed_in_transit_does_not_verify(key_file, names, was, becomes):
    mail = signed(key_file)
    assert was in mail
    assert not dkim.verify(mail.replace(was, becomes, 1), dnsfunc=names)


def test_every_attempt_has_the_same_signature_whenever_it_is_made(key_file, clock):
    assert signed(key_file) == signed(key_file, attempts=3)
    assert f"t={int(NOW.timestamp())};".encode() in signed(key_file).replace(b"\r\n ", b"")
    assert signed(key_file) != signed(key_file, at=NOW + timedelta(seconds=1))


async def test_mail_goes_out_signed(key_file, names):
    with MailServer(tls="none") as server:
        settings = EmailSettings(
            **PLAIN, port=server.port, dkim_key_file=key_file, dkim_selector="s2026", dkim_domain="example"
        )
        async with httpx.AsyncClient(verify=trusted_authorities()) as http:
            await settings.build(Tools(http=http)).send(delivery(recipient="desk@desk.example"), nothing)
    assert dkim.verify(server.mails[0].content, dnsfunc=names)
    assert names.asked == [b"s2026._domainkey.example."]


async def nothing(phase):
    pass


def test_without_the_extra_it_says_what_to_install(key_file, monkeypatch):
    monkeypatch.setitem(sys.modules, "dkim", None)
    with pytest.raises(ValidationError, match=r"pip install 'sanctions-monitor\[dkim\]'"):
        EmailSettings(**PLAIN, dkim_key_file=key_file, dkim_selector="s2026")


def test_a_key_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "ec.pem"
    path.write_bytes(pem(ec.generate_private_key(ec.SECP256R1())))
    with pytest.raises(ValidationError, match="no RSA key in PEM"):
        EmailSettings(**PLAIN, dkim_key_file=path, dkim_selector="s2026")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"dkim_selector": "s"}, "go together"),
        ({"dkim_key_file": "k"}, "go together"),
        ({"dkim_domain": "d.example"}, "without dkim_key_file"),
        ({"dkim_key_file": "no-such-file", "dkim_selector": "s"}, "no-such-file cannot be read"),
        ({"dkim_key_file": "k", "dkim_selector": "s; d=evil.example"}, "pattern"),
    ],
)
def test_half_a_signature_is_a_mistake(given, said):
    with pytest.raises(ValidationError, match=said):
        EmailSettings(**PLAIN, **given)
