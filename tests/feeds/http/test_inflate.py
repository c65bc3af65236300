import contextlib
import gzip
import sys
import tracemalloc
import zlib
from random import Random

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.http.inflate import Inflated, TooLarge, Unpacked, Unreadable, inflate

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

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
        (brotli.compress(WORDS), "br"),
        (zstd.compress(WORDS), "zstd"),
        (zstd.compress(WORDS), ""),
        (zstd.compress(WORDS), "gzip"),
        (zstd.compress(WORDS[:5]) + zstd.compress(WORDS[5:]), "zstd"),
        (b"\x50\x2a\x4d\x18\x02\0\0\0ab" + zstd.compress(WORDS), "zstd"),  # what comes first is to be skipped
        (brotli.compress(gzip.compress(WORDS)), "gzip, br"),
        (brotli.compress(brotli.compress(WORDS)), "br, br"),
        (zstd.compress(gzip.compress(WORDS)), "zstd"),
        (gzip.compress(WORDS), "br"),
        (WORDS, "br"),
        (WORDS, "gzip, zstd"),
        (WORDS, "compress"),
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


@pytest.mark.parametrize(("pack", "name"), [(brotli.compress, "br"), (zstd.compress, "zstd")])
def test_the_others_that_broke_off_give_what_came_as_well(pack, name):
    noise = Random(1).randbytes(500_000)
    got = inflate(pack(noise)[:-100_000], name, MB)
    assert not got.whole
    assert len(got.body) > 200_000
    assert noise.startswith(got.body)


def test_damage_in_the_middle_gives_what_came_before():
    packed = bytearray(gzip.compress(bytes(range(256)) * 4_000, 0))
    packed[70_000:70_100] = b"\xff" * 100
    got = inflate(bytes(packed), "gzip", 10 * MB)
    assert not got.whole


@pytest.mark.parametrize(
    ("body", "encodings"),
    [
        (b"\x1f\x8b\x08" + b"\xff" * 40, "gzip"),
        (b"\x28\xb5\x2f\xfd" + b"\xff" * 40, "zstd"),
        (b"\xff" * 40, "br"),
        (b"\xff" * 40, "deflate"),
        (b"\xff" * 40, "compress"),
    ],
)
def test_what_cannot_be_read_is_an_error(body, encodings):
    with pytest.raises(Unreadable):
        inflate(body, encodings, MB)


@pytest.mark.parametrize(
    "make",
    [
        lambda: gzip.compress(bytes(50 * MB)),
        lambda: gzip.compress(gzip.compress(bytes(50 * MB))),
        lambda: gzip.compress(bytes(900_000)) * 2,
        lambda: gzip.compress(b"") * 10_001,
        lambda: b"x" * (MB + 1),
    ],
    ids=["plain", "nested", "members", "many members", "no bomb"],
)
def test_a_bomb_is_refused(make):
    with pytest.raises(TooLarge):
        inflate(make(), "gzip", MB)


@pytest.mark.parametrize("name", ["gzip", "br", "zstd", "zstd, gzip"])
def test_a_decompression_bomb_is_refused_in_bounded_memory(name):
    bomb = bytes(100 * MB)
    for each in name.split(", "):
        bomb = {"gzip": gzip.compress, "br": _brotli, "zstd": zstd.compress}[each](bomb)
    tracemalloc.start()
    with pytest.raises(TooLarge):
        inflate(bomb, name, MB)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * MB


def _brotli(body: bytes) -> bytes:
    return brotli.compress(body, quality=1)


@pytest.mark.parametrize("name", ["gzip", "br", "zstd"])
def test_no_piece_is_much_larger_than_a_slice(name):
    pack = {"gzip": gzip.compress, "br": _brotli, "zstd": zstd.compress}[name]
    sizes = [len(piece) for piece in Unpacked([pack(bytes(10 * MB))], name, 20 * MB)]
    assert sum(sizes) == 10 * MB
    assert max(sizes) <= 200_000


def test_a_frame_that_wants_more_memory_than_http_allows_is_refused():
    level = {
        zstd.CompressionParameter.window_log: 27,
        zstd.CompressionParameter.enable_long_distance_matching: 1,
    }
    packer = zstd.ZstdCompressor(options=level)
    with pytest.raises(Unreadable):
        inflate(packer.compress(bytes(200)) + packer.flush(), "zstd", MB)


@given(st.binary(max_size=2_000))
def test_a_round_trip_changes_nothing(body):
    assert inflate(gzip.compress(gzip.compress(body)), "gzip", MB).body == body or body.startswith(
        b"\x1f\x8b\x08"
    )


@given(st.binary(max_size=200), st.sampled_from(["", "gzip", "deflate", "br", "zstd"]))
def test_garbage_ends_in_bytes_or_in_a_named_error(garbage, encodings):
    for body in (garbage, b"\x1f\x8b\x08" + garbage):
        with contextlib.suppress(TooLarge, Unreadable):
            assert len(inflate(body, encodings, 5_000).body) <= 5_000
