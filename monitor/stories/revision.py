"""What an edit of an item says that its readers were not told. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.model import Event, Judged, Verdict

from .labels import taken_back_words


@dataclass(frozen=True, slots=True)
class Revision:
    """What changed materially, in words for people: the step that the event took, and other facts.

    Without either nothing did. `taken_back` says that one of the facts is a correction or a withdrawal.
    """

    step: str = ""
    facts: str = ""
    taken_back: bool = False


def revision(before: Judged, after: Judged) -> Revision:
    """Compare two versions of an item, and what is said of each."""
    if not before.verdict.topics and not after.verdict.topics:
        return Revision()
    taken_back = bool(taken_back_words(after.item) - taken_back_words(before.item))
    facts = (
        *_topics(before.verdict, after.verdict),
        *_named(before.verdict, after.verdict),
        *(("corrected or withdrawn",) if taken_back else ()),
    )
    step = "; ".join(_steps(before.verdict.event, after.verdict.event))
    return Revision(step, "; ".join(facts), taken_back)


def _topics(before: Verdict, after: Verdict) -> Iterator[str]:
    added = [topic for topic in after.topics if topic not in before.topics]
    if added:
        yield f"now news of {' and '.join(added)}"


def _steps(before: Event | None, after: Event | None) -> Iterator[str]:
    if after is None:
        return
    old = before or Event(topic="", type="", stage="", polarity="", severity=0)
    for name, was, now in (
        ("event", old.type, after.type),
        ("stage", old.stage, after.stage),
        ("direction", old.polarity, after.polarity),
    ):
        if now and now != was:
            yield f"{name}: {was or 'none'} → {now}"


def _named(before: Verdict, after: Verdict) -> Iterator[str]:
    """A country more is no news: every text names some."""
    known = {each.id for each in before.entities}
    added = [each.name for each in after.entities if each.id not in known and each.kind != "country"]
    if added:
        yield f"now also names {', '.join(dict.fromkeys(added))}"
