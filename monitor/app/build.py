"""Construct a running program: the only module that knows every part."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import TextIO

import structlog

from monitor.clock import Clock, utc_now
from monitor.config import Settings
from monitor.executor import Executor
from monitor.feeds.outage import Outage
from monitor.feeds.parsing.worker_pool import ParserPool
from monitor.jobs.canary import CanaryJob
from monitor.jobs.context import ClusterMember, CurrentPolicy, JobContext
from monitor.jobs.deliver import DeliverJob
from monitor.jobs.digest import DigestJob
from monitor.jobs.escalate import EscalateJob
from monitor.jobs.fulltext import FullTextJob
from monitor.jobs.health import HealthJob
from monitor.jobs.lists import ListsJob
from monitor.jobs.membership import Membership
from monitor.jobs.open_stories import OpenStories
from monitor.jobs.outgoing import Outgoing
from monitor.jobs.overdue import OverdueJob
from monitor.jobs.policy import Policy
from monitor.jobs.poll import PollJob
from monitor.jobs.refold import RefoldJob
from monitor.jobs.remind import RemindJob
from monitor.jobs.retention import RetentionJob
from monitor.jobs.shared_lists import SharedLists
from monitor.jobs.silence_end import SilenceEndJob
from monitor.jobs.websub import WebSubJob
from monitor.model import ClusterRole, Feed
from monitor.resources import BUILT_IN_SEEDS, SEEDS
from monitor.store import NEW_DATABASE, SqlStore, Store
from monitor.web.server import WebServer

from .data_package import version_in_use
from .members import enrolment_version, joined, open_store_of
from .policies import OnFallback, PolicyBuilder, load_rules

log = structlog.get_logger()


@dataclass(kw_only=True)
class App:
    """One running program: its jobs, its web server, and the policy in force, which `reload` replaces."""

    settings: Settings
    context: JobContext
    poll: PollJob
    fulltext: FullTextJob
    digest: DigestJob
    deliver: DeliverJob
    overdue: OverdueJob
    health: HealthJob
    canary: CanaryJob
    escalate: EscalateJob
    refold: RefoldJob
    remind: RemindJob
    silence_end: SilenceEndJob
    retention: RetentionJob
    websub: WebSubJob
    web: WebServer
    policies: PolicyBuilder
    membership: Membership | None = None
    shared_lists: SharedLists | None = None

    @property
    def store(self) -> Store:
        """The store; every call of it goes through `db`."""
        return self.context.store

    @property
    def db(self) -> Executor:
        """The thread of the store."""
        return self.context.db

    @property
    def clock(self) -> Clock:
        """The clock of all jobs."""
        return self.context.clock

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self.context.policy

    @property
    def lists(self) -> ListsJob:
        """The job that refreshes the lists of the policy in force."""
        policy = self.policy
        return ListsJob(policy.lists, policy.fetch_list, policy.list_cache, self.clock)

    async def reload(self, settings: Settings) -> None:
        """Put another policy in force; a run that has begun ends by the old one, which is closed then.

        Raises:
            ConfigError: the new settings, rules or lexicon cannot be used; the old ones stay in force.
        """
        policy, close = await self.policies.build(settings)
        self.settings = settings
        self.context.current.replace(policy, close)
        await self.enrol()
        await self.context.current.close_retired()

    async def enrol(self) -> None:
        """Store the feeds and subscriptions of the policy in force."""
        now, policy = self.clock(), self.policy
        await self.lists.prepare()
        await self._enrol_feeds(tuple(policy.alerts.feeds.values()), now)
        await self.db.run(self.store.subscribe, policy.subscriptions, now)

    async def _enrol_feeds(self, feeds: tuple[Feed, ...], now: datetime) -> None:
        """Enrol the feeds; in a cluster once for all processes that have the same feeds."""
        version = enrolment_version(feeds) if self.membership else ""
        if version and version == await self.db.run(self.store.enrolment):
            return
        await self.db.run(self.store.enrol, feeds, now)
        if version:
            await self.db.run(self.store.record_enrolment, version)

    async def due_kinds(self) -> frozenset[str]:
        """Return the kinds of job that have work now."""
        due = await self.db.run(self.store.due_kinds, self.clock())
        return due | {"deliver"} if self.deliver.must_release else due

    async def follow_clock_back(self) -> None:
        """Make due what the clock put off before it was set back."""
        feeds = tuple(self.policy.alerts.feeds.values())
        await self.db.run(self.store.pull_polls_forward, feeds, self.clock())


@asynccontextmanager
async def build(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    stream: TextIO | None = None,
    on_fallback: OnFallback = lambda reason: None,
    config_file: Path | None = None,
    role: ClusterRole | None = None,
) -> AsyncIterator[App]:
    """Yield a wired program that alone serves its database, or that has a `role` in a cluster.

    Closes what it opened afterwards. Pages may change `config_file`, from which the settings were read.

    Raises:
        ConfigError: rules, lexicon or templates cannot be used.
        StoreError: the database cannot be used, or another process serves it that does not share it.
    """
    rules = await load_rules(settings)  # before the store: a mistake in them leaves no database behind
    async with AsyncExitStack() as stack:
        store = _opened_store(settings, role, stack)
        _log_data_package()
        db, cpu = _executors(stack)
        policies = PolicyBuilder(
            store=store, db=db, clock=clock, stream=stream, on_fallback=on_fallback, config_file=config_file
        )
        current = CurrentPolicy(*await policies.build(settings, rules))
        del rules  # with the texts of all their files
        stack.push_async_callback(current.close)
        parsers = await stack.enter_async_context(ParserPool(settings.polling.parsers))
        context = JobContext(
            store=store,
            db=db,
            cpu=cpu,
            clock=clock,
            random=Random(),  # noqa: S311  jitter, not secrets
            current=current,
            read_article=parsers.article,
            member=_member(store, settings, role),
        )
        app = _app(settings, context, parsers, policies)
        await _begin(app, role, stack)
        yield app


def _executors(stack: AsyncExitStack) -> tuple[Executor, Executor]:
    """Return the executors of the store and of long computations."""
    db, cpu = Executor("store"), Executor("cpu")
    stack.callback(db.close)
    stack.callback(cpu.close)
    return db, cpu


def _member(store: SqlStore, settings: Settings, role: ClusterRole | None) -> ClusterMember | None:
    return ClusterMember(store.database.session, settings.engine.lease) if role else None


async def _begin(app: App, role: ClusterRole | None, stack: AsyncExitStack) -> None:
    """Join the cluster, or take up what an earlier process left; then make the feeds known."""
    if role:
        await stack.enter_async_context(joined(app, role))
    else:
        await _recover(app)
    await app.enrol()
    await app.canary.run()


def _opened_store(settings: Settings, role: ClusterRole | None, stack: AsyncExitStack) -> SqlStore:
    store = open_store_of(settings.database, role)
    stack.callback(store.close)
    if store.is_new:
        log.warning("database_created", database=store.database.label, reason=NEW_DATABASE)
    return store


def _log_data_package() -> None:
    if SEEDS != BUILT_IN_SEEDS:
        log.info("data_package_used", version=version_in_use())


async def _recover(app: App) -> None:
    """Give back the deliveries that a dead process had leased."""
    uncertain_until = app.clock() + app.policy.delivery.uncertain_wait
    await app.db.run(app.store.recover, app.clock(), uncertain_until, app.deliver.repeatable())


def _app(settings: Settings, context: JobContext, parsers: ParserPool, policies: PolicyBuilder) -> App:
    outgoing, stories, outage = Outgoing(context), OpenStories(context), Outage()
    canary = CanaryJob(context=context, parse_document=parsers)
    web = WebServer(context)
    return App(
        settings=settings,
        context=context,
        poll=PollJob(
            context=context,
            parse_document=parsers,
            stories=stories,
            outgoing=outgoing,
            outage=outage,
        ),
        fulltext=FullTextJob(context, parsers, stories, outgoing),
        digest=DigestJob(context, outgoing),
        deliver=DeliverJob(context=context, outgoing=outgoing),
        overdue=OverdueJob(context, outgoing),
        health=HealthJob(context=context, outgoing=outgoing, outage=outage, sources=(web, canary)),
        canary=canary,
        escalate=EscalateJob(context, outgoing),
        refold=RefoldJob(context),
        remind=RemindJob(context, outgoing),
        silence_end=SilenceEndJob(context, outgoing),
        retention=RetentionJob(context),
        websub=WebSubJob(context),
        web=web,
        policies=policies,
    )
