"""The list of stories at the desk: its rows, what it is filtered by, and searches of words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .alerts import Alert
from .verdicts import Event


class StoryView(StrEnum):
    """Which stories a list shows: without an answer yet, below the threshold, or all."""

    OPEN = "open"
    POSSIBLE = "near"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class WordSearch:
    """A condition on the folded words of a story.

    A leaf has `words`, which follow one another; if `open`, the last one is the beginning of a word. A branch
    has `parts`, of which all must hold, or with `any` one; with `never` the condition is the opposite.
    """

    words: tuple[str, ...] = ()
    open: bool = False
    parts: tuple["WordSearch", ...] = ()
    any: bool = False
    never: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFilter:
    """What stories a list holds. All conditions must hold; an empty one always holds.

    Of conditions with several values one must hold. `parties` are ids or names of entities, `authorities` ids
    of who acts, `languages` two letters. `assigned` is a name, or "-" for nobody.
    """

    view: StoryView = StoryView.OPEN
    topics: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    polarity: tuple[str, ...] = ()
    min_severity: int = 0
    parties: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    assigned: str = ""
    since: datetime | None = None
    until: datetime | None = None
    words: WordSearch | None = None


@dataclass(frozen=True, slots=True)
class AlertTimes:
    """When the item of an alert was published and seen, when the alert was raised, and first sent."""

    published_at: datetime | None
    seen_at: datetime
    raised_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRow:
    """A story in a list: its newest alert, and what is known of the whole.

    `seq` is the newest alert's place in the match sequence, by which lists are ordered. `severity` is the
    highest so far. `answered_at` is when somebody reacted to the newest alert; `assigned` who works on it.
    """

    story: str
    alert: Alert
    seq: int
    first_at: datetime
    last_at: datetime
    severity: int
    alerts: int
    answered_at: datetime | None = None
    assigned: str = ""
    publishers: tuple[str, ...] = ()


def facets_of(alert: Alert) -> Iterator[tuple[str, str]]:
    """Yield (kind, value) of everything by which stories with this alert are found."""
    event = alert.verdict.event
    yield "feed", alert.item.feed
    yield "language", alert.item.lang.lower().partition("-")[0]
    for each in alert.verdict.entities:
        yield "party", each.id
        yield "party", each.name.casefold()
    if event:
        yield "event", event.type
        yield "status", "denied" if event.negated else event.status
        yield "polarity", event.polarity
        for id in (event.imposer, event.supplier, event.buyer):
            yield "authority", id
        yield from _pairs_of(event)


def _pairs_of(event: Event) -> Iterator[tuple[str, str]]:
    """Yield facets of two ids: who acts on whom, and which system has come to which stage."""
    if event.imposer:
        for target in event.targets[:10]:
            yield "imposer>target", f"{event.imposer} {target}"
    for system in event.systems[:10]:
        yield "system>stage", f"{system} {event.stage or event.type}"
