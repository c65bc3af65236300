"""`data check` prints what a package would change in the archive; `data status` which data is in use."""

import shutil
from pathlib import Path

import pytest

from monitor.resources import BUILT_IN_SEEDS
from monitor.store import open_store
from tests.app.test_data_package import builder, changed
from tests.conftest import item
from tests.store.builders import raised
from tests.support.commands import Cli
from tests.support.databases import prepare_database


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    seeds = tmp_path / "seeds"
    shutil.copytree(BUILT_IN_SEEDS, seeds)
    (seeds / "version.txt").write_text("2099.1.2\n")
    rule = '[rule.club]\ntopic = "sanctions"\npoints = 90\nbecause = "a club"\nwhen = "zebrafish"\n'
    (seeds / "rules" / "zz.toml").write_text(rule)
    return builder()(seeds, tmp_path)


def test_the_status_names_the_version_in_use(cli: Cli) -> None:
    version = (BUILT_IN_SEEDS / "version.txt").read_text().strip()
    assert cli("data", "status", "--json").data == {"version": version, "package": None}
    assert "no data package is installed" in cli("data", "status").flat


def test_a_check_lists_the_items_that_the_package_would_flag_and_installs_nothing(
    cli: Cli, wheel: Path, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text('database = "m.db"\n')
    prepare_database(tmp_path / "m.db")
    store = open_store(str(tmp_path / "m.db"), lock=False)
    raised(store, item(title="A zebrafish was seen in the harbour"))
    store.close()
    done = cli("data", "check", wheel, "--since", "2026-11-01", "--json")
    assert done.code == 0, done.err
    assert (done.data["version"], done.data["items"]) == ("2099.1.2", 1)
    assert done.data["sources"] == {"added": [], "removed": [], "changed": []}
    assert "zebrafish" in done.data["changes"][0]["title"]


def test_a_package_for_another_series_is_refused(cli: Cli, wheel: Path, tmp_path: Path) -> None:
    def other(members: dict[str, bytes]) -> None:
        name = "sanctions_monitor_data/manifest.json"
        members[name] = members[name].replace(b'"program": "', b'"program": "9')

    (tmp_path / "config.toml").write_text('database = "m.db"\n')
    done = cli("data", "check", changed(wheel, tmp_path / "other.whl", other))
    assert done.code == 1
    assert "made for program 9" in done.err
