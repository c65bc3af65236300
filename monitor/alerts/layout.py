"""What stands where in a digest: every story once, the gravest first, and no more than fits."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from monitor.model import Alert, Placement, Topic

from .neutral import clip, neutralised

TOP_ITEMS = 5
MOST_EXTRACT = 200
LEAST_EXTRACT = 60

_TOPICS = frozenset(topic.value for topic in Topic)


@dataclass(frozen=True, slots=True)
class Budget:
    """How many stories a digest tells in full, and how many more on a line or two of their own."""

    cards: int
    rows: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A story of a digest: the alert that leads it and, oldest first, what else was told of it.

    Their texts are neutral; `id` is the leading alert's own. `number` counts through the whole digest.
    """

    id: str
    alert: Alert
    others: tuple[Alert, ...] = ()
    full: bool = False
    number: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading, which `name` stands for; `more` were left out for want of space."""

    name: str
    entries: tuple[Entry, ...] = ()
    more: int = 0

    @property
    def size(self) -> int:
        return len(self.entries) + self.more


@dataclass(frozen=True, slots=True)
class Layout:
    """A digest in reading order. `severities` counts stories as (severity, stories), gravest first."""

    stories: int
    severities: tuple[tuple[int, int], ...]
    top: Group
    sanctions: tuple[Group, ...]
    arms: Group
    also: Group
    more: int

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Everything shown, in reading order."""
        groups = (self.top, *self.sanctions, self.arms, self.also)
        return tuple(entry for group in groups for entry in group.entries)


def stories_of(alerts: Iterable[Alert]) -> tuple[Entry, ...]:
    """Return one entry for each story, most urgent first: by placement, severity, then time, newest first."""
    by_story: dict[str, list[Alert]] = {}
    for alert in alerts:
        if alert.decision.placement > Placement.ARCHIVE:
            by_story.setdefault(alert.story or alert.id, []).append(alert)
    leaders = ((max(told, key=_urgency), told) for told in by_story.values())
    entries = sorted(leaders, key=lambda pair: _urgency(pair[0]), reverse=True)
    return tuple(Entry(lead.id, lead, tuple(a for a in told if a is not lead)) for lead, told in entries)


def lay_out(stories: Sequence[Entry], budget: Budget) -> Layout:
    """Return the stories in their sections, as many as the budget allows, each neutral and numbered."""
    urgent = [e for e in stories if e.alert.decision.placement >= Placement.TOP][:TOP_ITEMS]
    taken = {entry.id for entry in urgent}
    rest: dict[str, list[Entry]] = {"sanctions": [], "arms": [], "also": []}
    for entry in stories:
        if entry.id not in taken:
            rest[_section(entry.alert)].append(entry)
    full = {entry.id for entry in (*urgent, *rest["sanctions"])[: budget.cards]}
    compact = [entry.id for entry in stories if entry.id not in full]
    printer = _Printer(full, frozenset(compact[: budget.rows]))
    top = printer.group("top", urgent)
    sanctions = tuple(printer.group(name, told) for name, told in _by_event(rest["sanctions"]).items())
    arms = printer.group(Topic.ARMS.value, rest["arms"])
    also = printer.group("also", rest["also"])
    left_out = top.more + sum(group.more for group in sanctions) + arms.more + also.more
    return Layout(len(stories), _severities(stories), top, sanctions, arms, also, left_out)


class _Printer:
    """Numbers entries in the order in which groups are asked for."""

    def __init__(self, full: set[str], compact: frozenset[str]) -> None:
        self._full = full
        self._compact = compact
        self._numbers = count(1)

    def group(self, name: str, entries: Sequence[Entry]) -> Group:
        shown = [entry for entry in entries if entry.id in self._full or entry.id in self._compact]
        return Group(name, tuple(self._entry(entry) for entry in shown), len(entries) - len(shown))

    def _entry(self, entry: Entry) -> Entry:
        alert, others = neutralised((entry.alert, entry.others))
        return Entry(entry.id, alert, others, entry.id in self._full, next(self._numbers))


def extract(alert: Alert) -> str:
    """Return the beginning of a summary: with what is quoted of the rest, about 200 characters are shown."""
    summary = alert.item.summary
    beyond = {place for start, stop in _quoted(alert) for place in range(max(start, MOST_EXTRACT), stop)}
    room = MOST_EXTRACT - len(beyond) - sum(stop - start for start, stop in _quoted(alert, "body"))
    return clip(summary, room) if room >= LEAST_EXTRACT else ""


def _quoted(alert: Alert, field: str = "summary") -> Iterator[tuple[int, int]]:
    verdict = alert.verdict
    for evidence in (*verdict.evidence, *verdict.penalties):
        if evidence.field == field:
            yield evidence.start, evidence.stop
    for event in verdict.background:
        if event.field == field:
            yield event.start, event.stop


def _urgency(alert: Alert) -> tuple[int, int, float, int, str]:
    placement = alert.decision.placement
    return placement, alert.verdict.severity, alert.raised_at.timestamp(), alert.seq, alert.id


def _section(alert: Alert) -> str:
    """Flagged stories stand under their event's topic; what is merely possible is told last and briefly."""
    verdict = alert.verdict
    topics = [topic for topic in verdict.topics if topic in _TOPICS]
    if alert.decision.placement <= Placement.TAIL or not topics:
        return "also"
    if verdict.event and verdict.event.topic in topics:
        return str(verdict.event.topic)
    return str(topics[0])


def _by_event(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        event = entry.alert.verdict.event
        groups.setdefault(event.type if event else "", []).append(entry)
    return groups


def _severities(stories: Iterable[Entry]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted(Counter(entry.alert.verdict.severity for entry in stories).items(), reverse=True))
