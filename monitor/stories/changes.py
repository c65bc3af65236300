"""What in a retelling is materially new, in words for people. Pure."""

from collections.abc import Iterator
from datetime import date, datetime

from monitor.model import Event, Placement, Story

from .amounts import as_read, differing, largest
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


def news_in(retelling: Retelling, story: Story, now: datetime) -> str:
    """Return what is materially new against what was told, in words; "" when nothing is.

    A step told before is not news again; a more urgent placement is, from the digest's top on. Once an
    authority has spoken, others bring news only with what it did not say: a later step, a denial, a day.
    """
    news = [*_of_other_texts(retelling, story)]
    if retelling.official and not story.official:
        news.append(f"confirmed by {retelling.by}")
    if event := retelling.verdict.event:
        steps = [*_steps_on(event, retelling, story)]
        news += steps if _is_reportable(event, retelling, story) else ()
        news += _sums(event, retelling, story)
    news += _parties(retelling, story)
    news += _deadlines(retelling, story, now)
    if not news and not story.official and Placement.TOP <= retelling.placement > story.placement:
        news.append("graver, or from a better source")
    return "; ".join(news)


def _of_other_texts(retelling: Retelling, story: Story) -> Iterator[str]:
    if retelling.corrects and retelling.item.id not in story.item_ids:
        yield "corrected or withdrawn"
    if retelling.denies and DENIED not in story.steps and retelling.item.id not in story.item_ids:
        yield "denied"


def _is_reportable(event: Event, retelling: Retelling, story: Story) -> bool:
    """An official account stands until somebody tells of a later step, or of another direction, for sure."""
    if retelling.official or not story.official:
        return True
    later = _RANKS.get(event.type, 0) > _RANKS.get(story.event_type, 0)
    return not event.hedged and (later or event.polarity != story.polarity)


def _steps_on(event: Event, retelling: Retelling, story: Story) -> Iterator[str]:
    if story.hedged and not event.hedged and event.type == story.event_type:
        yield "no longer a supposition"
    if retelling.steps[0] in story.steps:
        return
    if event.stage and event.stage != story.stage:
        yield f"stage: {story.stage or 'none'} → {event.stage}"
    elif event.type != story.event_type:
        yield f"event: {story.event_type or 'none'} → {event.type}"
    if event.polarity != story.polarity:
        yield f"direction: {story.polarity or 'none'} → {event.polarity}"


def _sums(event: Event, retelling: Retelling, story: Story) -> Iterator[str]:
    if story.official and not retelling.official:
        return
    if moved := differing(story.sums, largest(event.amounts)):
        yield f"amount: {as_read(moved[0])} → {as_read(moved[1])}"


def _parties(retelling: Retelling, story: Story) -> Iterator[str]:
    added = [each.name for each in retelling.parties if each.id not in story.parties]
    if added:
        yield f"also names {', '.join(dict.fromkeys(added))}"


def _deadlines(retelling: Retelling, story: Story, now: datetime) -> Iterator[str]:
    for day in deadlines(f"{retelling.item.title}\n{retelling.item.summary[:1_000]}", now):
        if day.isoformat() not in story.deadlines:
            yield f"deadline {_in_words(day, now)}"


def _in_words(day: date, now: datetime) -> str:
    left = (day - now.date()).days
    when = "today" if not left else "tomorrow" if left == 1 else f"in {left} days"
    return f"{day:%d %B %Y}, {when}"
