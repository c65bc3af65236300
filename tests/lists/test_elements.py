"""Hostile XML: records come one by one, and no entity expands."""

import io
from pathlib import Path

import pytest

from monitor.errors import ListError
from monitor.lists.elements import records, text, texts

ENTITIES = '<!DOCTYPE list [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><list><r>&b;</r></list>'


def read(xml: str | bytes, tags: tuple[str, ...] = ("r",), largest: int = 1 << 20) -> list[str]:
    stream = io.BytesIO(xml.encode() if isinstance(xml, str) else xml)
    return [
        "".join(r.itertext()) for r in records(stream, "sample", "list", frozenset(tags), largest=largest)
    ]


def test_records_come_whole_and_in_order() -> None:
    assert read("<list><r>one <b>and</b></r> between <x><r>two</r></x><r/></list>") == ["one and", "two", ""]


def test_a_record_within_a_record_is_a_part_of_it() -> None:
    assert read("<list><r>a<r>b</r></r></list>") == ["ab"]


def test_namespaces_do_not_matter() -> None:
    assert read('<l:list xmlns:l="urn:x"><l:r>one</l:r></l:list>') == ["one"]


def test_a_document_type_is_refused_and_with_it_every_entity() -> None:
    with pytest.raises(ListError, match="declares a document type"):
        read(ENTITIES)


def test_a_file_of_this_machine_is_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("password")
    xml = f'<!DOCTYPE list [<!ENTITY x SYSTEM "file://{secret}">]><list><r>&x;</r></list>'
    with pytest.raises(ListError, match="declares a document type"):
        read(xml)


def test_an_entity_that_nothing_declares_is_a_mistake() -> None:
    with pytest.raises(ListError, match="no well-formed XML"):
        read("<list><r>&nbsp;</r></list>")


def test_a_tower_of_elements_is_refused() -> None:
    with pytest.raises(ListError, match="nests deeper than 64"):
        read("<list>" + "<r>" * 100_000)


def test_what_is_cut_off_is_refused_after_the_records_before() -> None:
    found = records(io.BytesIO(b"<list><r>one</r><r>tw"), "sample", "list", frozenset({"r"}))
    assert next(found).text == "one"
    with pytest.raises(ListError, match="was it cut off"):
        next(found)


def test_a_document_without_end_is_refused() -> None:
    with pytest.raises(ListError, match="larger than 1,000 bytes"):
        read("<list>" + " " * 2000 + "</list>", largest=1000)


def test_another_root_is_refused_by_its_name() -> None:
    with pytest.raises(ListError, match="sample: begins with <rss>, not with <list>: is it another file"):
        read("<rss/>")


def test_memory_holds_one_record_at_a_time() -> None:
    class Endless(io.RawIOBase):
        def __init__(self) -> None:
            self.given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += 1
            return b"<list>" if self.given == 1 else b"<r>again</r>" * 100

    stream = Endless()
    found = records(stream, "sample", "list", frozenset({"r"}))  # type: ignore[arg-type]
    for _ in range(250):
        next(found)
    assert stream.given == 4


def test_texts_are_tidied_and_stand_once() -> None:
    (record,) = records(
        io.BytesIO(b"<list><r><a> x\n y </a><a>x y</a><a/></r></list>"), "s", "list", frozenset({"r"})
    )
    assert (text(record, "a"), text(record, "b"), texts(record, "a")) == ("x y", "", ("x y",))
