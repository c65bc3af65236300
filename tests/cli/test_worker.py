"""Commands of a cluster say what is missing before they do anything."""

from pathlib import Path

import pytest

from tests.end_to_end.story import config
from tests.support.commands import Cli

NOWHERE = "https://wire.example/feed"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return config(tmp_path, feed_url=NOWHERE, hook_url=NOWHERE, prepared=False)


@pytest.mark.parametrize("command", [["worker"], ["run", "--desk-only"]], ids=["worker", "desk"])
def test_a_member_of_a_cluster_needs_a_configuration_of_one(cli: Cli, path: Path, command: list[str]) -> None:
    answer = cli(*command, "--config", str(path))
    assert answer.code == 2
    assert 'set kind = "cluster"' in answer.err
    assert not (path.parent / "monitor.db").exists()


def test_a_cluster_needs_postgresql(cli: Cli, path: Path) -> None:
    path.write_text(path.read_text("utf-8") + '[engine]\nkind = "cluster"\n', "utf-8")
    answer = cli("check", "--config", str(path))
    assert answer.code == 2
    assert "engine.kind: a cluster needs PostgreSQL" in answer.out
