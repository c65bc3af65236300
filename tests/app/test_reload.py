"""A reload replaces the policy whole, and closes what the old one held."""

import gc
import io
from pathlib import Path

import psutil
import pytest

from monitor.app.build import App, build
from monitor.config import Settings, load
from tests.conftest import FakeClock

CONFIG = """
database = "{folder}/m.db"
[polling]
parsers = 1
[web]
base_url = "https://alerts.example"
[channels.desk]
type = "console"
[channels.hook]
type = "webhook"
url = "http://127.0.0.1:9/hook"
secret = "a shared key"
[feeds.wire]
url = "http://127.0.0.1:9/feed"
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.format(folder=tmp_path))
    return load(path)


async def test_a_reload_is_one_new_policy_and_every_setting_follows(
    settings: Settings, clock: FakeClock
) -> None:
    async with build(settings, clock=clock, stream=io.StringIO()) as app:
        before = app.policy
        polling = settings.polling.model_copy(update={"at_once": 3})
        delivery = settings.delivery.model_copy(update={"storm": 7})
        await app.reload(settings.model_copy(update={"polling": polling, "delivery": delivery}))
        assert app.policy is not before
        assert (app.policy.polling.max_concurrent, app.policy.delivery.storm) == (3, 7)


async def reload_often(app: App, settings: Settings, times: int) -> None:
    for _ in range(times):
        await app.reload(settings)
    gc.collect()


async def test_reloads_leave_no_descriptor_open(settings: Settings, clock: FakeClock) -> None:
    process = psutil.Process()
    async with build(settings, clock=clock, stream=io.StringIO()) as app:
        await reload_often(app, settings, 2)
        before = process.num_fds()
        await reload_often(app, settings, 5)
        assert process.num_fds() == before


@pytest.mark.slow
async def test_fifty_reloads_take_no_more_than_ten_megabytes(settings: Settings, clock: FakeClock) -> None:
    process = psutil.Process()
    async with build(settings, clock=clock, stream=io.StringIO()) as app:
        await reload_often(app, settings, 10)  # allocators fill their pools first
        before, descriptors = process.memory_info().rss, process.num_fds()
        await reload_often(app, settings, 50)
        assert process.memory_info().rss - before <= 10_000_000
        assert process.num_fds() == descriptors
