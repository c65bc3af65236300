"""Feeds: how each answers, its items by day, its latest items and incidents, and a poll at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from monitor.errors import FeedHealth
from monitor.model import AuditEntry, Feed, FeedReach, FeedState, ItemFilter, reach_of
from monitor.render.sanitize import clip, href, sanitize
from monitor.store import Store
from monitor.web.base import DayCounts, WebContext
from monitor.web.render import show
from monitor.web.sparkline import DAYS, Sparkline, sparkline
from monitor.web.stories.actions import NOBODY

from .common import DeskRouter, Form, Web

router = DeskRouter()

#: Latest items shown of one feed.
MOST_ITEMS = 40


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


@router.get("/feeds")
async def feeds(request: Request, web: Web) -> Response:
    """Show every feed, the worst first."""
    return await show(request, web, "feeds", _feeds, web)


@router.get("/feeds/{name}")
async def feed(name: str, request: Request, web: Web) -> Response:
    """Show one feed."""
    return await show(request, web, "feed", _feed, web, name)


@router.post("/feeds/{name}/poll")
async def poll_now(name: str, web: Web, form: Form) -> Response:
    """Make a feed due now; it is polled as soon as its host is free."""
    if not await web.write(web.jobs.store.poll_soon, name, web.clock()):
        raise HTTPException(404, "No such feed is polled.")
    entry = AuditEntry(at=web.clock(), who=form.by.name or NOBODY, what="feed polled", subject=name)
    await web.write(web.jobs.store.add_audit, entry)
    return RedirectResponse(f"/feeds/{name}", 303)


def _feeds(web: WebContext) -> Mapping[str, Any]:
    views = sorted(_views(web), key=_gravity)
    return {"feeds": views, "bad": sum(view.is_bad for view in views), "now": web.clock()}


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
    reach = reach_of(state.polled_at, state.failures)
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
        "incidents": [each for each in store.incidents(since, 500) if each.subject == name],
        "usual_gap": timedelta(seconds=max(spells)) if spells else None,
        "now": now,
    }


def _state(store: Store, name: str) -> FeedState:
    for state in store.feed_states():
        if state.feed == name:
            return state
    raise HTTPException(404, "No such feed is polled.")
