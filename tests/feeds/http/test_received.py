"""Headers of a response: any case, repeated names, any bytes; the same as httpx reads."""

import httpx
import pytest

from monitor.feeds.http.received import ResponseHeaders

CASES = [
    [],
    [(b"ETag", b'"1"'), (b"cache-control", b"no-cache"), (b"Cache-Control", b"max-age=60")],
    [(b"Location", "/ünï".encode())],
    [(b"Location", "/ünï".encode("latin-1")), (b"Server", b"x")],
    [(b"Set-Cookie", b"a=1"), (b"set-cookie", b"b=2, c=3")],
]


@pytest.mark.parametrize("raw", CASES)
def test_headers_are_those_that_httpx_reads(raw):
    ours, theirs = ResponseHeaders(raw), httpx.Headers(raw)
    assert dict(ours) == dict(theirs)
    assert list(ours) == list(theirs)
    for name in ("ETag", "CACHE-CONTROL", "location", "set-cookie", "absent"):
        assert ours.get(name) == theirs.get(name)
        assert ours.get(name, "none") == theirs.get(name, "none")
        assert ours.get_list(name) == theirs.get_list(name)


def test_an_absent_name_is_a_key_error():
    with pytest.raises(KeyError):
        ResponseHeaders([])["etag"]
