"""Group the alerts of a digest into stories and sections, the most urgent first, as many as fit."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from operator import attrgetter

from monitor.model import Alert, AlertKind, Placement, StorySoFar, Topic

from .event_line import has_event
from .parties import REGIMES, regime_of_alert
from .sanitize import clip, sanitize, sanitized

TOP_ITEMS = 5

#: The severity from which a story beneath the top items is listed above the sections too.
HIGH = 4
MAX_EXTRACT = 200
MIN_EXTRACT = 60

#: Sections beneath the top items, in reading order.
_SECTIONS = (Topic.SANCTIONS.value, Topic.ARMS.value, "developing", "corrections", "also")

_TOPICS = frozenset(topic.value for topic in Topic)

#: Words by which an update corrects, retracts or denies an earlier report.
_TAKEN_BACK = re.compile(
    r"\b(?:correct(?:ed|ion|s)|retract(?:ed|ion|s)|withdr[ae]wn?|den(?:ied|ies|ial))\b", re.I
)

#: Types of acts that come first among stories of one severity, by rank: they change with whom one may deal.
_RANKS = {"imposed": 2, "lifted": 1}

NO_HISTORY = StorySoFar()
NO_STORIES: Mapping[str, StorySoFar] = {}

#: Placement, severity, rank of the act, time of the alert, match sequence and id: the greatest is the most
#: urgent.
Urgency = tuple[int, int, int, float, int, str]


@dataclass(frozen=True, slots=True)
class _Ranked:
    """An alert with its urgency, which is computed once."""

    urgency: Urgency
    alert: Alert


_by_urgency = attrgetter("urgency")


@dataclass(frozen=True, slots=True)
class Budget:
    """How many stories a digest shows in full, and how many more in one or two lines each."""

    cards: int
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestEntry:
    """A story of a digest: its most urgent alert, and its other alerts in match order.

    In a layout their texts are sanitized; `id` is that of `alert` before. `number` counts from 1 through the
    whole digest. `full` says whether the story is shown in full.
    """

    id: str
    alert: Alert
    others: tuple[Alert, ...] = ()
    so_far: StorySoFar = NO_HISTORY
    full: bool = False
    number: int = 0

    @property
    def more_sources(self) -> tuple[str, ...]:
        """The other sources of the story, the first one first."""
        return tuple(each for each in self.so_far.sources if each != self.alert.item.feed)

    @property
    def goes_on(self) -> bool:
        """Say whether an earlier digest had the story: all alerts here are updates."""
        return all(each.kind == AlertKind.UPDATE for each in (self.alert, *self.others))

    @property
    def corrects(self) -> bool:
        """Say whether an update corrects or denies what an earlier digest said."""
        return self.goes_on and any(corrects(each) for each in (self.alert, *self.others))


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading, whose code is `name`; `more` were left out for lack of space."""

    name: str
    entries: tuple[DigestEntry, ...] = ()
    more: int = 0

    @property
    def size(self) -> int:
        return len(self.entries) + self.more


@dataclass(frozen=True, slots=True)
class Chapter:
    """The groups of one authority, by event type; `name` is its regime."""

    name: str
    groups: tuple[Group, ...]

    @property
    def size(self) -> int:
        return sum(group.size for group in self.groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A digest in reading order. `severities` counts stories as (severity, stories), gravest first."""

    stories: int
    severities: tuple[tuple[int, int], ...]
    top: Group
    sanctions: tuple[Chapter, ...]
    arms: Group
    developing: Group
    also: Group
    corrections: Group

    @property
    def groups(self) -> tuple[Group, ...]:
        """Every group in reading order."""
        sanctions = (group for chapter in self.sanctions for group in chapter.groups)
        return (self.top, *sanctions, self.arms, self.developing, self.corrections, self.also)

    @property
    def entries(self) -> tuple[DigestEntry, ...]:
        """Everything shown, in reading order."""
        return tuple(entry for group in self.groups for entry in group.entries)

    @property
    def high(self) -> tuple[DigestEntry, ...]:
        """The entries of high severity beneath the top items."""
        return tuple(
            entry for entry in self.entries[len(self.top.entries) :] if entry.alert.verdict.severity >= HIGH
        )

    @property
    def more(self) -> int:
        """The number of stories left out for lack of space."""
        return sum(group.more for group in self.groups)


def corrects(alert: Alert) -> bool:
    """Say whether an alert corrects, retracts or denies an earlier report of its story."""
    return alert.kind == AlertKind.UPDATE and _TAKEN_BACK.search(alert.news) is not None


def entries_of(
    alerts: Iterable[Alert], so_far: Mapping[str, StorySoFar] = NO_STORIES
) -> tuple[DigestEntry, ...]:
    """Return one entry for each story, most urgent first.

    The order is by placement, then severity, then sanctions that are made, those that are lifted, and other
    acts, then time, newest first.
    """
    by_story: dict[str, list[_Ranked]] = {}
    for alert in alerts:
        if alert.decision.placement > Placement.ARCHIVE:
            by_story.setdefault(alert.story or alert.id, []).append(_Ranked(_urgency(alert), alert))
    stories = [(max(ranked, key=_by_urgency), ranked) for ranked in by_story.values()]
    stories.sort(key=lambda story: story[0].urgency, reverse=True)
    return tuple(_entry(lead, ranked, so_far) for lead, ranked in stories)


def _entry(lead: _Ranked, ranked: Sequence[_Ranked], so_far: Mapping[str, StorySoFar]) -> DigestEntry:
    return DigestEntry(
        id=lead.alert.id,
        alert=lead.alert,
        others=tuple(each.alert for each in ranked if each is not lead),
        so_far=so_far.get(lead.alert.story, NO_HISTORY),
    )


def lay_out(stories: Sequence[DigestEntry], budget: Budget) -> Layout:
    """Return the stories in their sections, as many as the budget allows, sanitized and numbered."""
    top = [e for e in stories if e.alert.decision.placement >= Placement.TOP][:TOP_ITEMS]
    taken = {entry.id for entry in top}
    sections: dict[str, list[DigestEntry]] = {name: [] for name in _SECTIONS}
    for entry in stories:
        if entry.id not in taken:
            sections[_section(entry)].append(entry)
    full = {entry.id for entry in (*top, *sections["sanctions"])[: budget.cards]}
    compact = [entry.id for entry in (*sections["corrections"], *stories) if entry.id not in full]
    builder = _GroupBuilder(full, frozenset(tuple(dict.fromkeys(compact))[: budget.rows]))
    top_group = builder.group("top", top)
    chapters = [builder.chapter(name, groups) for name, groups in _by_regime(sections["sanctions"]).items()]
    return Layout(
        stories=len(stories),
        severities=_severities(stories),
        top=top_group,
        sanctions=tuple(chapters),
        arms=builder.group("arms", sections["arms"]),
        developing=builder.group("developing", sections["developing"]),
        corrections=builder.group("corrections", sections["corrections"]),
        also=builder.group("also", sections["also"]),
    )


class _GroupBuilder:
    """Builds groups, and numbers their entries in the order of the calls."""

    def __init__(self, full: set[str], compact: frozenset[str]) -> None:
        self._full = full
        self._compact = compact
        self._numbers = count(1)

    def chapter(self, name: str, groups: Mapping[str, Sequence[DigestEntry]]) -> Chapter:
        return Chapter(sanitize(name), tuple(self.group(event, entries) for event, entries in groups.items()))

    def group(self, name: str, entries: Sequence[DigestEntry]) -> Group:
        shown = [entry for entry in entries if entry.id in self._full or entry.id in self._compact]
        return Group(name, tuple(self._entry(entry) for entry in shown), len(entries) - len(shown))

    def _entry(self, entry: DigestEntry) -> DigestEntry:
        return replace(sanitized(entry), full=entry.id in self._full, number=next(self._numbers))


def extract(alert: Alert) -> str:
    """Return the beginning of a summary, so that with the quotes at most about 200 characters are shown."""
    summary = alert.item.summary
    beyond = {at for start, stop in _quoted(alert) for at in range(max(start, MAX_EXTRACT), stop)}
    room = MAX_EXTRACT - len(beyond) - sum(stop - start for start, stop in _quoted(alert, "body"))
    return clip(summary, room) if room >= MIN_EXTRACT else ""


def _quoted(alert: Alert, field: str = "summary") -> Iterator[tuple[int, int]]:
    verdict = alert.verdict
    for evidence in (*verdict.evidence, *verdict.penalties):
        if evidence.field == field:
            yield evidence.start, evidence.stop
    for event in verdict.background:
        if event.field == field:
            yield event.start, event.stop


def _urgency(alert: Alert) -> Urgency:
    verdict = alert.verdict
    rank = _RANKS.get(verdict.event.type, 0) if verdict.event else 0
    raised = alert.raised_at.timestamp()
    return alert.decision.placement, verdict.severity, rank, raised, alert.seq, alert.id


def _section(entry: DigestEntry) -> str:
    """Return the section of an entry: by its event's topic, "also" if it has no act or is only possible."""
    verdict = entry.alert.verdict
    topics = [topic for topic in verdict.topics if topic in _TOPICS]
    if entry.corrects:
        return "corrections"
    if entry.goes_on:
        return "developing"
    if not topics or not verdict.event or not has_event(verdict):
        return "also"
    return str(verdict.event.topic if verdict.event.topic in topics else topics[0])


def _by_regime(entries: Iterable[DigestEntry]) -> dict[str, dict[str, list[DigestEntry]]]:
    """Return entries by regime, then by event type, each in the given order."""
    chapters: dict[str, dict[str, list[DigestEntry]]] = {}
    for entry in entries:
        event = entry.alert.verdict.event
        groups = chapters.setdefault(regime_of_alert(entry.alert), {})
        groups.setdefault(event.type if event else "", []).append(entry)
    return {name: chapters[name] for name in sorted(chapters, key=_regime_order)}


def _regime_order(name: str) -> tuple[int, str]:
    """Sort known regimes first in their order, then others by name, and those without a name last."""
    known = REGIMES.index(name) if name in REGIMES else len(REGIMES)
    return (known if name else known + 1), name


def _severities(stories: Iterable[DigestEntry]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted(Counter(entry.alert.verdict.severity for entry in stories).items(), reverse=True))
