"""Hostile inputs as Hypothesis draws them: good documents, cut, spliced and mixed with tokens of their language."""

from collections.abc import Callable, Sequence

from hypothesis import strategies as st

#: What breaks parsers of any format.
TOKENS = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x1b[2J", b"\r", b"\n\n", b"\t",
    "\u202e".encode(), "\u200b".encode(), "\u2028".encode(), "İ".encode(), "ﷺ".encode(), "\U0001f600".encode(),
    b"-1", b"0", b"99999999999999999999", b"1e400", b"NaN", b"%00", b"%s", b"../../", b"'", b'"', b"\\", b"`", b"$(x)",
    b"{", b"}", b"[", b"]", b"(", b")", b"<", b">", b"&", b";", b",", b"=", b"#", b"*", b"?", b":", b"/",
)  # fmt: skip

MAX_BYTES = 20_000

Edit = Callable[[bytes], bytes]


def documents(seeds: Sequence[bytes], tokens: Sequence[bytes] = ()) -> st.SearchStrategy[bytes]:
    """Return a strategy of documents: a good one after some edits, or tokens alone."""
    vocabulary = [*TOKENS, *tokens]
    pieces = st.one_of(st.sampled_from(vocabulary), st.binary(max_size=6), st.text(max_size=8).map(_encoded))
    edited = st.tuples(st.sampled_from(list(seeds)), st.lists(_edits(seeds, pieces), max_size=6)).map(_apply)
    return st.one_of(edited, st.lists(pieces, max_size=25).map(b"".join))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _apply(drawn: tuple[bytes, list[Edit]]) -> bytes:
    document, edits = drawn
    for edit in edits:
        document = edit(document)[:MAX_BYTES]
    return document


def _edits(seeds: Sequence[bytes], pieces: st.SearchStrategy[bytes]) -> st.SearchStrategy[Edit]:
    """Return a strategy of edits; a place is a fraction of the document."""
    place = st.integers(0, 1_000)
    return st.one_of(
        st.builds(_inserted, place, pieces),
        st.builds(_replaced, place, st.integers(1, 40), pieces),
        st.builds(_removed, place, st.integers(1, 400)),
        st.builds(_repeated, place, st.integers(1, 60), st.integers(2, 40)),
        st.builds(_spliced, place, st.sampled_from(list(seeds)), place),
        st.builds(_cut, place),
    )


def _at(document: bytes, place: int) -> int:
    return len(document) * place // 1_000


def _inserted(place: int, piece: bytes) -> Edit:
    return lambda document: document[: _at(document, place)] + piece + document[_at(document, place) :]


def _replaced(place: int, length: int, piece: bytes) -> Edit:
    return lambda document: (
        document[: _at(document, place)] + piece + document[_at(document, place) + length :]
    )


def _removed(place: int, length: int) -> Edit:
    return _replaced(place, length, b"")


def _repeated(place: int, length: int, times: int) -> Edit:
    def edit(document: bytes) -> bytes:
        at = _at(document, place)
        return document[:at] + document[at : at + length] * times + document[at:]

    return edit


def _spliced(place: int, other: bytes, other_place: int) -> Edit:
    return lambda document: document[: _at(document, place)] + other[_at(other, other_place) :]


def _cut(place: int) -> Edit:
    return lambda document: document[: _at(document, place)]
