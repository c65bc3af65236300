"""Put the parts together. The only module that knows every part.

`App` is one running program: its store, its stories, and the parts they work with, which a reload swaps.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from typing import TextIO

import httpx

from monitor.alerts.raise_alerts import Judging
from monitor.alerts.signed_links import Links
from monitor.channels import Channel, Tools
from monitor.clock import Clock, utc_now
from monitor.config import Settings
from monitor.executor import Aside
from monitor.feeds.http.fetch import Fetcher, Limits
from monitor.feeds.http.guard import Guard
from monitor.feeds.http.transport import client, port_of
from monitor.feeds.parsing.workers import Parsers
from monitor.jobs.canary import Canary
from monitor.jobs.deliver import Deliver
from monitor.jobs.digest import Digests
from monitor.jobs.fulltext import FullText, Web
from monitor.jobs.health import Watch
from monitor.jobs.hold import HoldingStore
from monitor.jobs.lists import Refresh
from monitor.jobs.overdue import Fates
from monitor.jobs.poll import Ingest
from monitor.jobs.retention import Retention
from monitor.model import Subscription
from monitor.render.context import no_place
from monitor.render.renderer import Renderer
from monitor.store import Store, open_store_as

from . import lists as shelves
from .derive import (
    canaries_of,
    feed_of,
    feeds_of,
    guard_of,
    keep_of,
    limits_of,
    outlets_of,
    patience_of,
    readers_of,
    routes_of,
    subscriptions_of,
    user_agent_of,
)
from .rulebook import Rulebook, rulebook
from .web import Acting, acting_of, links_of

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


def renderer_of(
    settings: Settings, on_fallback: Callable[[str], None] = lambda note: None, links: Links | None = None
) -> Renderer:
    """Return what words messages; the operator's folder counts once it exists."""
    own = settings.templates if settings.templates.is_dir() else None
    return Renderer(own, on_fallback, links.place if links else no_place)


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
    fates: Fates
    watch: Watch
    canary: Canary
    retention: Retention
    refresh: Refresh
    acting: Acting
    clock: Clock
    _tools: Callable[[httpx.AsyncClient], Tools]
    _stack: AsyncExitStack
    _on_fallback: Callable[[str], None]

    async def reload(self, settings: Settings) -> None:
        """Work by other settings from now on; what is under way ends as it began.

        Raises:
            ConfigError: the new settings, rules or lexicon cannot be used; the old ones stay in force.
        """
        rules = await asyncio.to_thread(rulebook, settings, shelves.told)
        parts = await _parts(settings, rules, self._stack, self._tools, self.clock, self._on_fallback)
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
        self.canary.schedule, self.canary.judging = canaries_of(settings), parts.judging
        self.acting.use(settings, parts.links, parts.render, parts.judging.outlets)
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
    links: Links | None
    subscriptions: tuple[Subscription, ...]
    channels: dict[str, Channel]
    forms: dict[str, str]


async def _parts(
    settings: Settings,
    rules: Rulebook,
    stack: AsyncExitStack,
    tools_with: Callable[[httpx.AsyncClient], Tools],
    clock: Clock,
    on_fallback: Callable[[str], None],
) -> _Parts:
    guard, agent = guard_of(settings), user_agent_of(settings)
    polling = await stack.enter_async_context(client(guard, agent))
    posting = await stack.enter_async_context(client(guard, agent, keep_alive=False))
    links, outlets = links_of(settings), outlets_of(settings)
    tools = replace(tools_with(posting), leave=links.unsubscribe if links else None)
    render = renderer_of(settings, on_fallback, links)
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
        links,
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
    rules = await asyncio.to_thread(rulebook, settings, shelves.told)
    async with AsyncExitStack() as stack:
        store = open_store_as(HoldingStore, settings.database, lock=True)
        stack.callback(store.close)
        aside, think = Aside("store"), Aside("think")
        stack.callback(aside.close)
        stack.callback(think.close)
        chance = Random()  # noqa: S311  jitter, not secrets
        tools = partial(Tools, clock=clock, stream=stream or sys.stdout, answered=answered_in(store, aside))
        parts = await _parts(settings, rules, stack, tools, clock, on_fallback)
        parsers = await stack.enter_async_context(Parsers(settings.polling.parsers))
        ground = _Ground(store, aside, think, clock, chance, parsers)
        app = _app_of(settings, parts, ground, tools, stack, on_fallback)
        wait = clock() + settings.delivery.uncertain_wait
        await aside(store.recover, clock(), wait, app.deliver.repeatable())
        await app.enrol()
        await app.canary.sing()
        yield app


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all stories stand on."""

    store: HoldingStore
    aside: Aside
    think: Aside
    clock: Clock
    chance: Random
    parsers: Parsers


def _app_of(
    settings: Settings,
    parts: _Parts,
    ground: _Ground,
    tools: Callable[[httpx.AsyncClient], Tools],
    stack: AsyncExitStack,
    on_fallback: Callable[[str], None],
) -> App:
    store, aside, clock = ground.store, ground.aside, ground.clock
    polling, judging = settings.polling, parts.judging
    ingest = Ingest(judging, parts.fetch, ground.parsers, store, aside, ground.think, clock, ground.chance)
    ingest.host_gap, ingest.deadline_s = polling.host_gap, polling.deadline.total_seconds()
    ingest.at_once = polling.at_once
    fulltext = FullText(ingest, parts.web, ground.parsers, store)
    digests = Digests(parts.subscriptions, judging.outlets, parts.render, store, aside, clock)
    wait = settings.delivery.uncertain_wait
    deliver = Deliver(parts.channels, parts.forms, store, aside, clock, ground.chance, uncertain_wait=wait)
    deliver.storm, deliver.gaps = settings.delivery.storm, settings.delivery.gaps
    fates = Fates(digests, store, aside, clock, patience_of(settings))
    watch = watch_of(settings, parts, store, ingest)
    canary = Canary(canaries_of(settings), judging, ground.parsers, store, aside, ground.think, clock)
    acting = acting_of(store, aside, clock)
    acting.use(settings, parts.links, parts.render, judging.outlets)
    watch.others = lambda now: (*acting.troubles(now), *canary.wrong(now))
    retention = Retention(keep_of(settings), store, aside, clock)
    stories = (ingest, fulltext, digests, deliver, fates, watch, canary, retention, parts.refresh, acting)
    return App(settings, store, aside, *stories, clock, tools, stack, on_fallback)


def answered_in(store: Store, aside: Aside) -> Callable[[str, str], Awaitable[Sequence[str]]]:
    """Return what looks up how a channel answered to a story."""
    return lambda channel, story: aside(store.answered, channel, story)


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
