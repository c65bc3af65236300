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

from monitor.alerts.raise_alerts import AlertContext
from monitor.alerts.signed_links import SignedLinks
from monitor.channels import Channel, Tools
from monitor.clock import Clock, utc_now
from monitor.config import Settings
from monitor.executor import Executor
from monitor.feeds.http.fetch import Fetcher, Limits
from monitor.feeds.http.guard import Guard
from monitor.feeds.http.transport import client, port_of
from monitor.feeds.parsing.worker_pool import ParserPool
from monitor.jobs.canary import CanaryJob
from monitor.jobs.deliver import DeliverJob
from monitor.jobs.digest import DigestJob
from monitor.jobs.fulltext import FullTextJob, Web
from monitor.jobs.health import HealthJob
from monitor.jobs.hold import HoldingStore
from monitor.jobs.lists import ListsJob
from monitor.jobs.overdue import OverdueJob
from monitor.jobs.poll import PollJob
from monitor.jobs.retention import RetentionJob
from monitor.model import Subscription
from monitor.render.context import no_link
from monitor.render.renderer import Renderer
from monitor.store import Store, open_store_as

from . import lists as list_settings
from .derive import (
    canaries_of,
    channel_targets_of,
    expiry_of,
    feed_of,
    feeds_of,
    guard_of,
    limits_of,
    readers_of,
    retention_of,
    routes_of,
    subscriptions_of,
    user_agent_of,
)
from .rulebook import Rulebook, rulebook
from .web import Acting, acting_of, links_of

__all__ = [
    "App",
    "build",
    "channel_targets_of",
    "feed_of",
    "feeds_of",
    "guard_of",
    "http_for_commands",
    "limits_of",
    "readers_of",
    "renderer_of",
    "routes_of",
    "subscriptions_of",
    "user_agent_of",
]


def renderer_of(
    settings: Settings,
    on_fallback: Callable[[str], None] = lambda note: None,
    links: SignedLinks | None = None,
) -> Renderer:
    """Return what words messages; the operator's folder counts once it exists."""
    own = settings.templates if settings.templates.is_dir() else None
    return Renderer(own, on_fallback, links.place if links else no_link)


@dataclass
class App:
    """One program at work. `reload` swaps everything but the store."""

    settings: Settings
    store: Store
    db: Executor
    ingest: PollJob
    fulltext: FullTextJob
    digests: DigestJob
    deliver: DeliverJob
    overdue: OverdueJob
    watch: HealthJob
    canary: CanaryJob
    retention: RetentionJob
    refresh: ListsJob
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
        rules = await asyncio.to_thread(rulebook, settings, list_settings.log_rebuild)
        parts = await _parts(settings, rules, self._stack, self._tools, self.clock, self._on_fallback)
        self.settings = settings
        self.ingest.context, self.ingest.fetch = parts.context, parts.fetch
        self.fulltext.web = parts.web
        self.refresh = parts.refresh
        self.digests.subscriptions = parts.subscriptions
        self.digests.channel_targets, self.digests.render = parts.context.channel_targets, parts.render
        self.retention.keep = retention_of(settings)
        self.deliver.channels, self.deliver.forms = parts.channels, parts.forms
        self.watch.feeds, self.watch.channels = parts.context.feeds, settings.health.channels
        self.watch.channel_targets, self.watch.render = parts.context.channel_targets, parts.render
        self.canary.schedule, self.canary.context = canaries_of(settings), parts.context
        self.acting.use(settings, parts.links, parts.render, parts.context.channel_targets)
        await self.enrol()

    async def enrol(self) -> None:
        """Tell the store which feeds and digests there are."""
        now = self.clock()
        await self.refresh.prepare()
        await self.db.run(self.store.enrol, tuple(self.ingest.context.feeds.values()), now)
        await self.db.run(self.store.subscribe, self.digests.subscriptions, now)


@dataclass(frozen=True, slots=True)
class _Parts:
    context: AlertContext
    fetch: Fetcher
    web: Web
    refresh: ListsJob
    render: Renderer
    links: SignedLinks | None
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
    links, channel_targets = links_of(settings), channel_targets_of(settings)
    tools = replace(tools_with(posting), unsubscribe_link=links.unsubscribe) if links else tools_with(posting)
    render = renderer_of(settings, on_fallback, links)
    fetch = await stack.enter_async_context(Fetcher(polling, guard, limits_of(settings)))
    lists = await stack.enter_async_context(Fetcher(polling, guard, list_settings.LIMITS))
    context = AlertContext(
        feeds_of(settings),
        rules.engine.judge,
        rules.table,
        routes_of(settings),
        channel_targets,
        render.alert,
        rules.engine.corroborated,
        readers_of(settings),
    )
    return _Parts(
        context,
        fetch,
        web_of(polling, guard, agent),
        list_settings.lists_job_of(settings, lists, clock),
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
    rules = await asyncio.to_thread(rulebook, settings, list_settings.log_rebuild)
    async with AsyncExitStack() as stack:
        store = open_store_as(HoldingStore, settings.database, lock=True)
        stack.callback(store.close)
        db, cpu = Executor("store"), Executor("think")
        stack.callback(db.close)
        stack.callback(cpu.close)
        random = Random()  # noqa: S311  jitter, not secrets
        tools = partial(Tools, clock=clock, stream=stream or sys.stdout, receipts=answered_in(store, db))
        parts = await _parts(settings, rules, stack, tools, clock, on_fallback)
        parsers = await stack.enter_async_context(ParserPool(settings.polling.parsers))
        ground = _Ground(store, db, cpu, clock, random, parsers)
        app = _app_of(settings, parts, ground, tools, stack, on_fallback)
        wait = clock() + settings.delivery.uncertain_wait
        await db.run(store.recover, clock(), wait, app.deliver.repeatable())
        await app.enrol()
        await app.canary.sing()
        yield app


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all stories stand on."""

    store: HoldingStore
    db: Executor
    cpu: Executor
    clock: Clock
    random: Random
    parsers: ParserPool


def _app_of(
    settings: Settings,
    parts: _Parts,
    ground: _Ground,
    tools: Callable[[httpx.AsyncClient], Tools],
    stack: AsyncExitStack,
    on_fallback: Callable[[str], None],
) -> App:
    store, db, clock = ground.store, ground.db, ground.clock
    polling, context = settings.polling, parts.context
    ingest = PollJob(context, parts.fetch, ground.parsers, store, db, ground.cpu, clock, ground.random)
    ingest.host_gap, ingest.deadline_s = polling.host_gap, polling.deadline.total_seconds()
    ingest.at_once = polling.at_once
    fulltext = FullTextJob(ingest, parts.web, ground.parsers, store)
    digests = DigestJob(parts.subscriptions, context.channel_targets, parts.render, store, db, clock)
    wait = settings.delivery.uncertain_wait
    deliver = DeliverJob(parts.channels, parts.forms, store, db, clock, ground.random, uncertain_wait=wait)
    deliver.storm, deliver.gaps = settings.delivery.storm, settings.delivery.gaps
    overdue = OverdueJob(digests, store, db, clock, expiry_of(settings))
    watch = health_job_of(settings, parts, store, ingest)
    canary = CanaryJob(canaries_of(settings), context, ground.parsers, store, db, ground.cpu, clock)
    acting = acting_of(store, db, clock)
    acting.use(settings, parts.links, parts.render, context.channel_targets)
    watch.others = lambda now: (*acting.troubles(now), *canary.wrong(now))
    retention = RetentionJob(retention_of(settings), store, db, clock)
    stories = (ingest, fulltext, digests, deliver, overdue, watch, canary, retention, parts.refresh, acting)
    return App(settings, store, db, *stories, clock, tools, stack, on_fallback)


def answered_in(store: Store, db: Executor) -> Callable[[str, str], Awaitable[Sequence[str]]]:
    """Return what looks up how a channel answered to a story."""
    return lambda channel, story: db.run(store.answered, channel, story)


def health_job_of(settings: Settings, parts: _Parts, store: Store, ingest: PollJob) -> HealthJob:
    """Return what watches over the polling of `ingest`."""
    return HealthJob(
        parts.context.feeds,
        settings.health.channels,
        parts.context.channel_targets,
        parts.render,
        store,
        ingest.db,
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
