"""Names are found in a text as it was written."""

import pytest

from monitor.app.names import word_statistics
from monitor.match.names.building import build
from monitor.match.names.index import from_buffer, to_bytes
from monitor.match.names.resolve import Names
from monitor.match.names.tagging import Tagger
from monitor.match.spotting import spotter_of
from monitor.model import Entity, EntityKind, Name
from monitor.text import tokenize

NAMES = ("Ali Hassan", "Ali Hassan Karim", "Hassan", "Пётр Петин", "王明", "O'Brien")


@pytest.fixture(scope="module")
def names() -> Names:
    entities = [
        Entity(id=str(number), list="test", kind=EntityKind.PERSON, names=(Name(name),))
        for number, name in enumerate(NAMES)
    ]
    statistics = word_statistics()
    return Names(from_buffer(memoryview(b"".join(to_bytes("7", build(entities, statistics))))), statistics)


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("Then ALI HASSAN, and others", ["ALI HASSAN", "HASSAN"]),
        ("Ali Hassan Karim", ["Ali Hassan", "Ali Hassan Karim", "Hassan"]),
        ("Ali-Hassan's", ["Ali-Hassan", "Hassan"]),
        ("Петр  Петин", ["Петр  Петин"]),
        ("Hаssan with a Cyrillic letter", ["Hаssan"]),
        ("在王明家", ["王明"]),
        ("O’Brien", ["O’Brien"]),
        ("Hassanov", []),
        ("", []),
    ],
)
def test_names_are_found_as_written(names: Names, raw: str, found: list[str]) -> None:
    for tag in (Tagger(names.index).tag, Tagger(names.index).tag_pure):
        assert [raw[start:stop] for start, stop, _ in tag(raw)] == found


def test_a_spotter_finds_the_same_names(names: Names) -> None:
    raw = "Ali Hassan Karim met Пётр Петин and O’Brien’s 王明."
    text = tokenize(raw)
    spotted = {
        (text.starts[span.start], text.stops[span.stop - 1], int(span.tag[1:]))
        for span in spotter_of((), names).spot("title", text)
    }
    tagger = Tagger(names.index)
    assert set(tagger.tag(raw)) == spotted
    assert tagger.tag(raw) == tagger.tag_pure(raw) == tagger.tag_pure(raw)
