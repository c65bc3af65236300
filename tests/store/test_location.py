"""The setting `database` names a file or a server; asking where it is creates nothing."""

from pathlib import Path

import pytest

from monitor.errors import StoreError
from monitor.store.location import file_of


@pytest.mark.parametrize(
    ("written", "file"),
    [
        ("monitor.db", Path.cwd() / "monitor.db"),
        ("~/news/monitor.db", Path.home() / "news" / "monitor.db"),
        ("sqlite:///monitor.db", Path.cwd() / "monitor.db"),
        ("sqlite:///~/news/monitor.db", Path.home() / "news" / "monitor.db"),
        ("sqlite:////var/lib/monitor.db", Path("/var/lib/monitor.db")),
        ("sqlite:////var/lib/monitor.db?timeout=5", Path("/var/lib/monitor.db")),
        ("postgresql://user@127.0.0.1/news", None),
        ("postgres://user@127.0.0.1/news", None),
    ],
)
def test_the_file_of_a_database_is_found_by_path_or_url(written: str, file: Path | None) -> None:
    assert file_of(written) == file


@pytest.mark.parametrize("written", ["mysql://127.0.0.1/news", "sqlite://", "postgresql://[::1/news"])
def test_another_database_is_refused_with_what_to_write(written: str) -> None:
    with pytest.raises(StoreError, match="write a path, or postgresql://user@host/name"):
        file_of(written)
