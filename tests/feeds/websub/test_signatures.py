"""Signatures of hubs: each method of the specification, part by part, and everything else refused."""

import hashlib
import hmac

import pytest

from monitor.feeds.websub.signatures import Signature

SECRET, BODY = "a secret", b"<rss/>"


def signed(method: str, body: bytes = BODY, secret: str = SECRET) -> str:
    return f"{method}={hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()}"


def matches(header: str, *parts: bytes) -> bool:
    signature = Signature.of(header, SECRET)
    for part in parts or (BODY,):
        assert signature
        signature.add(part)
    return bool(signature and signature.matches())


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_body_with_its_signature_matches(method: str) -> None:
    assert matches(signed(method))
    assert matches(signed(method).upper(), BODY[:3], BODY[3:])


def test_another_body_or_another_secret_does_not_match() -> None:
    assert not matches(signed("sha256", b"<rss></rss>"))
    assert not matches(signed("sha256", secret="another"))


@pytest.mark.parametrize("header", ["", "sha256", "md5=00", "=00", "sha256=é"])
def test_a_header_without_a_known_method_is_no_signature(header: str) -> None:
    assert Signature.of(header, SECRET) is None or not matches(header)
