"""Hold texts by word in two flat buffers, which take a tenth of the memory of a dict."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from struct import Struct
from zlib import crc32

_ROWS_A_BUCKET = 4
_OFFSETS = Struct("<2I")
_OFFSET_BYTES = 4
_ROW, _VALUE = b"\n", b"\t"


@dataclass(frozen=True, slots=True)
class PackedTexts:
    """Texts by word. `rows` holds "newline word tab text" by bucket, `starts` where each bucket begins."""

    rows: bytes
    starts: bytes

    def get(self, word: str) -> str:
        """Return the text of a word; "" if it has none."""
        key = word.encode("utf-8", "surrogatepass")
        buckets = len(self.starts) // _OFFSET_BYTES - 1
        start, stop = _OFFSETS.unpack_from(self.starts, _OFFSET_BYTES * (crc32(key) % buckets))
        row = b"%b%b%b" % (_ROW, key, _VALUE)
        at = self.rows.find(row, start, stop)
        if at < 0:
            return ""
        end = self.rows.find(_ROW, at + len(row), stop)
        return self.rows[at + len(row) : end if end >= 0 else stop].decode()

    def __len__(self) -> int:
        return self.rows.count(_ROW)

    def items(self) -> Iterator[tuple[str, str]]:
        """Yield every word with its text, in no order."""
        for row in self.rows.decode().split(_ROW.decode())[1:]:
            word, _, text = row.partition(_VALUE.decode())
            yield word, text


def pack(texts: Mapping[str, str]) -> PackedTexts:
    """Return the same texts by word; neither words nor texts may contain a tab or a newline."""
    buckets: list[list[bytes]] = [[] for _ in range(len(texts) // _ROWS_A_BUCKET + 1)]
    for word, text in texts.items():
        key = word.encode()
        buckets[crc32(key) % len(buckets)].append(b"%b%b%b%b" % (_ROW, key, _VALUE, text.encode()))
    joined = [b"".join(rows) for rows in buckets]
    starts, at = bytearray((0).to_bytes(_OFFSET_BYTES, "little")), 0
    for bucket in joined:
        at += len(bucket)
        starts += at.to_bytes(_OFFSET_BYTES, "little")
    return PackedTexts(b"".join(joined), bytes(starts))
