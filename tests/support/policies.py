"""Policies for tests: one made for a single job, and changes to that of a running program."""

from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from monitor.alerts.raise_alerts import AlertContext
from monitor.app.build import App
from monitor.clock import Clock
from monitor.executor import Executor
from monitor.feeds.base import Fetched, NotModified
from monitor.jobs.context import CurrentPolicy, JobContext
from monitor.jobs.policy import ArticleAccess, EscalationSteps, Policy, RetentionPeriods
from monitor.lists.cache import ListCache
from monitor.model import Feed, FeedState, Item, Tier, Verdict
from monitor.render.renderer import Renderer
from monitor.store import Store


def change_policy(app: App, **changes: Any) -> None:
    """Put a policy in force that differs in these fields."""
    app.context.current.value = replace(app.policy, **changes)


def change_alerts(app: App, **changes: Any) -> None:
    """Put a policy in force whose alert context differs in these fields."""
    change_policy(app, alerts=replace(app.policy.alerts, **changes))


def without_host_gap(app: App) -> None:
    """Let every host be asked again at once."""
    change_policy(app, polling=replace(app.policy.polling, host_gap=timedelta()))


def policy(**changes: Any) -> Policy:
    """Return a policy that fetches nothing and has nobody to send to, but for these fields.

    Fields of the alert context may be given as such.
    """
    alerts = {name: changes.pop(name) for name in _ALERTS & changes.keys()}
    context = AlertContext(**{"feeds": {}, "judge": _unjudged, "table": {}} | alerts)
    plain: dict[str, Any] = {
        "alerts": context,
        "fetch": _unreachable,
        "articles": ArticleAccess(_unreachable, _unreachable, "monitor", lambda url: False),
        "renderer": Renderer(),
        "subscriptions": (),
        "channels": {},
        "forms": {},
        "quiet_hours": (),
        "links": None,
        "lists": {},
        "list_cache": ListCache(Path("unused")),
        "fetch_list": _unreachable,
        "canary": None,
        "escalation": EscalationSteps(),
        "health_channels": (),
        "retention": RetentionPeriods(*[timedelta(days=365)] * 4),
    }
    return Policy(**plain | changes)


def job_context(store: Store, db: Executor, clock: Clock, **changes: Any) -> JobContext:
    """Return a context for one job by a policy that has these fields; `db` does what is for the CPU, too."""
    current = CurrentPolicy(policy(**changes), _nothing_to_close)
    return JobContext(store=store, db=db, cpu=db, clock=clock, random=Random(1), current=current)


_ALERTS = frozenset(field.name for field in fields(AlertContext))


def _unjudged(item: Item, tier: Tier) -> Verdict:
    raise AssertionError("nothing is judged here")


async def _unreachable(feed: Feed, state: FeedState, now: datetime) -> Fetched | NotModified:
    raise AssertionError("nothing is fetched here")


async def _nothing_to_close() -> None:
    pass
