"""Which step a report adds to a story: a later act, a reversal, a decision, one more act. Pure."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from monitor.model import Change, ChangeKind, Event, Stage, Story

from .arguments import FAMILIES
from .labels import is_expectation
from .retelling import DECIDED, EXPECTED, FAILED, Retelling

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
_NO_PHASE, _TALKS = -1, 0

#: Families of acts of authorities: an act of one is no retelling of an act of another.
_MEASURES, _ENFORCED = frozenset({"impose", "enforce"}), "enforce"

#: "Another" counts as one more act if the first report is so much older.
_SAME_ACT = timedelta(hours=24)

#: What the first account of an act may add to a story.
_OF_AN_ACCOUNT = frozenset({ChangeKind.STEP, ChangeKind.PARTY, ChangeKind.DEADLINE})

#: Directions that undo one another.
_OPPOSITE = frozenset(
    {frozenset({"impose", "relax"}), frozenset({"acquire", "halt"}), frozenset({"supply", "halt"})}
)


def steps_in(retelling: Retelling, story: Story) -> Iterator[Change]:
    """Yield the steps that a report adds to what was reported: only done ones, and later than any before."""
    event = retelling.verdict.event
    later = list(_steps(event, retelling, story)) if event else []
    yield from later
    if not later:
        yield from _outcome(retelling, story)
        yield from _further(retelling, story)


def is_later_stage(retelling: Retelling, story: Story) -> bool:
    """Say whether a report states a stage that is later than all of a story, or that reverses one."""
    event = retelling.verdict.event
    if event is None or not event.stage or not _done(story):
        return False
    return any(change.kind is ChangeKind.STEP for change in _steps(event, retelling, story))


def is_first_account(changes: Iterable[Change], story: Story) -> bool:
    """Say whether changes are the first clear account of an act, so that their alert is that of the act.

    Before it the story only asked, explained, showed a video, or said without an event that something is
    decided; nothing was expected.
    """
    kinds = {each.kind for each in changes}
    if ChangeKind.STEP not in kinds or not kinds <= _OF_AN_ACCOUNT:
        return False
    if DECIDED in story.steps:
        return not _has_done_event(story)
    return not story.event_type and not any(step.endswith(EXPECTED) for step in story.steps)


def _steps(event: Event, retelling: Retelling, story: Story) -> Iterator[Change]:
    """Yield the step of an event that is done, if it is later than all before or turns the direction."""
    if not retelling.done:
        return
    done = _done(story)
    if not done or _was_only_shown(retelling, story):
        if _is_first_done_event(event, retelling, story):
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


def _is_first_done_event(event: Event, retelling: Retelling, story: Story) -> bool:
    """Say whether a story has its first act by this report: what was expected, or what nobody was told.

    Talks that were expected and are held decide nothing, nor does an act that the text tells below a title of
    what is to come.
    """
    is_aside = event.field != "title" and is_expectation(retelling.item.title)
    if is_aside or _phase(event.type) == _TALKS:
        return False
    return was_expected(story) or retelling.placement > story.placement


def _was_only_shown(retelling: Retelling, story: Story) -> bool:
    """Say whether only a video or a live page has the act, and the report is more urgent than that was."""
    return not story.has_report and retelling.placement > story.placement


def _outcome(retelling: Retelling, story: Story) -> Iterator[Change]:
    """Yield the decision that was expected, or that an act fails that is not done."""
    if _has_done_event(story) or not {DECIDED, FAILED}.isdisjoint(story.steps):
        return
    if retelling.fails:
        yield Change(ChangeKind.FAILURE, words="failed or put off")
    elif retelling.decides and was_expected(story):
        yield Change(ChangeKind.STEP, words="decided")


def _further(retelling: Retelling, story: Story) -> Iterator[Change]:
    """Yield a further act beside one that is done: another measure, a later stage of a case, one more."""
    event, stage_of = retelling.verdict.event, retelling.vocabulary.cases.stage_of
    families = {FAMILIES.get(type, "") for type, _ in _done(story)}
    if event is None or not retelling.done or families.isdisjoint(_MEASURES):
        return
    family = FAMILIES.get(event.type, "")
    if family in _MEASURES and family not in families:
        yield Change(
            ChangeKind.STEP, story.event_type, event.type, f"event: {story.event_type} → {event.type}"
        )
    elif family == _ENFORCED and (stage := stage_of(retelling.fingerprint.words)):
        if stage > max((stage_of(each.words) or 0 for each in story.fingerprints), default=0):
            yield Change(ChangeKind.STEP, words=f"case: {stage.in_words}")
    elif _is_another(retelling, story):
        yield Change(ChangeKind.STEP, words="one more of the kind")


def _is_another(retelling: Retelling, story: Story) -> bool:
    opened, another = story.opened_at or retelling.published_at, retelling.vocabulary.another
    said = {word for each in story.fingerprints for word in each.words}
    is_later = retelling.published_at - opened >= _SAME_ACT
    return is_later and said.isdisjoint(another) and not another.isdisjoint(retelling.fingerprint.words)


def _step(event: Event, story: Story) -> Change:
    """Return the step from the last event of a story, by stages if both have one."""
    what, before, now = "event", story.event_type, event.type
    if event.stage and event.stage != story.stage:
        what, before, now = "stage", story.stage, event.stage
    words = f"{what}: {before or 'none'} → {now}"
    if before == now:
        words = "no longer a supposition" if story.hedged else "done as expected"
    return Change(ChangeKind.STEP, before, now, words)


def _turns(polarity: str, before: Iterable[str]) -> bool:
    return any(frozenset({polarity, each}) in _OPPOSITE for each in before)


def _done(story: Story) -> list[tuple[str, str]]:
    """Return type and polarity of every step of a story that was done."""
    steps = [step.split(" ") for step in story.steps]
    return [(step[0], step[2]) for step in steps if len(step) == 3]


def _has_done_event(story: Story) -> bool:
    """Say whether an act of a story was done; talks are none."""
    return any(_phase(type) != _TALKS for type, _ in _done(story))


def was_expected(story: Story) -> bool:
    """Say whether a story was of something to come, or of no act yet."""
    return not story.has_report or any(step.endswith(EXPECTED) for step in story.steps)


def _phase(type: str) -> int:
    return _PHASES.get(type, _NO_PHASE)
