"""Lists derived from the settings; and that the headlines of their changes are recognised."""

from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest

from monitor.app import build as app
from monitor.app import derive, list_settings
from monitor.app.rulebook import Rulebook, rulebook
from monitor.app.service import Service
from monitor.config import Settings, load
from monitor.config.lists import catalogue
from monitor.engine.local import LocalEngine
from monitor.errors import ConfigError
from monitor.lists import parse_list
from monitor.lists.base import SanctionsList
from monitor.lists.change_feed import ChangeNotice, headline, summary
from monitor.lists.diff import ListChange
from monitor.lists.records import document_of
from monitor.model import Tier
from tests.conftest import item
from tests.lists.builders import party


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    return rulebook(Settings())


def settings(text: str) -> Settings:
    Path("config.toml").write_text(text, "utf-8")
    return load(Path("config.toml"))


OWN = """
[lists.own]
format = "plain"
urls = ["https://lists.example/a", "https://lists.example/b"]
every = "1d"
at_least = 7
[lists.off]
format = "plain"
path = "names.txt"
enabled = false
"""


def test_a_list_is_what_its_table_says() -> None:
    urls = ("https://lists.example/a", "https://lists.example/b")
    own = SanctionsList(
        name="own",
        title="own",
        authority="The publisher",
        format="plain",
        urls=urls,
        every=timedelta(days=1),
        at_least=7,
    )
    assert list_settings.lists_of(settings(OWN)) == {"own": own}


def test_a_list_has_a_feed_of_its_changes() -> None:
    feeds = derive.feeds_of(settings(OWN))
    assert set(feeds) == {"list:own"}
    feed = feeds["list:own"]
    assert (feed.url, feed.tier, feed.lang) == ("file:var/lists/own/changes.json", Tier.OFFICIAL, "en")


def test_an_internal_host_of_a_list_may_be_reached() -> None:
    guard = derive.guard_of(settings('[lists.own]\nformat = "plain"\nurl = "http://127.0.0.1:8080/names"'))
    assert guard.refusal("127.0.0.1", 8080) is None
    assert guard.refusal("127.0.0.1", 8081) is not None


ARMS = party("1", "Zorva Arms", "ZOR-1")
CHANGES = {
    "imposed": [ListChange((ARMS, ARMS)), ListChange((ARMS,), (ARMS, ARMS))],
    "lifted": [ListChange((), (ARMS,))],
    "": [ListChange(changed=((ARMS, ARMS),))],
}
HEADLINES = [
    (name, event, change) for name in catalogue() for event, changes in CHANGES.items() for change in changes
]


@pytest.mark.parametrize(("name", "event", "change"), HEADLINES)
def test_the_headline_of_a_change_is_recognised_as_an_event(
    rules: Rulebook, name: str, event: str, change: ListChange
) -> None:
    table = catalogue()[name]
    title = headline(change, ChangeNotice(table["authority"], table["title"], "", "a", "b"))
    described = rules.engine.judge(item(title=title, summary=summary(change)), Tier.OFFICIAL)
    assert (described.event.type if described.event else "") == event
    assert not event or described.topics == ("sanctions",)


# ---------------------------------------------------------------- names


def kept(text: bytes = b"Karim Zubkovsky\nRosoboronexport\n") -> Settings:
    """Return settings with a list whose copy is in the cache."""
    given = settings(OWN)
    list_cache, now = list_settings.list_cache_of(given), datetime(2026, 11, 25, tzinfo=UTC)
    documents = [document_of(url, text, None, None, now) for url in list_settings.lists_of(given)["own"].urls]
    parties = list(parse_list("plain", [BytesIO(text), BytesIO(b"Ali\n")], "own"))
    list_cache.save(list_settings.lists_of(given)["own"], [text, b"Ali\n"], documents, parties, now)
    return given


def test_without_a_copy_there_are_no_names() -> None:
    assert list_settings.names_of(settings(OWN)) is None
    assert rulebook(settings(OWN)).engine.versions["lists"] == ""


def test_the_names_of_copies_are_made_once_and_anew_for_another_copy() -> None:
    judge = rulebook(kept()).engine
    assert [each.grade for each in judge.annotate("Karim Zubkovsky speaks").named] == ["A"]
    (file,) = Path("var/lists").glob("names-*.index")
    assert file.name == f"names-{judge.versions['lists']}.index"
    made_at = file.stat().st_mtime_ns
    assert rulebook(settings(OWN)).engine.versions == judge.versions
    assert file.stat().st_mtime_ns == made_at
    other = rulebook(kept(b"Boris Zubkovsky\n")).engine
    assert other.versions["lists"] != judge.versions["lists"]
    assert not other.annotate("Karim Zubkovsky speaks").named


def test_a_long_watch_list_needs_no_other_list() -> None:
    names = [f"Firma {chr(65 + n % 26)}{chr(97 + n // 26 % 26)}zub{chr(97 + n // 676)}" for n in range(1_001)]
    judge = rulebook(settings(f"[watch.own]\nnames = {names}")).engine
    assert [each.tags for each in judge.annotate(f"Boss of {names[700]} speaks").named] == [
        ("watch:own", "watch")
    ]


def test_a_copy_that_cannot_be_read_is_named_with_its_remedy() -> None:
    kept()
    for path in Path("var/lists/own").glob("*/*"):
        path.unlink()
    with pytest.raises(ConfigError, match="own: its copy cannot be read"):
        rulebook(settings(OWN))


async def test_the_names_of_a_list_count_as_soon_as_it_is_refreshed(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("Qarzo Wexelbrandt Ostrovane\nBelmira Tunguzov Shipping\n", "utf-8")
    own = settings(f'database = "{tmp_path}/m.db"\n[lists.own]\nformat = "plain"\npath = "names.txt"\n')
    news = item(title="Qarzo Wexelbrandt Ostrovane bought a port", summary="")
    async with app.build(own, stream=StringIO()) as running:
        service = Service(app=running, engine=LocalEngine(), config_path=tmp_path / "config.toml")
        found = []
        for _ in range(2):
            verdict = running.policy.alerts.judge(news, Tier.WIRE)
            found.append([entity.lists for entity in verdict.entities])
            await service.refresh_lists()
    assert found == [[], [("own",)]]
