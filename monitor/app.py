"""Put the parts together. The only module that knows every part.

`App` is one running program: its store, its stories, and the parts they work with, which a reload swaps.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from random import Random
from typing import TextIO

import httpx

from . import __version__, shelves
from .alerts.render import Renderer
from .alerts.telling import Judging
from .aside import Aside
from .channels import Channel, Tools
from .clock import Clock, utc_now
from .config import Settings
from .deliver import Deliver
from .derived import feed_of, feeds_of, guard_of, outlets_of, readers_of, routes_of, subscriptions_of
from .digest import Digests
from .feeds.fetch import Fetcher, Limits
from .feeds.guard import Guard
from .feeds.transport import client, port_of
from .feeds.workers import Parsers
from .fulltext import FullText, Web
from .ingest import Ingest
from .model import Subscription
from .refresh import Refresh
from .retention import Keep, Retention
from .rulebook import Rulebook, rulebook
from .store import Store, open_store
from .watch import Watch

__all__ = [
    "App",
    "build",
    "feed_of",
    "feeds_of",
    "guard_of",
    "http_for_commands",
    "limits_of",
    "outlets_of",
    "readers_of",
    "renderer_of",
    "routes_of",
    "subscriptions_of",
    "user_agent_of",
]


# ---------------------------------------------------------------- what follows from a configuration


def renderer_of(settings: Settings, on_fallback: Callable[[str], None] = lambda note: None) -> Renderer:
    """Return what words messages; the operator's folder counts once it exists."""
    return Renderer(settings.templates if settings.templates.is_dir() else None, on_fallback)


def user_agent_of(settings: Settings) -> str:
    """Return who we say we are."""
    return settings.polling.user_agent.replace("{version}", __version__)


# ---------------------------------------------------------------- a running program


@dataclass
class App:
    """One program at work. `reload` swaps everything but the store."""

    settings: Settings
    store: Store
    aside: Aside
    ingest: Ingest
    fulltext: FullText
    digests: Digests
    deliver: Deliver
    watch: Watch
    retention: Retention
    refresh: Refresh
    clock: Clock
    _stream: TextIO
    _stack: AsyncExitStack
    _on_fallback: Callable[[str], None]

    async def reload(self, settings: Settings) -> None:
        """Work by other settings from now on; what is under way ends as it began.

        Raises:
            ConfigError: the new settings, rules or lexicon cannot be used; the old ones stay in force.
        """
        rules = await asyncio.to_thread(rulebook, settings, shelves.told)
        parts = await _parts(settings, rules, self._stack, self._stream, self.clock, self._on_fallback)
        self.settings = settings
        self.ingest.judging, self.ingest.fetch = parts.judging, parts.fetch
        self.fulltext.web = parts.web
        self.refresh = parts.refresh
        self.digests.subscriptions = parts.subscriptions
        self.digests.outlets, self.digests.render = parts.judging.outlets, parts.render
        self.retention.keep = keep_of(settings)
        self.deliver.channels, self.deliver.forms = parts.channels, parts.forms
        self.watch.feeds, self.watch.channels = parts.judging.feeds, settings.health.channels
        self.watch.outlets, self.watch.render = parts.judging.outlets, parts.render
        await self.enrol()

    async def enrol(self) -> None:
        """Tell the store which feeds and digests there are."""
        now = self.clock()
        await self.refresh.prepare()
        await self.aside(self.store.enrol, tuple(self.ingest.judging.feeds.values()), now)
        await self.aside(self.store.subscribe, self.digests.subscriptions, now)


@dataclass(frozen=True, slots=True)
class _Parts:
    judging: Judging
    fetch: Fetcher
    web: Web
    refresh: Refresh
    render: Renderer
    subscriptions: tuple[Subscription, ...]
    channels: dict[str, Channel]
    forms: dict[str, str]


async def _parts(
    settings: Settings,
    rules: Rulebook,
    stack: AsyncExitStack,
    stream: TextIO,
    clock: Clock,
    on_fallback: Callable[[str], None],
) -> _Parts:
    guard, agent = guard_of(settings), user_agent_of(settings)
    polling = await stack.enter_async_context(client(guard, agent))
    posting = await stack.enter_async_context(client(guard, agent, keep_alive=False))
    tools = Tools(posting, clock, stream)
    render, outlets = renderer_of(settings, on_fallback), outlets_of(settings)
    fetch = await stack.enter_async_context(Fetcher(polling, guard, limits_of(settings)))
    lists = await stack.enter_async_context(Fetcher(polling, guard, shelves.LIMITS))
    judging = Judging(
        feeds_of(settings),
        rules.engine.judge,
        rules.table,
        routes_of(settings),
        outlets,
        render.alert,
        rules.engine.corroborated,
        readers_of(settings),
    )
    return _Parts(
        judging,
        fetch,
        web_of(polling, guard, agent),
        shelves.refresh_of(settings, lists, clock),
        render,
        subscriptions_of(settings),
        {name: table.build(tools) for name, table in settings.channels.items()},
        {name: table.form for name, table in settings.channels.items()},
    )


@asynccontextmanager
async def build(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    stream: TextIO | None = None,
    on_fallback: Callable[[str], None] = lambda note: None,
) -> AsyncIterator[App]:
    """Yield a wired program that alone serves its database; close what it opened afterwards.

    Raises:
        ConfigError: rules, lexicon or templates cannot be used.
        StoreError: the database cannot be used, or another process serves it.
    """
    rules, stream = await asyncio.to_thread(rulebook, settings, shelves.told), stream or sys.stdout
    async with AsyncExitStack() as stack:
        store = open_store(settings.database, lock=True)
        stack.callback(store.close)
        aside, think = Aside("store"), Aside("think")
        stack.callback(aside.close)
        stack.callback(think.close)
        chance = Random()  # noqa: S311  jitter, not secrets
        parts = await _parts(settings, rules, stack, stream, clock, on_fallback)
        polling = settings.polling
        parsers = await stack.enter_async_context(Parsers(polling.parsers))
        ingest = Ingest(parts.judging, parts.fetch, parsers, store, aside, think, clock, chance)
        ingest.host_gap, ingest.deadline_s = polling.host_gap, polling.deadline.total_seconds()
        ingest.at_once = polling.at_once
        fulltext = FullText(ingest, parts.web, parsers, store)
        digests = Digests(parts.subscriptions, parts.judging.outlets, parts.render, store, aside, clock)
        wait = settings.delivery.uncertain_wait
        deliver = Deliver(parts.channels, parts.forms, store, aside, clock, chance, uncertain_wait=wait)
        watch = watch_of(settings, parts, store, ingest)
        retention = Retention(keep_of(settings), store, aside, clock)
        stories = (ingest, fulltext, digests, deliver, watch, retention, parts.refresh)
        app = App(settings, store, aside, *stories, clock, stream, stack, on_fallback)
        await aside(store.recover, clock(), clock() + wait, deliver.repeatable())
        await app.enrol()
        yield app


def watch_of(settings: Settings, parts: _Parts, store: Store, ingest: Ingest) -> Watch:
    """Return what watches over the polling of `ingest`."""
    return Watch(
        parts.judging.feeds,
        settings.health.channels,
        parts.judging.outlets,
        parts.render,
        store,
        ingest.aside,
        ingest.clock,
        lambda: ingest.outage.since,
    )


def keep_of(settings: Settings) -> Keep:
    """Return how long the archive goes back."""
    archive = settings.archive
    return Keep(archive.keep, archive.keep_documents, archive.keep_messages, archive.keep_incidents)


def limits_of(settings: Settings) -> Limits:
    """Return how much one answer may cost."""
    return Limits(settings.polling.max_bytes, settings.polling.max_decoded_bytes)


def web_of(http: httpx.AsyncClient, guard: Guard, agent: str) -> Web:
    """Return the way to the pages behind items."""
    pages, robots = Limits(2_000_000, 8_000_000, one_host=True), Limits(600_000, 600_000)
    return Web(
        Fetcher(http, guard, pages),
        Fetcher(http, guard, robots),
        agent.partition("/")[0],
        lambda url: guard.allows(httpx.URL(url).host, port_of(httpx.URL(url))),
    )


def http_for_commands(settings: Settings) -> tuple[httpx.AsyncClient, Guard]:
    """Return a client for a command that fetches by itself, and its guard; close the client."""
    guard = guard_of(settings)
    return client(guard, user_agent_of(settings)), guard
