import contextlib
import gzip
import tracemalloc
import zlib
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.inflate import Inflated, TooLarge, Unreadable, inflate

WORDS = b"<rss>" + b"sanctions and licences " * 500
MB = 1_000_000


@pytest.mark.parametrize(
    ("body", "encodings"),
    [
        (WORDS, ""),
        (WORDS, "identity"),
        (gzip.compress(WORDS), "gzip"),
        (gzip.compress(WORDS), "x-gzip"),
        (gzip.compress(WORDS), ""),  # a .gz that nobody declared
        (gzip.compress(gzip.compress(WORDS)), "gzip"),
        (gzip.compress(WORDS[:5]) + gzip.compress(WORDS[5:]), "gzip"),
        (gzip.compress(WORDS) + b"junk", "gzip"),
        (zlib.compress(WORDS), "deflate"),
        (zlib.compress(WORDS)[2:-4], "deflate"),
        (WORDS, "gzip"),  # says so, but is not
        (WORDS, "deflate"),
        (gzip.compress(WORDS), "deflate"),
        (gzip.compress(WORDS), "utf-8"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_whatever_the_header_says_the_body_comes_out(body, encodings):
    assert inflate(body, encodings, MB) == Inflated(WORDS)


@pytest.mark.parametrize("cut", [-1, -8, -12, 200])
def test_a_gzip_that_broke_off_gives_what_came_and_says_so(cut):
    noise = Random(1).randbytes(5_000)
    got = inflate(gzip.compress(noise)[:cut], "gzip", MB)
    assert not got.whole
    assert noise.startswith(got.body)


def test_damage_in_the_middle_gives_what_came_before():
    packed = bytearray(gzip.compress(bytes(range(256)) * 4_000, 0))
    packed[70_000:70_100] = b"\xff" * 100
    got = inflate(bytes(packed), "gzip", 10 * MB)
    assert not got.whole


@pytest.mark.parametrize(
    ("body", "encodings"), [(b"\x1f\x8b\x08" + b"\xff" * 40, "gzip"), (WORDS, "br"), (WORDS, "gzip, zstd")]
)
def test_what_cannot_be_read_is_an_error(body, encodings):
    with pytest.raises(Unreadable):
        inflate(body, encodings, MB)


@pytest.mark.parametrize(
    "bomb",
    [
        gzip.compress(bytes(50 * MB)),
        gzip.compress(gzip.compress(bytes(50 * MB))),
        gzip.compress(bytes(900_000)) * 2,
        gzip.compress(b"") * 1_001,
        b"x" * (MB + 1),
    ],
    ids=["plain", "nested", "members", "many members", "no bomb"],
)
def test_a_bomb_is_refused(bomb):
    with pytest.raises(TooLarge):
        inflate(bomb, "gzip", MB)


def test_a_bomb_is_refused_without_holding_what_it_would_become():
    bomb = gzip.compress(bytes(100 * MB))
    tracemalloc.start()
    with pytest.raises(TooLarge):
        inflate(bomb, "gzip", MB)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * MB


@given(st.binary(max_size=2_000))
def test_a_round_trip_changes_nothing(body):
    assert inflate(gzip.compress(gzip.compress(body)), "gzip", MB).body == body or body.startswith(
        b"\x1f\x8b\x08"
    )


@given(st.binary(max_size=200), st.sampled_from(["", "gzip", "deflate"]))
def test_garbage_ends_in_bytes_or_in_a_named_error(garbage, encodings):
    for body in (garbage, b"\x1f\x8b\x08" + garbage):
        with contextlib.suppress(TooLarge, Unreadable):
            assert len(inflate(body, encodings, 5_000).body) <= 5_000
