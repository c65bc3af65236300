"""Feeds: how each answers, its items by day, its latest items and its history, and a poll at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from fastapi import HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from monitor.config.versions import VersionedFile
from monitor.errors import FeedHealth
from monitor.model import Feed, FeedReach, FeedState, Incident, IncidentKind, ItemFilter, reach_of
from monitor.render.sanitize import clip, href, sanitize
from monitor.store import Store
from monitor.web.audit import add_audit
from monitor.web.base import DayCounts, WebContext
from monitor.web.feeds.poll_lines import poll_lines
from monitor.web.render import show
from monitor.web.sparkline import DAYS, Sparkline, sparkline

from .common import DeskRouter, Form, Web

router = DeskRouter()

#: Latest items shown of one feed.
MOST_ITEMS = 40

#: How far back the history of a feed goes, and its most lines.
HISTORY, MOST_LINES = timedelta(days=90), 60


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedView:
    """A feed as the pages show it."""

    state: FeedState
    feed: Feed | None
    spark: Sparkline
    is_bad: bool
    has_answered: bool
    word: str

    @property
    def title(self) -> str:
        """Its title, or else its name."""
        return clip(sanitize(self.feed.title if self.feed else self.state.feed), 80)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event in the history of a feed: what was done to it, or the begin or end of an incident."""

    at: datetime
    words: str
    detail: str
    incident: IncidentKind | None = None
    is_over: bool = False


@router.get("/feeds")
async def feeds(request: Request, web: Web, changed: int = 0) -> Response:
    """Show every feed, the worst first, and those that are switched off."""
    return await show(request, web, "feeds", _feeds, web, changed)


@router.get("/feeds/{name}")
async def feed(name: str, request: Request, web: Web) -> Response:
    """Show one feed."""
    return await show(request, web, "feed", _feed, web, name)


@router.post("/feeds/{name}/poll")
async def poll_now(name: str, web: Web, form: Form) -> Response:
    """Make a feed due now; it is polled as soon as its host is free."""
    if not await web.write(web.jobs.store.poll_soon, name, web.clock()):
        raise HTTPException(404, "No such feed is polled.")
    await add_audit(web, form.by, "feed polled", name)
    return RedirectResponse(f"/feeds/{name}", 303)


def _feeds(web: WebContext, changed: int) -> Mapping[str, Any]:
    views = sorted(_views(web), key=_gravity)
    changes = VersionedFile(web.policy.config_file).changes() if web.policy.config_file else ()
    off = sorted(web.policy.feeds_off.values(), key=lambda feed: feed.name)
    return {
        "feeds": views,
        "off": [(feed, clip(sanitize(feed.title), 80)) for feed in off],
        "bad": sum(view.is_bad for view in views),
        "changes": changes,
        "changed": next((each for each in changes if each.number == changed), None),
        "can_save": web.policy.config_file is not None,
        "now": web.clock(),
    }


def _views(web: WebContext) -> Iterator[FeedView]:
    days = _days(web)
    for state in web.store.feed_states():
        yield _view(web, state, days.get(state.feed, {}))


def _days(web: WebContext) -> DayCounts:
    """Return the items by feed and day, counted at most once a minute."""
    minute = int(web.clock().timestamp()) // 60
    if web.item_days is None or web.item_days[0] != minute:
        web.item_days = (minute, web.store.items_by_day(web.clock() - timedelta(days=DAYS)))
    return web.item_days[1]


def _view(web: WebContext, state: FeedState, days: Mapping[str, int]) -> FeedView:
    reach = reach_of(state.health)
    good = reach is FeedReach.ANSWERING and state.health in {FeedHealth.OK, FeedHealth.NOT_MODIFIED}
    return FeedView(
        state=state,
        feed=web.policy.alerts.feeds.get(state.feed),
        spark=sparkline(days, web.clock()),
        is_bad=reach is not FeedReach.UNREAD and not good,
        has_answered=reach is FeedReach.ANSWERING,
        word="not polled yet" if reach is FeedReach.UNREAD else str(state.health).replace("_", " "),
    )


def _gravity(view: FeedView) -> tuple[bool, bool, int, str]:
    return (not view.is_bad, view.has_answered, -view.state.failures, view.state.feed)


def _feed(web: WebContext, name: str) -> Mapping[str, Any]:
    store, now = web.store, web.clock()
    state = _state(store, name)
    since = now - timedelta(days=DAYS)
    items = store.find_items(ItemFilter(feed=name), limit=MOST_ITEMS)
    view = _view(web, state, store.items_by_day(since, name).get(name, {}))
    spells = [spell.longest_s for spell in state.profile.quiet_spells]
    return {
        "view": view,
        "items": [(each, href(each.item.url)) for each in items],
        "polls": tuple(poll_lines(state, store.feed_polls(name))),
        "history": _history(store, name, now - HISTORY),
        "can_switch": web.policy.config_file is not None and name in web.policy.alerts.feeds,
        "hub": _hub_words(web, name, now),
        "usual_gap": timedelta(seconds=max(spells)) if spells else None,
        "now": now,
    }


def _hub_words(web: WebContext, name: str, now: datetime) -> str:
    """Return the state of a feed's subscription at its hub in words, "" if its document names no hub."""
    found = web.store.hub_subscription(name)
    if found is None:
        return ""
    host = urlsplit(found.hub).hostname
    if web.policy.subscribe is None:
        return f"{host} offers one; [websub] is off"
    if found.is_active(now):
        return f"subscribed at {host}; {found.notices} notices"
    return f"{host}: {found.state}" + (f", {found.reason}" if found.reason else "")


def _history(store: Store, name: str, since: datetime) -> list[HistoryLine]:
    """Return incidents of a feed and what was done to it at the desk, newest first."""
    lines = [
        HistoryLine(entry.at, entry.what, f"by {sanitize(entry.who)}")
        for entry in store.audit_of(name)
        if entry.at >= since and entry.what.startswith("feed ")
    ]
    for incident in store.incidents(since, 500):
        if incident.subject == name:
            lines += _of_incident(incident)
    return sorted(lines, key=lambda line: line.at, reverse=True)[:MOST_LINES]


def _of_incident(incident: Incident) -> Iterator[HistoryLine]:
    reason = clip(sanitize(incident.reason), 300)
    yield HistoryLine(incident.opened_at, "", reason, incident.kind)
    if incident.closed_at:
        yield HistoryLine(incident.closed_at, "", "", incident.kind, is_over=True)


def _state(store: Store, name: str) -> FeedState:
    for state in store.feed_states():
        if state.feed == name:
            return state
    raise HTTPException(404, "No such feed is polled.")
