"""Make a running program a member of a cluster."""

import os
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import structlog

from monitor import __version__
from monitor.config import Settings
from monitor.engine.queue_schema import prepare_queue
from monitor.errors import StoreError
from monitor.jobs.membership import Membership
from monitor.jobs.shared_lists import SharedLists
from monitor.jobs.shared_rules import shared_rules_of
from monitor.model import ClusterRole, Feed, Worker, key_of
from monitor.store import SqlStore, open_cluster_store, open_store
from monitor.store.database import process_label

from .engines import queue_url
from .rulebook import rulebook

if TYPE_CHECKING:
    from .build import App

log = structlog.get_logger()

#: The remedy for rules of this machine that were not published.
RELOAD_TO_PUBLISH = "earlier versions are beside them; change files, then run `sanctions-monitor reload` here"


def open_store_of(database: str, role: ClusterRole | None) -> SqlStore:
    """Open the database for one process, or for a member of a cluster with the queue of the cluster.

    Raises:
        StoreError: it cannot be used, or another process serves it that does not share it.
    """
    if role is None:
        return open_store(database, lock=True)
    store = open_cluster_store(database)
    try:
        prepare_queue(queue_url(database))
    except StoreError:
        store.close()
        raise
    return store


@asynccontextmanager
async def joined(app: "App", role: ClusterRole) -> AsyncIterator[None]:
    """Be a member of the cluster until the end of the block.

    Raises:
        StoreError: processes of another version of the program serve the database.
    """
    member = app.context.member
    assert member  # noqa: S101  the caller has made it with the role
    now = app.clock()
    worker = Worker(
        id=member.id,
        process=process_label(os.getpid()),
        runs_jobs=role != ClusterRole.DESK,
        program=__version__,
        config="",
        rules="",
        lexicon="",
        lists="",
        started_at=now,
        seen_at=now,
    )
    app.membership = Membership(
        context=app.context, worker=worker, lease=member.lease, repeatable=app.deliver.repeatable
    )
    app.health.add_source(app.membership)
    app.shared_lists = SharedLists(app.context, app.settings.shelf)
    await app.membership.join()
    replaced = await fetch_rules(app, app.settings)
    if await app.shared_lists.fetch() or replaced:
        await app.reload(app.settings)
    try:
        yield
    finally:
        with suppress(StoreError):  # a database that cannot be used is reported elsewhere
            await app.membership.leave()


async def fetch_rules(app: "App", settings: Settings) -> bool:
    """Replace the operator's rules by those published last, where they are shared.

    Returns whether any differed.

    Raises:
        ConfigError: a file cannot be read or written.
    """
    rules = shared_rules_of(settings)
    replaced = await app.db.run(rules.fetch, app.store, app.clock()) if rules else ()
    if replaced:
        log.warning("rules_replaced", files=replaced, remedy=RELOAD_TO_PUBLISH)
    return bool(replaced)


async def publish_rules(app: "App", settings: Settings) -> None:
    """Publish the operator's rules to the other processes, where they are shared.

    Raises:
        ConfigError: they have a mistake; nothing is published.
    """
    if rules := shared_rules_of(settings):
        await app.context.cpu.run(rulebook, settings)
        log.info("rules_published", changed=await app.db.run(rules.publish, app.store))


def version_of(settings: Settings) -> str:
    """Return the hash of the settings without secrets, by which members of a cluster are compared."""
    return key_of(settings.model_dump_json())[:12] if settings.engine.kind == "cluster" else ""


def enrolment_version(feeds: Iterable[Feed]) -> str:
    """Return the hash of what is stored of feeds."""
    facts = ((each.name, each.url, each.title, each.host, each.tier, each.lang) for each in feeds)
    return key_of(*("\n".join(fact) for fact in sorted(facts)))
