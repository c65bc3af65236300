"""The operator's rules of the machine that reloads are put on the others, and nothing is lost there."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from monitor.config.versions import VersionedFile
from monitor.jobs.shared_rules import SharedRules
from monitor.model import SharedKind
from monitor.store import SqlStore
from tests.conftest import NOW

KINDS = (SharedKind.RULES, SharedKind.LEXICON)


def machine(folder: Path, **texts: str) -> SharedRules:
    """Return the shared files of a machine, with some files of rules."""
    (folder / "rules").mkdir(parents=True)
    for name, text in texts.items():
        (folder / "rules" / f"{name}.toml").write_text(text, "utf-8")
    places = {kind: folder / kind for kind in KINDS} | {SharedKind.SCORING: folder / "scoring.toml"}
    return SharedRules(places)


def rules_on(folder: Path) -> dict[str, str]:
    return {path.stem: path.read_text("utf-8") for path in (folder / "rules").glob("*.toml")}


def test_published_rules_replace_those_of_another_machine(store: SqlStore, tmp_path: Path) -> None:
    ours = machine(tmp_path / "a", banks="one = 1\n", ships="two = 2\n")
    theirs = machine(tmp_path / "b", banks="old = 1\n", ports="three = 3\n")
    assert ours.publish(store) == 2
    assert theirs.fetch(store, NOW) == ("banks.toml", "ships.toml", "ports.toml")
    assert (
        rules_on(tmp_path / "b") == rules_on(tmp_path / "a") == {"banks": "one = 1\n", "ships": "two = 2\n"}
    )
    assert theirs.fetch(store, NOW) == ours.fetch(store, NOW) == ()
    assert ours.publish(store) == theirs.publish(store) == 0


def test_what_was_replaced_or_deleted_is_kept_beside_it(store: SqlStore, tmp_path: Path) -> None:
    ours, theirs = machine(tmp_path / "a", banks="one = 1\n"), machine(tmp_path / "b", banks="old", ports="x")
    ours.publish(store)
    theirs.fetch(store, NOW)
    before = {name: VersionedFile(tmp_path / "b" / "rules" / f"{name}.toml") for name in ("banks", "ports")}
    assert {name: file.version(1) for name, file in before.items()} == {"banks": "old", "ports": "x"}
    assert [each.who for each in before["banks"].changes()] == ["cluster"]


def test_before_anything_is_published_every_machine_keeps_its_own(store: SqlStore, tmp_path: Path) -> None:
    assert machine(tmp_path, banks="one = 1\n").fetch(store, NOW) == ()
    assert rules_on(tmp_path) == {"banks": "one = 1\n"}


def test_the_last_file_that_is_deleted_is_deleted_elsewhere(store: SqlStore, tmp_path: Path) -> None:
    ours, theirs = machine(tmp_path / "a", banks="one = 1\n"), machine(tmp_path / "b")
    ours.publish(store)
    theirs.fetch(store, NOW)
    (tmp_path / "a" / "rules" / "banks.toml").unlink()
    assert ours.publish(store) == 1
    assert theirs.fetch(store, NOW) == ("banks.toml",)
    assert rules_on(tmp_path / "b") == {}


def test_a_single_file_and_a_new_folder_are_written(store: SqlStore, tmp_path: Path) -> None:
    ours, theirs = machine(tmp_path / "a"), machine(tmp_path / "b")
    (tmp_path / "a" / "scoring.toml").write_text("s = 1\n", "utf-8")
    (tmp_path / "a" / "lexicon").mkdir()
    (tmp_path / "a" / "lexicon" / "own.toml").write_text("l = 1\n", "utf-8")
    ours.publish(store)
    assert theirs.fetch(store, NOW) == ("own.toml", "scoring.toml")
    assert (tmp_path / "b" / "scoring.toml").read_text("utf-8") == "s = 1\n"
    assert (tmp_path / "b" / "lexicon" / "own.toml").read_text("utf-8") == "l = 1\n"


@pytest.mark.parametrize(
    "name", ["../outside.toml", "/etc/outside.toml", ".hidden.toml", "rule.py", "a/b.toml"]
)
def test_a_name_that_leads_elsewhere_is_refused(store: SqlStore, tmp_path: Path, name: str) -> None:
    machine(tmp_path / "a", banks="one = 1\n").publish(store)
    store.share_file(SharedKind.RULES, name, "v1", b"text")
    with capture_logs() as logs:
        assert machine(tmp_path / "b").fetch(store, NOW) == ("banks.toml",)
    assert [(log["event"], log["name"]) for log in logs] == [("shared_file_refused", name)]
    assert {path.name for path in tmp_path.rglob("*.toml")} == {"banks.toml"}


def test_rules_and_lists_are_shared_apart(store: SqlStore, tmp_path: Path) -> None:
    store.share_file(SharedKind.LISTS, "ofac/list.json", "v1", b"{}")
    machine(tmp_path, banks="one = 1\n").publish(store)
    assert store.shared_versions(SharedKind.LISTS) == {"ofac/list.json": "v1"}
    store.unshare_files(SharedKind.LISTS, ["ofac/list.json"])
    assert "banks.toml" in store.shared_versions(SharedKind.RULES)
