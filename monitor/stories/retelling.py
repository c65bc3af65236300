"""An item as it bears on stories: fingerprint, publisher, kind, and what it says of other texts. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from monitor.model import Feed, Fingerprint, Item, Judged, Mention, Placement, Story, Verdict
from monitor.text import words

from .deadlines import deadlines
from .fingerprint import fingerprint_of
from .kinds import ReportKind, kind_of
from .labels import is_correction, is_decision, is_denial, is_expectation, is_failure
from .publishers import FICTITIOUS, publisher_of
from .vocabulary import NO_VOCABULARY, Vocabulary

#: Steps of a story: somebody denies it, it fails, or it is decided.
DENIED, FAILED, DECIDED = "denied", "failed", "decided"

#: How many letters of a summary are read for deadlines.
MAX_SUMMARY = 1_000

#: The end of a step that is not done.
EXPECTED = "expected"

#: What shows acts without being a report.
_WITH_EVENTS = frozenset({ReportKind.VIDEO, ReportKind.LIVE})

#: Names of these kinds are no parties that a list could name.
_NO_PARTIES = frozenset({"country", "programme", "authority", "weapon", "candidates"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Retelling:
    """A report of an item: what it says, who publishes it, and what it says of another text.

    `official`: an authority publishes it, known to people as `by`. `vocabulary` is what it is read by.
    """

    item: Item
    verdict: Verdict
    fingerprint: Fingerprint
    placement: Placement = Placement.ARCHIVE
    official: bool = False
    by: str = ""
    publisher: str = ""
    kind: ReportKind = ReportKind.REPORT
    corrects: bool = False
    denies: bool = False
    fails: bool = False
    decides: bool = False
    vocabulary: Vocabulary = NO_VOCABULARY

    @property
    def published_at(self) -> datetime:
        """When it was published as far as that is sure, else first seen."""
        seen = self.item.first_seen_at
        return min(self.item.published_at or seen, seen)

    @property
    def is_report(self) -> bool:
        """Whether it reports, and does not ask, explain or comment."""
        return self.kind is ReportKind.REPORT

    @property
    def done(self) -> bool:
        """Whether it reports an act that was done, and for sure."""
        event = self.verdict.event
        return event is not None and event.status == "done" and not event.hedged

    @property
    def steps(self) -> tuple[str, ...]:
        """The step that it reports as done, or as expected, and whether that is denied, fails or is decided.

        A video or a live page has only the act that it shows as done.
        """
        event = self.verdict.event
        if not self.is_report and not (self.done and self.kind in _WITH_EVENTS):
            return ()
        step = f"{event.type} {event.stage} {event.polarity}" if event else ""
        if event and not self.done:
            step += f" {EXPECTED}"
        elif event is None and is_expectation(self.item.title):
            step = EXPECTED
        outcomes = {DENIED: self.denies, FAILED: self.fails, DECIDED: self.decides}
        return tuple(filter(None, (step, *(name for name, holds in outcomes.items() if holds))))

    def can_join(self, story: Story) -> bool:
        """Say whether a story is real as this report is, or fictitious as it is."""
        return (self.publisher == FICTITIOUS) is (FICTITIOUS in story.publishers)

    @property
    def deadlines(self) -> tuple[str, ...]:
        """ISO dates of the deadlines in any of its clauses; none if it reports no act."""
        if self.verdict.event is None or not self.is_report:
            return ()
        text = f"{self.item.title}\n{self.item.summary[:MAX_SUMMARY]}"
        return tuple(day.isoformat() for day in deadlines(text, self.item.first_seen_at))

    @property
    def parties(self) -> tuple[Mention, ...]:
        """Listed parties that its title names or its event is aimed at."""
        aimed = {*self.fingerprint.titled, *(self.verdict.event.targets if self.verdict.event else ())}
        return tuple(each for each in listed(self.verdict) if each.id in aimed)


def retelling_of(judged: Judged, feed: Feed, official: bool, vocabulary: Vocabulary) -> Retelling:
    """Return an item of a feed as it bears on stories."""
    item, verdict = judged.item, judged.verdict
    return Retelling(
        item=item,
        verdict=verdict,
        fingerprint=fingerprint_of(item, verdict, feed.title, vocabulary),
        placement=judged.decision.placement,
        official=official,
        by=authority_name(feed, verdict) if official else "",
        publisher=publisher_of(feed, item),
        kind=kind_of(item, verdict),
        corrects=is_correction(item.title),
        denies=is_denial(item.title),
        fails=is_failure(item.title),
        decides=is_decision(item.title),
        vocabulary=vocabulary,
    )


def authority_name(feed: Feed, verdict: Verdict) -> str:
    """Return how people call the authority behind a feed: by its own name where the feed's title has it."""
    titled = frozenset(words(feed.title))
    bodies = [each for each in verdict.entities if each.kind in {"authority", "agency"}]
    for each in bodies:
        if titled.issuperset(words(each.name)) or titled.issuperset(words(each.quote)):
            return each.name
    if feed.title and feed.title != feed.name:
        return feed.title
    imposer = verdict.event.imposer if verdict.event else ""
    return next((each.name for each in bodies if each.id == imposer), "an official source")


def listed(verdict: Verdict) -> Iterable[Mention]:
    """Yield the listed parties that a verdict names."""
    return (each for each in verdict.entities if each.lists and each.kind not in _NO_PARTIES)
