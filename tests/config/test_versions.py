from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.config.versions import FileChange, VersionedFile
from monitor.config.write import restore_version, write_version
from monitor.errors import ConfigError

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
CHANGE = FileChange(at=NOW, who="ayse", what="added [feeds.b]")
TEXT = '[feeds.a]\nurl = "https://a.example/"\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(TEXT, "utf-8")
    path.chmod(0o640)
    return path


def test_every_version_is_kept_with_who_changed_it(path: Path) -> None:
    assert write_version(path, TEXT + "# one\n", CHANGE) == 1
    assert write_version(path, TEXT + "# two\n", CHANGE) == 2
    file = VersionedFile(path)
    assert [file.version(number) for number in file.numbers()] == [TEXT, TEXT + "# one\n"]
    assert [(each.number, each.who, each.what, each.is_last) for each in file.changes()] == [
        (2, "ayse", "added [feeds.b]", True),
        (1, "ayse", "added [feeds.b]", False),
    ]
    assert path.stat().st_mode & 0o777 == 0o640
    assert {each.stat().st_mode & 0o777 for each in file.folder.iterdir()} == {0o600}
    assert sorted(each.name for each in path.parent.iterdir()) == ["config-versions", "config.toml"]


def test_a_text_with_a_mistake_changes_nothing(path: Path) -> None:
    with pytest.raises(ConfigError, match=r"feeds\.a"):
        write_version(path, "[feeds.a]\n", CHANGE)
    assert path.read_text("utf-8") == TEXT
    assert [each.name for each in path.parent.iterdir()] == ["config.toml"]


def test_the_last_change_is_undone_byte_for_byte(path: Path) -> None:
    path.write_bytes(TEXT.replace("\n", "\r\n").encode())
    write_version(path, TEXT, CHANGE)
    restore_version(path, 1, CHANGE)
    assert path.read_bytes() == TEXT.replace("\n", "\r\n").encode()


def test_a_change_by_hand_is_never_undone_with_another(path: Path) -> None:
    write_version(path, TEXT + "# one\n", CHANGE)
    path.write_text(TEXT + "# by hand\n", "utf-8")
    with pytest.raises(ConfigError, match=r"changed since.*config-versions/1\.toml\.old"):
        restore_version(path, 1, CHANGE)
    assert path.read_text("utf-8") == TEXT + "# by hand\n"


def test_a_line_of_the_index_that_is_damaged_is_left_out(path: Path) -> None:
    write_version(path, TEXT + "# one\n", CHANGE)
    with (VersionedFile(path).folder / "changes.jsonl").open("a") as index:
        index.write('{"at": 1}\nx\n')
    assert [each.number for each in VersionedFile(path).changes()] == [1]


def test_a_link_is_followed_and_stays(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "etc" / "config.toml"
    link.parent.mkdir()
    link.symlink_to(path)
    write_version(link, TEXT + "# one\n", CHANGE)
    assert link.is_symlink()
    assert path.read_text("utf-8").endswith("# one\n")
