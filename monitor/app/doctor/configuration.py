"""Examine the configuration: rules and routes, languages that are not judged, feeds that fail."""

from collections.abc import Iterator

from monitor.app.rulebook import inspect, judged_languages
from monitor.app.unjudged import unjudged_feeds
from monitor.errors import ConfigError
from monitor.model import FeedReach, reach_of
from monitor.store import open_store

from .base import Examination, Finding, fail, ok, warn
from .database import is_usable

_SHOWN = 5
_CHECK = "see `sanctions-monitor check`"


def examine_configuration(examination: Examination) -> Iterator[Finding]:
    """Yield mistakes in configuration, rules and lexicon, and what an installation should have."""
    settings = examination.settings
    try:
        mistakes = list(inspect(settings).mistakes)
    except ConfigError as error:
        mistakes = str(error).split("\n")
    for mistake in mistakes[:_SHOWN]:
        yield fail(mistake, str(examination.config), _CHECK)
    if not mistakes:
        yield ok(f"{examination.config} and the rules can be used; warnings: {_CHECK}")
    if not settings.channels:
        yield warn("there is no channel", str(examination.config), "add [channels.<name>]: nothing is sent")
    if not settings.health.channels:
        place = examination.place("health", "channels")
        yield warn("no channel gets reports on the monitor itself", place, "name one, apart from the news")


def examine_feeds(examination: Examination) -> Iterator[Finding]:
    """Yield feeds in a language that is not judged, and feeds that fail."""
    settings = examination.settings
    enabled = [name for name, feed in settings.feeds.items() if feed.enabled]
    if not enabled:
        yield warn("no feed is polled", str(examination.config), "add feeds, or starter_pack = true")
        return
    judged = judged_languages(settings)
    for name, why in unjudged_feeds(settings, judged):
        what, _, remedy = why.partition("; ")
        yield warn(what, examination.place("feeds", name, "lang"), remedy or "or set lang")
    yield from _failing(examination, enabled)


def _failing(examination: Examination, enabled: list[str]) -> Iterator[Finding]:
    if not is_usable(examination.settings.database):
        yield ok(f"{len(enabled)} feeds, not polled yet")
        return
    store = open_store(examination.settings.database, lock=False)
    try:
        states = [state for state in store.feed_states() if state.feed in examination.settings.feeds]
        incidents = store.open_incidents()
    finally:
        store.close()
    failing = [s for s in states if reach_of(s.health) is FeedReach.FAILING]
    for state in failing[:_SHOWN]:
        what = f"{state.feed} fails: {state.health}, {state.reason}"
        place = examination.place("feeds", state.feed)
        yield warn(what, place, "see `sanctions-monitor feeds health`")
    if len(failing) > _SHOWN:
        yield warn(f"{len(failing) - _SHOWN} more feeds fail", "", "see `sanctions-monitor feeds list`")
    yield ok(f"{len(enabled) - len(failing)} of {len(enabled)} feeds without a failure")
    if incidents:
        yield warn(f"{len(incidents)} incidents are open", "", "see `sanctions-monitor health`")
