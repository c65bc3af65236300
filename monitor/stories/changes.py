"""What in a retelling is materially new, in words for people. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from monitor.model import Change, ChangeKind, Event, Placement, Story
from monitor.text.sums import as_read, differing, largest

from .deadlines import deadlines
from .grouping import DENIED, Retelling

#: Steps as they follow one another; on the arms ladder, of measures, and of their easing.
_RANKS = {
    name: rank
    for order in (
        "interest request talks selection approval contract production supply delivery",
        "proposed agreed imposed tightened extended",
        "relief_talks licence_issued eased lifted",
    )
    for rank, name in enumerate(order.split())
}


def changes_in(retelling: Retelling, story: Story, now: datetime) -> tuple[Change, ...]:
    """Return what is materially new against what was told; nothing when nothing is.

    A step told before is not news again; a more urgent placement is, from the digest's top on. Once an
    authority has spoken, others bring news only with what it did not say: a later step, a denial, a day.
    """
    changes = [*_of_other_texts(retelling, story)]
    if retelling.official and not story.official:
        changes.append(
            Change(ChangeKind.CONFIRMATION, now=retelling.by, words=f"confirmed by {retelling.by}")
        )
    if event := retelling.verdict.event:
        steps = [*_steps_on(event, retelling, story)]
        changes += steps if _is_reportable(event, retelling, story) else ()
        changes += _sums(event, retelling, story)
    changes += _parties(retelling, story)
    changes += _deadlines(retelling, story, now)
    if not changes and not story.official and Placement.TOP <= retelling.placement > story.placement:
        changes.append(Change(ChangeKind.EDIT, words="graver, or from a better source"))
    return tuple(changes)


def in_words(changes: Iterable[Change]) -> str:
    """Return changes in words for people."""
    return "; ".join(each.words for each in changes)


def _of_other_texts(retelling: Retelling, story: Story) -> Iterator[Change]:
    if retelling.corrects and retelling.item.id not in story.item_ids:
        yield Change(ChangeKind.CORRECTION, words="corrected or withdrawn")
    if retelling.denies and DENIED not in story.steps and retelling.item.id not in story.item_ids:
        yield Change(ChangeKind.DENIAL, words="denied")


def _is_reportable(event: Event, retelling: Retelling, story: Story) -> bool:
    """An official account stands until somebody tells of a later step, or of another direction, for sure."""
    if retelling.official or not story.official:
        return True
    later = _RANKS.get(event.type, 0) > _RANKS.get(story.event_type, 0)
    return not event.hedged and (later or event.polarity != story.polarity)


def _steps_on(event: Event, retelling: Retelling, story: Story) -> Iterator[Change]:
    if story.hedged and not event.hedged and event.type == story.event_type:
        yield Change(ChangeKind.STEP, story.event_type, event.type, "no longer a supposition")
    if retelling.steps[0] in story.steps:
        return
    if event.stage and event.stage != story.stage:
        yield _moved(ChangeKind.STEP, "stage", story.stage, event.stage)
    elif event.type != story.event_type:
        yield _moved(ChangeKind.STEP, "event", story.event_type, event.type)
    if event.polarity != story.polarity:
        yield _moved(ChangeKind.DIRECTION, "direction", story.polarity, event.polarity)


def _moved(kind: ChangeKind, what: str, before: str, now: str) -> Change:
    return Change(kind, before, now, f"{what}: {before or 'none'} → {now}")


def _sums(event: Event, retelling: Retelling, story: Story) -> Iterator[Change]:
    if story.official and not retelling.official:
        return
    if moved := differing(story.sums, largest(event.amounts)):
        before, now = map(as_read, moved)
        yield Change(ChangeKind.SUM, *moved, words=f"amount: {before} → {now}")


def _parties(retelling: Retelling, story: Story) -> Iterator[Change]:
    added = [each.name for each in retelling.parties if each.id not in story.parties]
    if added:
        names = ", ".join(dict.fromkeys(added))
        yield Change(ChangeKind.PARTY, now=names, words=f"also names {names}")


def _deadlines(retelling: Retelling, story: Story, now: datetime) -> Iterator[Change]:
    for day in deadlines(f"{retelling.item.title}\n{retelling.item.summary[:1_000]}", now):
        if day.isoformat() not in story.deadlines:
            yield Change(ChangeKind.DEADLINE, now=day.isoformat(), words=f"deadline {_in_words(day, now)}")


def _in_words(day: date, now: datetime) -> str:
    left = (day - now.date()).days
    when = "today" if not left else "tomorrow" if left == 1 else f"in {left} days"
    return f"{day:%d %B %Y}, {when}"
