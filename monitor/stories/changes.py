"""What in a report of a known story is materially new. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from monitor.model import Change, ChangeKind, Event, Stage, Story
from monitor.text.sums import agreeing, as_read, differing, largest

from .deadlines import SOON, deadlines
from .retelling import DENIED, EXPECTED, FAILED, MAX_SUMMARY, Retelling

#: How far an act has come, by type of event; a step counts as later only if its number is higher.
_PHASES = {
    type: phase
    for phase, types in enumerate(
        (
            "interest request talks proposed relief_talks guidance",
            "selection approval agreed",
            "contract production supply imposed tightened extended enforced eased lifted licence_issued"
            " licence_revoked licence_expiring amended retaliation reversal",
            "delivery",
        )
    )
    for type in types.split()
}
_NO_PHASE = -1


def changes_in(retelling: Retelling, story: Story, now: datetime) -> tuple[Change, ...]:
    """Return what is materially new against what was reported; nothing when nothing is.

    Updates go forward only: a step counts when it is done and later than any before. A question, an
    explanation, an opinion, a live page or a video changes nothing.
    """
    if not retelling.is_report:
        return ()
    changes = [*_of_other_texts(retelling, story)]
    if retelling.official and not story.official:
        changes.append(
            Change(ChangeKind.CONFIRMATION, now=retelling.by, words=f"confirmed by {retelling.by}")
        )
    if event := retelling.verdict.event:
        changes += _steps(event, retelling, story)
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
    if retelling.fails and FAILED not in story.steps and _was_expected(story) and not _done(story):
        yield Change(ChangeKind.FAILURE, words="failed or put off")


def _steps(event: Event, retelling: Retelling, story: Story) -> Iterator[Change]:
    """Yield the step of an event that is done, if it is later than all before or turns the direction."""
    if not retelling.done:
        return
    done = _done(story)
    if not done:
        if _was_expected(story) or retelling.placement > story.placement:
            yield _step(event, story)
        return
    polarities = {polarity for _, polarity in done}
    turned = event.polarity not in polarities and _turns(event.polarity, polarities)
    reversed_ = turned and event.stage == Stage.REVERSAL  # the step names the stage that it undoes
    if reversed_ or _phase(event.type) > max(_phase(type) for type, _ in done):
        yield _step(event, story)
    if turned:
        words = f"direction: {story.polarity or 'none'} → {event.polarity}"
        yield Change(ChangeKind.DIRECTION, story.polarity, event.polarity, words)


def is_later_stage(retelling: Retelling, story: Story) -> bool:
    """Say whether a report states a stage that is later than all of a story, or that reverses one."""
    event = retelling.verdict.event
    if event is None or not event.stage or not _done(story):
        return False
    return any(change.kind is ChangeKind.STEP for change in _steps(event, retelling, story))


def _step(event: Event, story: Story) -> Change:
    """Return the step from the last event of a story, by stages if both have one."""
    what, before, now = "event", story.event_type, event.type
    if event.stage and event.stage != story.stage:
        what, before, now = "stage", story.stage, event.stage
    words = f"{what}: {before or 'none'} → {now}"
    if before == now:
        words = "no longer a supposition" if story.hedged else "done as expected"
    return Change(ChangeKind.STEP, before, now, words)


#: Directions that undo one another.
_OPPOSITE = frozenset(
    {frozenset({"impose", "relax"}), frozenset({"acquire", "halt"}), frozenset({"supply", "halt"})}
)


def _turns(polarity: str, before: Iterable[str]) -> bool:
    return any(frozenset({polarity, each}) in _OPPOSITE for each in before)


def _done(story: Story) -> list[tuple[str, str]]:
    """Return type and polarity of every step of a story that was done."""
    steps = [step.split(" ") for step in story.steps if step not in {DENIED, FAILED}]
    return [(step[0], step[2]) for step in steps if len(step) == 3]


def _was_expected(story: Story) -> bool:
    """Say whether a story was of something to come, or of no act yet."""
    return not story.has_report or any(step.endswith(EXPECTED) for step in story.steps)


def _phase(type: str) -> int:
    return _PHASES.get(type, _NO_PHASE)


def _authorities(event: Event, retelling: Retelling, story: Story) -> Iterator[Change]:
    """Yield the authority of a done act that no report of the story has named."""
    named = {id for each in story.fingerprints for id in (*each.named, *each.titled)}
    actors = retelling.fingerprint.arguments.actors if retelling.fingerprint.arguments else ()
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
