"""What the desk shows before the first story: what is happening, and what to do next."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.model import FeedReach, reach_of
from monitor.store import Store

from .base import WebContext

#: Feeds named with their answer.
MOST_FEEDS = 12


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the beginning: whether it is done, and what is happening or what to do."""

    done: bool
    title: str
    words: str


def first_run(web: WebContext) -> Mapping[str, Any]:
    """Return the steps, and what feeds answered."""
    return {"steps": tuple(_steps(web)), "feeds": tuple(_feeds(web.store))}


def _steps(web: WebContext) -> Iterator[Step]:
    policy = web.policy
    reaches, _ = web.store.feed_reach()
    total, unread = sum(reaches.values()), reaches.get(FeedReach.UNREAD, 0)
    polled = f"{total - unread} of {total} feeds polled, {reaches.get(FeedReach.FAILING, 0)} of them fail."
    yield Step(total > 0 and unread == 0, "Poll every feed once", polled)
    yield Step(False, "Recognise the first stories", _OLDER)
    yield _named("Choose channels", "Alerts go to", policy.channels, "[channels.desk]")
    yield _named(
        "Plan a digest", "Digests", [each.name for each in policy.subscriptions], "[digests.morning]"
    )
    yield _named("Load lists", "Sanctions lists", policy.lists, "[lists.ofac]")


_OLDER = "Older items are read and kept, but not alerted on: stories come as news is published."


def _named(title: str, what: str, names: Iterable[str], table: str) -> Step:
    """Return a step that is done once something has a table in the configuration."""
    known = ", ".join(names)
    return Step(
        bool(known), title, f"{what}: {known or f'none; add a table such as {table} to config.toml'}."
    )


def _feeds(store: Store) -> Iterator[tuple[str, str, str]]:
    """Yield (name, state, reason) of the feeds polled last."""
    states = sorted(store.feed_states(), key=lambda each: str(each.polled_at or ""), reverse=True)
    for state in states[:MOST_FEEDS]:
        reach = reach_of(state.health)
        words = f"{state.items_seen} items" if reach is FeedReach.ANSWERING else str(reach)
        yield state.feed, words, state.reason
