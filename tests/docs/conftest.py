"""What the tests of the documentation share: a folder as `init` and `once` leave it."""

import os
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

import pytest

from monitor.cli import main
from tests.support.commands import cli, given, own_logging, wide_terminal

__all__ = ["cli"]

#: The sources of the starter pack that need a network.
REMOTE = ("us-ofac-actions", "us-treasury-press", "eu-oj-l", "eu-council-press")


@contextmanager
def without_network() -> Iterator[None]:
    """Switch off the feeds of the starter configuration that are elsewhere, by the environment."""
    off = {f"MONITOR_FEEDS__{name}__ENABLED": "false" for name in REMOTE}
    os.environ.update(off)
    try:
        yield
    finally:
        for name in off:
            del os.environ[name]


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `init` and `once` were run; copy it before you change it."""
    folder = tmp_path_factory.mktemp("started")
    with chdir(folder), without_network(), own_logging(), wide_terminal(), (folder / "log").open("w") as log:
        for command in ("init", "once"):
            with given([command], ""), pytest.raises(SystemExit) as end:
                main()
            assert not end.value.code, log
    return folder
