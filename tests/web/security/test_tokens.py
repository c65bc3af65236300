"""Tokens of the API, and how a request carries one."""

from hashlib import sha256

import pytest

from monitor.web.security.tokens import bearer_token, new_token


def test_no_two_tokens_are_alike_and_each_is_stored_by_its_hash() -> None:
    first, hashed = new_token()
    second, _ = new_token()
    assert first != second
    assert len(first) == 47
    assert hashed == sha256(first.encode()).hexdigest()


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer smt_abc-_", "smt_abc-_"),
        ("bearer   smt_abc", "smt_abc"),
        ("Basic YTpi", ""),
        ("Bearer", ""),
        ("Bearer a b", ""),
        ("Bearer \u0661", ""),
        ("", ""),
    ],
)
def test_a_token_is_read_from_the_header(header: str, token: str) -> None:
    assert bearer_token({"authorization": header}) == token
    assert bearer_token({}) is None
