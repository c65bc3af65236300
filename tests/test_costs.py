"""What must stay cheap, by counts that no busy machine changes: statements, commits, parses, tokens, imports."""

import asyncio
import io
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest
from sqlalchemy import Connection, event

from monitor.app.build import App, build
from monitor.app.once import once
from monitor.app.rulebook import rulebook
from monitor.config import Settings, load
from monitor.feeds.base import EarlierDocument, FeedDocument, NotModified, ParsedDocument
from monitor.match.engine import Engine
from monitor.match.frames.lexemes import Lexeme, Lexemes
from monitor.model import Feed, FeedState, Tier
from monitor.store import SqlStore
from monitor.text import tokenize
from tests.conftest import FakeClock, item
from tests.support.policies import change_policy

FEEDS = 100
TEN_MINUTES = timedelta(minutes=10)

#: What `--version` may not load: none of it is needed to print a line.
HEAVY = "sqlalchemy httpx aiohttp pydantic jinja2 feedparser lxml fastapi apscheduler monitor.config monitor.match"


@pytest.fixture(scope="module")
def engine() -> Engine:
    return rulebook(Settings()).engine


@dataclass
class Unchanged:
    """A network on which no feed has changed; counts the documents that are parsed all the same."""

    fetched: int = 0
    parsed: int = 0
    clocks: list[datetime] = field(default_factory=list)

    async def fetch(self, _feed: Feed, _state: FeedState, now: datetime) -> NotModified:
        self.fetched += 1
        return NotModified()

    async def parse(self, _document: FeedDocument, _earlier: EarlierDocument) -> ParsedDocument:
        self.parsed += 1
        return ParsedDocument(items=(), complete=True)


@contextmanager
def counted(store: SqlStore) -> Iterator[Counter[str]]:
    """Count the statements of a store by their first word, and its commits."""
    found: Counter[str] = Counter()

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        found[statement.split(maxsplit=1)[0].upper()] += 1

    def count_commit(_connection: object) -> None:
        found["COMMIT"] += 1

    listeners = {"before_cursor_execute": count, "commit": count_commit}
    for name, listener in listeners.items():
        event.listen(store.database.engine, name, listener)
    try:
        yield found
    finally:
        for name, listener in listeners.items():
            event.remove(store.database.engine, name, listener)


@contextmanager
def calls_of(code: CodeType) -> Iterator[list[FrameType]]:
    """Record the frames in which a function is called on this thread."""
    frames: list[FrameType] = []

    def record(frame: FrameType, what: str, _: object) -> None:
        if what == "call" and frame.f_code is code:
            frames.append(frame)

    sys.setprofile(record)
    try:
        yield frames
    finally:
        sys.setprofile(None)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    feeds = (f'[feeds.f{n}]\nurl = "https://host{n}.example/feed"\n' for n in range(FEEDS))
    Path("config.toml").write_text('database = "m.db"\n' + "".join(feeds), "utf-8")
    return load(Path("config.toml"))


@contextmanager
def on(app: App, network: Unchanged) -> Iterator[SqlStore]:
    """Let a program poll a network; yield its store."""
    change_policy(app, fetch=network.fetch)
    app.poll.parse_document = network.parse
    assert isinstance(app.store, SqlStore)
    yield app.store


async def test_a_round_of_idle_polls_costs_few_statements_and_commits_and_no_parse(
    settings: Settings, clock: FakeClock
) -> None:
    async with build(settings, clock=clock, stream=io.StringIO()) as app:
        network = Unchanged()
        with on(app, network) as store, counted(store) as statements:
            shards = await app.poll.due_shards()
            counts = await app.poll.poll_shards(shards)
    assert (counts.polled, network.fetched, network.parsed) == (FEEDS, FEEDS, 0)
    groups = statements["UPDATE"]  # each group writes all states by one
    assert groups <= FEEDS / 25
    assert statements["SELECT"] == 2 + groups  # the shards, the feeds, and the versions of each group
    assert statements["INSERT"] == groups  # the hosts
    assert statements["COMMIT"] == groups
    assert set(statements) == {"UPDATE", "SELECT", "INSERT", "COMMIT"}


async def test_a_poll_without_news_writes_no_profile(settings: Settings, clock: FakeClock) -> None:
    fixed = {name: table.model_copy(update={"every": TEN_MINUTES}) for name, table in settings.feeds.items()}
    settings = settings.model_copy(update={"feeds": fixed})  # an interval that adapts is in the profile
    async with build(settings, clock=clock, stream=io.StringIO()) as app:
        with on(app, Unchanged()) as store, written(store) as statements:
            await app.poll.poll_shards(await app.poll.due_shards())
    updates = [each for each in statements if each.startswith("UPDATE feeds")]
    assert updates
    assert not [each for each in updates if "profile" in each]


@contextmanager
def written(store: SqlStore) -> Iterator[list[str]]:
    """Collect the statements of a store."""
    found: list[str] = []

    def collect(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    event.listen(store.database.engine, "before_cursor_execute", collect)
    try:
        yield found
    finally:
        event.remove(store.database.engine, "before_cursor_execute", collect)


async def test_shards_that_are_kicked_together_share_one_query(settings: Settings, clock: FakeClock) -> None:
    async with build(settings, clock=clock, stream=io.StringIO()) as app:
        network = Unchanged()
        shards: Sequence[int] = await app.poll.due_shards()
        with on(app, network) as store, counted(store) as statements:
            counts = await asyncio.gather(*map(app.poll.poll_shard, shards))
    assert len(shards) > 10
    assert sum(each.polled for each in counts) == FEEDS
    assert statements["SELECT"] == 1 + statements["UPDATE"]


async def test_a_sweep_with_nothing_due_asks_once(settings: Settings, clock: FakeClock) -> None:
    async with build(settings, clock=clock, stream=io.StringIO()) as app:
        with on(app, Unchanged()) as store:
            await once(app)
            with counted(store) as statements:
                assert await app.due_kinds() == frozenset()
    assert statements == {"WITH": 1}


async def test_an_idle_service_reads_few_rows_and_writes_none(settings: Settings, clock: FakeClock) -> None:
    async with build(settings, clock=clock, stream=io.StringIO()) as app:
        with on(app, Unchanged()) as store:
            await once(app)
            await idle_checks(app)  # the first compares the versions of all feeds
            with counted(store) as statements:
                for _ in range(10):
                    clock.advance(seconds=5)
                    await idle_checks(app)
    assert sum(statements.values()) == 10 * 6
    assert set(statements) == {"SELECT"}


async def idle_checks(app: App) -> None:
    """Run what a service runs every few seconds, but for the sweep."""
    await app.overdue.run()
    await app.health.run()
    await app.escalate.run()
    await app.digest.plan_due()
    await app.refold.run()
    await app.silence_end.run()


async def test_a_check_of_health_reads_only_the_feeds_polled_lately(
    settings: Settings, clock: FakeClock
) -> None:
    async with build(settings, clock=clock, stream=io.StringIO()) as app:
        with on(app, Unchanged()) as store:
            await once(app)
            clock.advance(hours=2)
            await app.health.run()
            clock.advance(seconds=1)
            with plans(store) as found:
                await app.health.run()
    assert any("feeds USING INDEX feeds_polled" in step for step in found)
    assert not [step for step in found if step.startswith("SCAN feeds")]


async def test_a_sweep_examines_only_the_feeds_that_are_due(settings: Settings, clock: FakeClock) -> None:
    async with build(settings, clock=clock, stream=io.StringIO()) as app:
        with on(app, Unchanged()) as store, plans(store) as found:
            await app.due_kinds()
            await app.poll.due_shards()
            store.due_feeds([1, 2], clock())
    assert any("feeds USING INDEX feeds_next" in step for step in found)
    assert not [step for step in found if step.startswith("SCAN feeds")]


@contextmanager
def plans(store: SqlStore) -> Iterator[list[str]]:
    """Collect the steps by which the database executes each statement."""
    steps: list[str] = []

    def explain(connection: Connection, cursor: object, statement: str, parameters: Any, *_: object) -> None:
        driver = connection.connection.driver_connection
        assert driver
        steps.extend(row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    event.listen(store.database.engine, "before_cursor_execute", explain)
    try:
        yield steps
    finally:
        event.remove(store.database.engine, "before_cursor_execute", explain)


def test_each_text_of_an_item_is_tokenised_once(engine: Engine) -> None:
    one = item(title="Norway orders 12 howitzers", summary="The contract was signed in Oslo on Monday.")
    engine.judge(one, Tier.WIRE)  # what is tokenised once for all items
    with calls_of(tokenize.__code__) as calls:
        engine.judge(one, Tier.WIRE)
    assert [frame.f_locals["raw"] for frame in calls] == [one.title, one.summary]


def test_a_word_is_asked_once_which_languages_have_it_as_a_verb(engine: Engine) -> None:
    texts = [("Ölpreis steigt", "Brent notiert"), ("Brent notiert", "Ölpreis steigt weiter")]
    with calls_of(Lexemes.knows.__code__) as first:
        engine.judge(item(title=texts[0][0], summary=texts[0][1], lang=""), Tier.WIRE)
    with calls_of(Lexemes.knows.__code__) as second:
        engine.judge(item(title=texts[1][0], summary=texts[1][1], lang=""), Tier.WIRE)
    assert {frame.f_locals["word"] for frame in second} == {"weiter"}
    assert len(first) == 4 * len(second)


def test_few_rules_are_tried_on_news_of_other_things(engine: Engine) -> None:
    rules = len(engine.rules.rules) + len(engine.rules.events)
    able = engine.able(engine.annotate("City opens new library", "The mayor thanked all volunteers."))
    ours = engine.able(engine.annotate("OFAC designates four tankers", "Their assets are frozen."))
    assert len(able) <= rules / 10
    assert len(able) < len(ours) <= rules / 2


#: All that a service imports.
SERVICE = "import monitor.app.build, monitor.web.application"


@cache
def modules_once_after(program: str) -> frozenset[str]:
    """Return the same of a program that changes nothing, run once."""
    return frozenset(modules_after(program))


def modules_after(program: str) -> set[str]:
    """Return the modules that are loaded when a program has run in a process of its own."""
    command = [sys.executable, "-c", f"{program}\nimport sys; print(*sys.modules)"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_judging_one_text_loads_no_network_client_and_no_parser() -> None:
    loaded = modules_after("import monitor.cli.explain")
    heavy = "httpx aiohttp aiosmtplib sqlalchemy feedparser lxml charset_normalizer structlog fastapi"
    assert not set(heavy.split()) & loaded
    assert not {"monitor.lists.ofac", "monitor.channels.smtp.submission"} & loaded


def test_the_service_leaves_parsing_to_its_workers() -> None:
    loaded = modules_once_after(SERVICE)
    assert not {"feedparser", "lxml", "chardet", "charset_normalizer"} & loaded


def test_one_round_loads_no_scheduler_and_no_desk() -> None:
    loaded = modules_after("import monitor.cli.run")
    assert not {"apscheduler", "fastapi", "uvicorn", "alembic", "feedparser"} & loaded
    assert not {"aiohttp", "jinja2", "monitor.render.renderer", "email.policy", "imaplib"} & loaded
    assert "sqlalchemy.dialects.postgresql" not in loaded


def test_a_command_loads_no_colours_for_tracebacks_and_no_command_line_of_a_library() -> None:
    once = "LazyCommand('once', 'monitor.cli.run:once', '', '').load()"
    loaded = modules_after(f"from monitor.cli.lazy import LazyCommand; {once}")
    assert not {"pygments", "attr", "rich.traceback", "rich.progress"} & loaded


async def test_a_round_with_nothing_due_loads_no_client_and_no_templates(settings: Settings) -> None:
    program = (
        "import asyncio, io\nfrom pathlib import Path\n"
        "from monitor.app.build import build\nfrom monitor.app.once import once\n"
        "from monitor.config import load\n"
        "async def main():\n"
        "    async with build(load(Path('config.toml')), stream=io.StringIO()) as app: await once(app)\n"
        "asyncio.run(main())"
    )
    Path("config.toml").write_text('database = "m.db"\n[feeds.f]\nurl = "seed:sample/feed.xml"\n', "utf-8")
    modules_after(program)
    loaded = modules_after(program)
    assert not {"aiohttp", "jinja2", "alembic", "lxml", "feedparser", "apscheduler", "fastapi"} & loaded


async def test_a_desk_that_listens_loads_its_pages_at_the_first_request(settings: Settings) -> None:
    program = (
        "import asyncio, io\nfrom pathlib import Path\n"
        "from monitor.app.build import build\nfrom monitor.config import load\n"
        "async def main():\n"
        "    async with build(load(Path('config.toml')), stream=io.StringIO()) as app:\n"
        "        await app.web.serve(); assert app.web.url; await app.web.stop()\n"
        "asyncio.run(main())"
    )
    Path("config.toml").write_text('database = "m.db"\n[web]\nlisten = "127.0.0.1:0"\n', "utf-8")
    loaded = modules_after(program)
    assert "monitor.web.http.listener" in loaded
    assert not {"fastapi", "monitor.web.application", "prometheus_client"} & loaded


def test_a_desk_that_serves_loads_the_api_at_its_first_request() -> None:
    loaded = modules_once_after(SERVICE)
    assert not {
        name for name in loaded if name.startswith(("monitor.web.api.resources", "monitor.web.api.models"))
    }


def test_words_of_frames_stay_packed_until_a_text_names_them() -> None:
    lexemes = Lexemes((("imposes", "v:impose:f"), ("lifts off", "v:lift:f"), ("sanction*", "v:sanction:n")))
    with calls_of(Lexeme.__init__.__code__) as made:
        lexemes.spot(tokenize("Norway lifts off"), 0, 3)
    assert len(made) == 1


def test_printing_the_version_loads_nothing_heavy() -> None:
    program = (
        "import sys; sys.argv = ['m', '--version']\n"
        "from monitor.cli import main\n"
        "try: main()\n"
        "except SystemExit: print(*sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = ran.stdout.split()
    assert "monitor.cli.root" in loaded
    assert not set(HEAVY.split()) & set(loaded)
    assert len([name for name in loaded if name.startswith("monitor")]) <= 8


def test_printing_the_help_loads_no_reader_of_markdown() -> None:
    program = (
        "import sys; sys.argv = ['m', '--help']\n"
        "from monitor.cli import main\n"
        "try: main()\n"
        "except SystemExit: print(*sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.rpartition("╯")[2].split())
    assert "monitor.cli.help" in loaded
    assert not {*HEAVY.split(), "typer.rich_utils", "markdown_it", "pygments"} & loaded
