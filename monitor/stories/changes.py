"""What in a report of a known story is materially new. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from monitor.model import Change, ChangeKind, Event, Story
from monitor.text.sums import agreeing, as_read, differing, largest

from .deadlines import SOON, deadlines
from .retelling import DENIED, MAX_SUMMARY, Retelling
from .steps import steps_in


def changes_in(retelling: Retelling, story: Story, now: datetime) -> tuple[Change, ...]:
    """Return what is materially new against what was reported; nothing when nothing is.

    Updates go forward only: a step counts when it is done and later than any before, or when it decides what
    was open. A question, an explanation, an opinion, a live page or a video changes nothing.
    """
    if not retelling.is_report:
        return ()
    changes = [*_of_other_texts(retelling, story)]
    if retelling.official and not story.official:
        changes.append(
            Change(ChangeKind.CONFIRMATION, now=retelling.by, words=f"confirmed by {retelling.by}")
        )
    changes += steps_in(retelling, story)
    if event := retelling.verdict.event:
        changes += _authorities(event, retelling, story)
        changes += _sums(event, retelling, story)
    changes += _parties(retelling, story)
    changes += _deadlines(retelling, story, now)
    return tuple(changes)


def in_words(changes: Iterable[Change]) -> str:
    """Return changes in words for people."""
    return "; ".join(each.words for each in changes)


def _of_other_texts(retelling: Retelling, story: Story) -> Iterator[Change]:
    if retelling.item.id in story.item_ids:
        return
    if retelling.corrects:
        yield Change(ChangeKind.CORRECTION, words="corrected or withdrawn")
    if retelling.denies and DENIED not in story.steps:
        yield Change(ChangeKind.DENIAL, words="denied")


def _authorities(event: Event, retelling: Retelling, story: Story) -> Iterator[Change]:
    """Yield the authority of a done act that no report of the story has named."""
    actors = retelling.fingerprint.arguments.actors if retelling.fingerprint.arguments else ()
    together = len(actors) > 1
    named = {id for each in story.fingerprints for id in (*(() if together else each.named), *each.titled)}
    added = [id for id in actors if id not in named and retelling.done]
    if added and named and story.event_type:
        names = {each.id: each.name for each in retelling.verdict.entities}
        words = ", ".join(names.get(id, id.partition(":")[2]) for id in added)
        yield Change(ChangeKind.AUTHORITY, now=words, words=f"also {words}")


def _sums(event: Event, retelling: Retelling, story: Story) -> Iterator[Change]:
    if (story.official and not retelling.official) or not retelling.done or event.type != story.event_type:
        return
    if any(agreeing(each.sums, retelling.fingerprint.sums) for each in story.fingerprints):
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
    text = f"{retelling.item.title}\n{retelling.item.summary[:MAX_SUMMARY]}"
    for day in deadlines(text, now, SOON):
        if day.isoformat() not in story.deadlines:
            yield Change(ChangeKind.DEADLINE, now=day.isoformat(), words=f"deadline {_in_words(day, now)}")


def _in_words(day: date, now: datetime) -> str:
    left = (day - now.date()).days
    when = "today" if not left else "tomorrow" if left == 1 else f"in {left} days"
    return f"{day:%d %B %Y}, {when}"
