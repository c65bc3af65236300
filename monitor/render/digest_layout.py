"""What stands where in a digest: every story once, the gravest first, and no more than fits."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from operator import attrgetter

from monitor.model import Alert, Placement, StorySoFar, Topic

from .parties import REGIMES, regime_of
from .sanitize import clip, sanitize, sanitized

TOP_ITEMS = 5
MAX_EXTRACT = 200
MIN_EXTRACT = 60

#: Sections beneath the top items, in reading order.
_SECTIONS = (Topic.SANCTIONS.value, Topic.ARMS.value, "developing", "also", "corrections")

_TOPICS = frozenset(topic.value for topic in Topic)

#: What news of a story says when it takes back or contradicts what was told.
_TAKEN_BACK = re.compile(
    r"\b(?:correct(?:ed|ion|s)|retract(?:ed|ion|s)|withdr[ae]wn?|den(?:ied|ies|ial))\b", re.I
)

NO_HISTORY = StorySoFar()
NO_STORIES: Mapping[str, StorySoFar] = {}

#: Placement, severity, time of the alert, match sequence and id: the greatest is the most urgent.
Urgency = tuple[int, int, float, int, str]


@dataclass(frozen=True, slots=True)
class _Ranked:
    """An alert with its urgency, which is computed once."""

    urgency: Urgency
    alert: Alert


_by_urgency = attrgetter("urgency")


@dataclass(frozen=True, slots=True)
class Budget:
    """How many stories a digest tells in full, and how many more on a line or two of their own."""

    cards: int
    rows: int


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """A story of a digest: the alert that leads it and, oldest first, what else was told of it.

    Their texts are neutral; `id` is the leading alert's own. `number` counts through the whole digest.
    """

    id: str
    alert: Alert
    others: tuple[Alert, ...] = ()
    so_far: StorySoFar = NO_HISTORY
    full: bool = False
    number: int = 0

    @property
    def more_sources(self) -> tuple[str, ...]:
        """Who else told the story, the first one first."""
        return tuple(each for each in self.so_far.sources if each != self.alert.item.feed)

    @property
    def goes_on(self) -> bool:
        """Say whether readers were told of the story before: all that is told here is news of it."""
        return all(each.kind == "update" for each in (self.alert, *self.others))

    @property
    def corrects(self) -> bool:
        """Say whether something told before is taken back."""
        return self.goes_on and any(corrects(each) for each in (self.alert, *self.others))


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading, which `name` stands for; `more` were left out for want of space."""

    name: str
    entries: tuple[DigestEntry, ...] = ()
    more: int = 0

    @property
    def size(self) -> int:
        return len(self.entries) + self.more


@dataclass(frozen=True, slots=True)
class Chapter:
    """The groups of one authority, by what it did; `name` is its regime."""

    name: str
    groups: tuple[Group, ...]

    @property
    def size(self) -> int:
        return sum(group.size for group in self.groups)


@dataclass(frozen=True, slots=True)
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
        return (self.top, *sanctions, self.arms, self.developing, self.also, self.corrections)

    @property
    def entries(self) -> tuple[DigestEntry, ...]:
        """Everything shown, in reading order."""
        return tuple(entry for group in self.groups for entry in group.entries)

    @property
    def more(self) -> int:
        """How many stories were left out for want of space."""
        return sum(group.more for group in self.groups)


def corrects(alert: Alert) -> bool:
    """Say whether an alert takes back or contradicts what was told of its story."""
    return alert.kind == "update" and _TAKEN_BACK.search(alert.news) is not None


def entries_of(
    alerts: Iterable[Alert], so_far: Mapping[str, StorySoFar] = NO_STORIES
) -> tuple[DigestEntry, ...]:
    """Return one entry for each story, most urgent first: by placement, severity, then time, newest first."""
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
    """Return the stories in their sections, as many as the budget allows, each neutral and numbered."""
    urgent = [e for e in stories if e.alert.decision.placement >= Placement.TOP][:TOP_ITEMS]
    taken = {entry.id for entry in urgent}
    rest: dict[str, list[DigestEntry]] = {name: [] for name in _SECTIONS}
    for entry in stories:
        if entry.id not in taken:
            rest[_section(entry)].append(entry)
    full = {entry.id for entry in (*urgent, *rest["sanctions"])[: budget.cards]}
    compact = [entry.id for entry in (*rest["corrections"], *stories) if entry.id not in full]
    printer = _Printer(full, frozenset(tuple(dict.fromkeys(compact))[: budget.rows]))
    return Layout(
        len(stories),
        _severities(stories),
        printer.group("top", urgent),
        tuple(printer.chapter(name, groups) for name, groups in _by_regime(rest["sanctions"]).items()),
        *(printer.group(name, rest[name]) for name in _SECTIONS[1:]),
    )


class _Printer:
    """Numbers entries in the order in which groups are asked for."""

    def __init__(self, full: set[str], compact: frozenset[str]) -> None:
        self._full = full
        self._compact = compact
        self._numbers = count(1)

    def chapter(self, name: str, groups: Mapping[str, Sequence[DigestEntry]]) -> Chapter:
        return Chapter(sanitize(name), tuple(self.group(event, told) for event, told in groups.items()))

    def group(self, name: str, entries: Sequence[DigestEntry]) -> Group:
        shown = [entry for entry in entries if entry.id in self._full or entry.id in self._compact]
        return Group(name, tuple(self._entry(entry) for entry in shown), len(entries) - len(shown))

    def _entry(self, entry: DigestEntry) -> DigestEntry:
        return replace(sanitized(entry), full=entry.id in self._full, number=next(self._numbers))


def extract(alert: Alert) -> str:
    """Return the beginning of a summary: with what is quoted of the rest, about 200 characters are shown."""
    summary = alert.item.summary
    beyond = {place for start, stop in _quoted(alert) for place in range(max(start, MAX_EXTRACT), stop)}
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
    placement = alert.decision.placement
    return placement, alert.verdict.severity, alert.raised_at.timestamp(), alert.seq, alert.id


def _section(entry: DigestEntry) -> str:
    """Flagged stories stand under their event's topic; what is merely possible is told last and briefly."""
    verdict = entry.alert.verdict
    topics = [topic for topic in verdict.topics if topic in _TOPICS]
    if entry.corrects:
        return "corrections"
    if entry.goes_on:
        return "developing"
    if entry.alert.decision.placement <= Placement.TAIL or not topics:
        return "also"
    if verdict.event and verdict.event.topic in topics:
        return str(verdict.event.topic)
    return str(topics[0])


def _by_regime(entries: Iterable[DigestEntry]) -> dict[str, dict[str, list[DigestEntry]]]:
    """Return entries by whose sanctions they are, then by what was done; the first entry leads its group."""
    chapters: dict[str, dict[str, list[DigestEntry]]] = {}
    for entry in entries:
        event = entry.alert.verdict.event
        groups = chapters.setdefault(regime_of(entry.alert.verdict), {})
        groups.setdefault(event.type if event else "", []).append(entry)
    return {name: chapters[name] for name in sorted(chapters, key=_regime_order)}


def _regime_order(name: str) -> tuple[int, str]:
    """Known regimes in their order, then others by name, last what names nobody."""
    known = REGIMES.index(name) if name in REGIMES else len(REGIMES)
    return (known if name else known + 1), name


def _severities(stories: Iterable[DigestEntry]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted(Counter(entry.alert.verdict.severity for entry in stories).items(), reverse=True))
