"""`erase`: what is stored about one person is removed, after a question."""

from contextlib import closing
from pathlib import Path

import pytest

from monitor.store import open_store
from tests.conftest import delivery
from tests.support.commands import Cli
from tests.support.databases import prepare_database

CONFIG = 'database = "monitor.db"\n'
MAIL = """
[channels.desk]
type = "email"
host = "127.0.0.1"
tls = "none"
sender = "m@x.example"
to = ["Ayse@x.example"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    prepare_database(tmp_path / "monitor.db")
    with closing(open_store(tmp_path / "monitor.db", lock=False)) as store:
        store.add_deliveries([delivery(recipient="ayse@x.example")])
    return tmp_path


def recipients(cli: Cli) -> set[str]:
    return {each["recipient"] for each in cli("outbox", "list", "--json").data}


def test_a_person_is_counted_and_then_erased(cli: Cli, folder: Path) -> None:
    planned = cli("erase", "ayse@x.example", "--dry-run", "--json")
    assert planned.data == {"dry_run": True, "rows": {"deliveries": 1}}
    assert recipients(cli) == {"ayse@x.example"}
    assert cli("erase", "ayse@x.example", stdin="n\n").code == 1
    assert recipients(cli) == {"ayse@x.example"}
    done = cli("erase", "ayse@x.example", "--yes", "--json")
    assert recipients(cli) == {done.data["pseudonym"]}
    assert cli("erase", "ayse@x.example", "--yes").out == "nothing is stored about this person\n"


def test_a_person_who_still_gets_messages_is_not_erased(cli: Cli, folder: Path) -> None:
    (folder / "config.toml").write_text(CONFIG + MAIL, "utf-8")
    done = cli("erase", "ayse@x.example", "--yes")
    assert (done.code, "channels.desk: ayse@x.example still gets messages; remove it first" in done.err) == (
        2,
        True,
    )
    assert recipients(cli) == {"ayse@x.example"}
