"""What tests of adapters share: a feed of a kind, and its sample read."""

from typing import Any

import pytest

from monitor.errors import FeedError
from monitor.feeds.adapters.base import ParsedFeed
from monitor.feeds.parsing.parse import parse_feed
from monitor.model import Fields, Kind
from tests.feeds.samples import DATA, NOW, feed

URL = "https://user:secret@site.example/list/all?token=secret"


def sample(name: str) -> bytes:
    return (DATA / "adapters" / name).read_bytes()


def read(body: bytes | str, kind: Kind = Kind.AUTO, **fields: Any) -> ParsedFeed:
    data = body.encode() if isinstance(body, str) else body
    return parse_feed(feed(URL, kind=kind, fields=Fields(**fields)), data, "", URL, NOW)


def refusal(body: bytes | str, kind: Kind = Kind.AUTO, **fields: Any) -> tuple[str, str]:
    """Return health and reason of a document that is refused; never with credentials in them."""
    with pytest.raises(FeedError) as caught:
        read(body, kind, **fields)
    assert "secret" not in str(caught.value)
    assert "https://site.example/list/all" in str(caught.value)
    return caught.value.health, str(caught.value)
