"""What an edit of an item says that its readers were not told. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.model import Change, ChangeKind, Event, Judged, Polarity, Stage, Verdict

from .labels import taken_back_words

_NO_EVENT = Event(topic="", type="", stage=Stage.NONE, polarity=Polarity.NONE, severity=0)


@dataclass(frozen=True, slots=True)
class Revision:
    """What an edit changed materially: the steps that the event took, and other facts."""

    steps: tuple[Change, ...] = ()
    facts: tuple[Change, ...] = ()

    @property
    def taken_back(self) -> bool:
        """Whether one of the facts is a correction or a withdrawal."""
        return any(each.kind is ChangeKind.CORRECTION for each in self.facts)


def revision(before: Judged, after: Judged) -> Revision:
    """Compare two versions of an item, and what is said of each."""
    if not before.verdict.topics and not after.verdict.topics:
        return Revision()
    facts = [*_topics(before.verdict, after.verdict), *_named(before.verdict, after.verdict)]
    if taken_back_words(after.item) - taken_back_words(before.item):
        facts.append(Change(ChangeKind.CORRECTION, words="corrected or withdrawn"))
    return Revision(tuple(_steps(before.verdict.event, after.verdict.event)), tuple(facts))


def _topics(before: Verdict, after: Verdict) -> Iterator[Change]:
    added = [topic for topic in after.topics if topic not in before.topics]
    if added:
        yield Change(ChangeKind.EDIT, now=", ".join(added), words=f"now news of {' and '.join(added)}")


def _steps(before: Event | None, after: Event | None) -> Iterator[Change]:
    if after is None:
        return
    old = before or _NO_EVENT
    for kind, name, was, now in (
        (ChangeKind.STEP, "event", old.type, after.type),
        (ChangeKind.STEP, "stage", old.stage, after.stage),
        (ChangeKind.DIRECTION, "direction", old.polarity, after.polarity),
    ):
        if now and now != was:
            yield Change(kind, was, now, f"{name}: {was or 'none'} → {now}")


def _named(before: Verdict, after: Verdict) -> Iterator[Change]:
    """A country more is no news: every text names some."""
    known = {each.id for each in before.entities}
    added = [each.name for each in after.entities if each.id not in known and each.kind != "country"]
    if added:
        names = ", ".join(dict.fromkeys(added))
        yield Change(ChangeKind.PARTY, now=names, words=f"now also names {names}")
