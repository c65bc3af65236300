"""The last good copy of a list on disk."""

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import ListError
from monitor.lists import parse_list
from monitor.lists.base import SanctionsList
from monitor.lists.cache import ListCache
from monitor.lists.parsed import STAMP, read_parties, to_line
from monitor.lists.records import CacheRecord, document_of
from tests.conftest import NOW
from tests.lists.builders import party

LIST = SanctionsList(
    name="own",
    title="Own list",
    authority="We",
    format="plain",
    urls=("https://lists.example/a", "https://lists.example/b"),
)
HOUR = timedelta(hours=1)


@pytest.fixture
def list_cache(tmp_path: Path) -> ListCache:
    return ListCache(tmp_path / "lists")


def keep(list_cache: ListCache, *bodies: bytes) -> CacheRecord:
    urls = zip(LIST.urls, bodies, strict=True)
    documents = [document_of(url, body, '"v1"', None, NOW) for url, body in urls]
    entities = list(parse_list("plain", [io.BytesIO(body) for body in bodies], "own"))
    return list_cache.save(LIST, bodies, documents, entities, NOW)


def names(list_cache: ListCache) -> list[str]:
    return [entity.name for entity in list_cache.entities("own")]


def test_a_list_that_was_never_fetched_is_due_and_holds_nobody(list_cache: ListCache) -> None:
    record = list_cache.record("own")
    assert (record.version, record.due_at(LIST, HOUR), record.matches(LIST)) == ("", None, False)
    assert names(list_cache) == []


def test_what_is_kept_is_read_again_as_it_was(list_cache: ListCache) -> None:
    record = keep(list_cache, b"Zorva Arms\n", b"Zorva Bank\n")
    assert list_cache.record("own") == record
    assert names(list_cache) == ["Zorva Arms", "Zorva Bank"]
    assert list_cache.document("own", record, 1) == b"Zorva Bank\n"
    assert record.matches(LIST)
    assert record.due_at(LIST, HOUR) == NOW + LIST.every


def test_a_new_copy_takes_the_place_of_the_one_before(list_cache: ListCache, tmp_path: Path) -> None:
    keep(list_cache, b"Zorva Arms\n", b"Zorva Bank\n")
    record = keep(list_cache, b"Zorva Arms\n", b"Sea Lantern\n")
    assert names(list_cache) == ["Zorva Arms", "Sea Lantern"]
    folders = [path.name for path in (tmp_path / "lists/own").iterdir() if path.is_dir()]
    assert folders == [record.version]


def test_a_problem_leaves_the_copy_and_the_list_is_asked_for_sooner(list_cache: ListCache) -> None:
    keep(list_cache, b"Zorva Arms\n", b"Zorva Bank\n")
    later = NOW + HOUR
    once = list_cache.record_check("own", later, problem="it shrank")
    again = list_cache.record_check("own", later, problem="it shrank")
    assert (once.problem, once.due_at(LIST, HOUR), again.due_at(LIST, HOUR)) == (
        "it shrank",
        later + HOUR,
        later + 2 * HOUR,
    )
    assert names(list_cache) == ["Zorva Arms", "Zorva Bank"]
    assert list_cache.record_check("own", later).failures == 0


def test_another_address_or_format_makes_it_another_list(list_cache: ListCache) -> None:
    record = keep(list_cache, b"Zorva Arms\n", b"Zorva Bank\n")
    assert not record.matches(SanctionsList(name="own", format="plain", urls=LIST.urls[:1]))
    assert not record.matches(SanctionsList(name="own", format="un", urls=LIST.urls))


def test_a_half_written_copy_is_never_seen(list_cache: ListCache, tmp_path: Path) -> None:
    record = keep(list_cache, b"Zorva Arms\n", b"Zorva Bank\n")
    half = tmp_path / "lists/own/0123456789"
    half.mkdir()
    (half / "0").write_bytes(b"Nobody")  # killed here: list.json still names the version before
    assert names(list_cache) == ["Zorva Arms", "Zorva Bank"]
    assert list_cache.record("own") == record
    keep(list_cache, b"Zorva Arms\n", b"Sea Lantern\n")
    assert not half.exists()


def test_what_was_read_once_is_taken_from_there(list_cache: ListCache, tmp_path: Path) -> None:
    record = keep(list_cache, b"Zorva Arms\n", b"Zorva Bank\n")
    folder = tmp_path / "lists/own" / record.version
    (folder / "0").unlink()
    assert names(list_cache) == ["Zorva Arms", "Zorva Bank"]


def test_another_version_of_the_program_reads_the_documents_anew(
    list_cache: ListCache, tmp_path: Path
) -> None:
    record = keep(list_cache, b"Zorva Arms\n", b"Zorva Bank\n")
    folder = tmp_path / "lists/own" / record.version
    (folder / f"parties-{STAMP}").rename(folder / "parties-0123456789")
    assert next(list_cache.entities("own")).name == "Zorva Arms"  # broken off: nothing is written
    assert sorted(path.name for path in folder.iterdir()) == ["0", "1", "parties-0123456789"]
    assert names(list_cache) == ["Zorva Arms", "Zorva Bank"]
    assert sorted(path.name for path in folder.iterdir()) == ["0", "1", f"parties-{STAMP}"]


def test_parties_are_written_as_they_are_read(tmp_path: Path) -> None:
    full = party("7", "Zorva Arms|Зорва", "P1", countries=("KP",), listed_on=NOW.date())
    path = tmp_path / "parties"
    odd = party("8", "A, B: \u2028 C")
    path.write_text(f"{to_line(full)}\n{to_line(odd)}\n", "utf-8")
    assert list(read_parties(path, "sample")) == [full, odd]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"format": "plain"}'])
def test_a_damaged_record_says_what_to_do(list_cache: ListCache, tmp_path: Path, damage: str) -> None:
    keep(list_cache, b"Zorva Arms\n", b"Zorva Bank\n")
    (tmp_path / "lists/own/list.json").write_text(damage)
    with pytest.raises(ListError, match=r"is damaged .*; remove it"):
        list_cache.record("own")


def test_a_lost_document_says_what_to_do(list_cache: ListCache, tmp_path: Path) -> None:
    record = keep(list_cache, b"Zorva Arms\n", b"Zorva Bank\n")
    for name in ("1", f"parties-{STAMP}"):
        (tmp_path / "lists/own" / record.version / name).unlink()
    with pytest.raises(ListError, match=r"cannot be read .*; remove .*own"):
        names(list_cache)


def test_its_feed_of_changes_is_empty_until_there_is_one(list_cache: ListCache) -> None:
    list_cache.prepare(LIST)
    assert json.loads(list_cache.changes_path("own").read_text())["items"] == []
    list_cache.update_changes(LIST, lambda feed: feed.replace("[]", '["told"]'))
    list_cache.prepare(LIST)
    assert json.loads(list_cache.changes_path("own").read_text())["items"] == ["told"]


def test_a_damaged_feed_of_changes_says_what_to_do(list_cache: ListCache) -> None:
    list_cache.prepare(LIST)
    list_cache.changes_path("own").write_text("{")
    with pytest.raises(ListError, match=r"changes\.json is damaged .*; remove it"):
        list_cache.update_changes(LIST, lambda feed: str(json.loads(feed)["items"]))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "lists").write_text("a file")
    with pytest.raises(ListError, match=r"changes\.json cannot be written: Not a directory; `shelf` names"):
        ListCache(tmp_path / "lists").prepare(LIST)
