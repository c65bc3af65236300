"""`backup` and `restore`: an installation in one file, and back."""

import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from monitor.store import open_store
from monitor.store.empty_database import VERSION_TABLE
from monitor.store.migrate import HEAD
from tests.conftest import delivery
from tests.support.commands import Cli
from tests.support.databases import prepare_database, prepare_old_database

CONFIG = """
database = "monitor.db"
recipients_file = "people.csv"
[web]
key_file = "web.secret"
feed_token_file = "feed.token"
[channels.desk]
type = "email"
host = "127.0.0.1"
tls = "none"
sender = "m@x.example"
to = ["a@x.example"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of an installation with one pending delivery."""
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    (tmp_path / "people.csv").write_text("name,address\nayse,ayse@x.example\n")
    (tmp_path / "feed.token").write_text("a long shared secret")
    (tmp_path / "web.secret").write_text("5" * 64)
    (tmp_path / "rules" / "more").mkdir(parents=True)
    (tmp_path / "rules" / "more" / "mine.toml").write_text("# mine\n")
    prepare_database(tmp_path / "monitor.db")
    with closing(open_store(tmp_path / "monitor.db", lock=True)) as store:
        store.add_deliveries([delivery()])
    return tmp_path


def ids(folder: Path) -> list[str]:
    with closing(open_store(folder / "monitor.db", lock=False)) as store:
        return [each.id for each in store.deliveries()]


def add(folder: Path, id: str) -> None:
    with closing(open_store(folder / "monitor.db", lock=False)) as store:
        store.add_deliveries([delivery(id=id)])


def test_a_backup_is_made_beside_a_running_service_and_is_private(cli: Cli, folder: Path) -> None:
    with closing(open_store(folder / "monitor.db", lock=True)):
        done = cli("backup", "b.zip", "--json")
    assert done.code == 0
    assert (done.data["schema"], done.data["left_out"]) == (HEAD, ["feed.token"])
    assert set(done.data["files"]) == {"config.toml", "recipients.csv", "web.secret", "rules/more/mine.toml"}
    assert (folder / "b.zip").stat().st_mode & 0o777 == 0o600
    assert b"a long shared secret" not in (folder / "b.zip").read_bytes()
    beside = {each.name for each in folder.iterdir() if "b.zip" in each.name}
    assert beside == {"b.zip"}


def test_what_was_backed_up_comes_back_and_what_was_there_is_kept(cli: Cli, folder: Path) -> None:
    assert cli("backup", "b.zip").code == 0
    add(folder, "later")
    done = cli("restore", "b.zip", "--json")
    assert done.code == 0
    assert ids(folder) == [delivery().id]
    with closing(open_store(done.data["replaced"], lock=False)) as aside:
        assert {each.id for each in aside.deliveries()} == {delivery().id, "later"}
    assert done.data["written"] == done.data["differing"] == []


def test_a_backup_is_restored_in_an_empty_folder(cli: Cli, folder: Path) -> None:
    cli("backup", "b.zip")
    kept = {"b.zip", "feed.token"}
    for each in [path for path in folder.rglob("*") if path.is_file() and path.name not in kept]:
        each.unlink()
    done = cli("restore", "b.zip")
    assert (done.code, done.err) == (0, "")
    assert ids(folder) == [delivery().id]
    assert (folder / "web.secret").read_text() == "5" * 64
    assert (folder / "web.secret").stat().st_mode & 0o777 == 0o600
    assert (folder / "rules" / "more" / "mine.toml").read_text() == "# mine\n"
    assert cli("check").code == 0


def test_a_secret_that_is_missing_is_named_and_the_database_stays(cli: Cli, folder: Path) -> None:
    cli("backup", "b.zip")
    (folder / "config.toml").unlink()
    (folder / "feed.token").unlink()
    add(folder, "later")
    done = cli("restore", "b.zip")
    assert (done.code, "feed.token cannot be read" in done.err) == (2, True)
    assert len(ids(folder)) == 2


def test_files_that_differ_stay_unless_they_are_to_be_replaced(cli: Cli, folder: Path) -> None:
    cli("backup", "b.zip")
    (folder / "web.secret").write_text("6" * 64)
    first = cli("restore", "b.zip")
    assert (first.code, first.err) == (0, "differs from the backup and stays: web.secret\n")
    assert (folder / "web.secret").read_text() == "6" * 64
    second = cli("restore", "b.zip", "--replace", "--json")
    assert second.code == 0, second.err
    assert second.data["written"] == ["web.secret"]
    assert (folder / "web.secret").read_text() == "5" * 64
    (aside,) = folder.glob("web.secret.replaced-*")
    assert aside.read_text() == "6" * 64


def test_a_running_service_is_not_robbed_of_its_database(cli: Cli, folder: Path) -> None:
    cli("backup", "b.zip")
    with closing(open_store(folder / "monitor.db", lock=True)) as store:
        done = cli("restore", "b.zip")
        assert (done.code, "is served by another sanctions-monitor (pid" in done.err) == (1, True)
        assert len(store.deliveries()) == 1
    assert not list(folder.glob("*.replaced-*"))


def test_a_damaged_backup_replaces_nothing(cli: Cli, folder: Path) -> None:
    cli("backup", "b.zip")
    content = bytearray((folder / "b.zip").read_bytes())
    content[2000] ^= 0xFF
    (folder / "b.zip").write_bytes(content)
    (folder / "cut.zip").write_bytes(content[:3000])
    (folder / "text.zip").write_text("no archive")
    for name in ("b.zip", "cut.zip", "text.zip", "missing.zip"):
        done = cli("restore", name)
        assert (done.code, f"{name} is no sound backup" in done.err) == (1, True), done.err
    assert not list(folder.glob("*.replaced-*"))


def rewrite(folder: Path, name: str, content: bytes, **manifest: object) -> None:
    """Write another member, or other words about the backup, into it."""
    with zipfile.ZipFile(folder / "b.zip") as archive:
        members = {each: archive.read(each) for each in archive.namelist()}
    members |= {name: content} if name else {}
    members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | manifest).encode()
    with zipfile.ZipFile(folder / "b.zip", "w") as archive:
        for each, data in members.items():
            archive.writestr(each, data)


def test_a_backup_of_another_format_or_with_changed_files_is_refused(cli: Cli, folder: Path) -> None:
    cli("backup", "b.zip")
    rewrite(folder, "rules/more/mine.toml", b"# not mine\n")
    assert "rules/more/mine.toml is not what was written" in cli("restore", "b.zip").err
    rewrite(folder, "", b"", format="sanctions-monitor backup 9")
    assert "its format is 'sanctions-monitor backup 9'" in cli("restore", "b.zip").err
    rewrite(folder, "", b"", format="sanctions-monitor backup 1", sha256={"rules/../../evil": "0"})
    assert "leads out of the backup" in cli("restore", "b.zip").err


@pytest.mark.parametrize(
    ("manifest", "why"),
    [
        (b"[]", "manifest.json does not list its files"),
        (b"{}", "manifest.json does not list its files"),
        (b"{", "manifest.json is no JSON"),
        (b'{"format": "sanctions-monitor backup 1", "sha256": {}}', "it has no monitor.db"),
        (
            b'{"format": "sanctions-monitor backup 1", "sha256": {"lost": "0"}}',
            "There is no item named 'lost'",
        ),
    ],
)
def test_a_backup_whose_manifest_is_not_ours_is_refused(
    cli: Cli, folder: Path, manifest: bytes, why: str
) -> None:
    with zipfile.ZipFile(folder / "b.zip", "w") as archive:
        archive.writestr("manifest.json", manifest)
    done = cli("restore", "b.zip")
    assert (done.code, f"b.zip is no sound backup: {why}" in done.err.replace('"', "")) == (1, True), done.err
    assert not list(folder.glob("*.replaced-*"))


def test_a_member_that_the_manifest_does_not_name_is_not_written(cli: Cli, folder: Path) -> None:
    cli("backup", "b.zip")
    rewrite(folder, "rules/../../evil.toml", b"evil")
    assert cli("restore", "b.zip").code == 0
    assert not (folder.parent / "evil.toml").exists()


def test_the_backup_of_an_older_program_is_migrated_and_of_a_newer_one_refused(
    cli: Cli, folder: Path
) -> None:
    (folder / "monitor.db").unlink()
    prepare_old_database(folder / "monitor.db", "0011")
    assert cli("backup", "b.zip", "--json").data["schema"] == "0011"
    done = cli("restore", "b.zip")
    assert f"schema {HEAD}, migrated from 0011" in done.out
    with closing(sqlite3.connect(folder / "monitor.db")) as database, database:
        database.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    newer = cli("backup", "newer.zip")
    assert (newer.code, "was written by a newer sanctions-monitor" in newer.err) == (1, True)
    assert not (folder / "newer.zip").exists()


def test_a_failed_backup_leaves_the_one_before(cli: Cli, folder: Path) -> None:
    cli("backup", "b.zip")
    before = (folder / "b.zip").read_bytes()
    (folder / "monitor.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 8000)
    done = cli("backup", "b.zip")
    assert done.code == 1
    assert (folder / "b.zip").read_bytes() == before


def test_another_file_is_not_overwritten(cli: Cli, folder: Path) -> None:
    done = cli("backup", "config.toml")
    assert (done.code, done.err) == (1, "config.toml exists and is no backup; name another file\n")
    assert (folder / "config.toml").read_text() == CONFIG
    done = cli("backup", "nowhere/b.zip")
    assert (done.code, "nowhere/b.zip cannot be written: No such file" in done.err) == (1, True)


def test_for_a_server_the_command_to_use_is_named(cli: Cli, folder: Path) -> None:
    text = CONFIG.replace("monitor.db", "postgresql://ayse:secret@127.0.0.1:9/news")
    cli("backup", "b.zip")
    (folder / "config.toml").write_text(text)
    done = cli("backup", "b.zip")
    assert (done.code, "secret@" in done.err) == (1, False)
    assert "--file=news.dump 'postgresql://ayse@127.0.0.1:9/news'" in done.err
    assert "with web.secret" in done.err
    assert "use pg_restore --clean" in cli("restore", "b.zip").err
