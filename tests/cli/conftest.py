"""What the tests of commands share: a person at a terminal, and a folder in which the sample was polled."""

import asyncio
import io
import shutil
from pathlib import Path

import pytest

from monitor.app.build import build
from monitor.app.once import once
from monitor.config import load
from tests.support.commands import Cli, cli

__all__ = ["cli"]

CONFIG = """
database = "monitor.db"
[feeds.sample]
url = "seed:sample/feed.xml"
title = "Sample items (not news)"
tier = "wire"
backlog = "all"
[channels.hook]
type = "file"
path = "out"
[routes.all]
channels = ["hook"]
at_least = "digest"
[digests.daily]
channels = ["hook"]
welcome = true
"""


@pytest.fixture(scope="session")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the sample was polled, judged and delivered once; copy it before you change it."""
    folder = tmp_path_factory.mktemp("polled")
    text = CONFIG.replace("monitor.db", f"{folder}/monitor.db").replace('"out"', f'"{folder}/out"')
    (folder / "config.toml").write_text(text, "utf-8")

    async def poll() -> None:
        async with build(load(folder / "config.toml"), stream=io.StringIO()) as app:
            await once(app)

    asyncio.run(poll())
    return folder


@pytest.fixture
def sampled(cli: Cli, polled: Path, tmp_path: Path) -> Cli:
    """The same person in a copy of that folder."""
    shutil.copyfile(polled / "monitor.db", tmp_path / "monitor.db")
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    return cli
