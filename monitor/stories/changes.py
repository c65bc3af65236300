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


def news_in(what: Retelling, told: Story, now: datetime) -> str:
    """Return what is materially new against what was told, in words; "" when nothing is.

    A step told before is not news again; a more urgent placement is, from the digest's top on. Once an
    authority has spoken, others bring news only with what it did not say: a later step, a denial, a day.
    """
    news = [*_of_other_texts(what, told)]
    if what.official and not told.official:
        news.append(f"confirmed by {what.by}")
    if event := what.verdict.event:
        steps = [*_steps_on(event, what, told)]
        news += steps if _may_tell(event, what, told) else ()
        news += _sums(event, what, told)
    news += _parties(what, told)
    news += _deadlines(what, told, now)
    if not news and not told.official and Placement.TOP <= what.placement > told.placement:
        news.append("graver, or from a better source")
    return "; ".join(news)


def _of_other_texts(what: Retelling, told: Story) -> Iterator[str]:
    if what.corrects and what.item.id not in told.item_ids:
        yield "corrected or withdrawn"
    if what.denies and DENIED not in told.steps and what.item.id not in told.item_ids:
        yield "denied"


def _may_tell(event: Event, what: Retelling, told: Story) -> bool:
    """An official account stands until somebody tells of a later step, or of another direction, for sure."""
    if what.official or not told.official:
        return True
    later = _RANKS.get(event.type, 0) > _RANKS.get(told.event_type, 0)
    return not event.hedged and (later or event.polarity != told.polarity)


def _steps_on(event: Event, what: Retelling, told: Story) -> Iterator[str]:
    if told.hedged and not event.hedged and event.type == told.event_type:
        yield "no longer a supposition"
    if what.steps[0] in told.steps:
        return
    if event.stage and event.stage != told.stage:
        yield f"stage: {told.stage or 'none'} → {event.stage}"
    elif event.type != told.event_type:
        yield f"event: {told.event_type or 'none'} → {event.type}"
    if event.polarity != told.polarity:
        yield f"direction: {told.polarity or 'none'} → {event.polarity}"


def _sums(event: Event, what: Retelling, told: Story) -> Iterator[str]:
    if told.official and not what.official:
        return
    if moved := differing(told.sums, largest(event.amounts)):
        yield f"amount: {as_read(moved[0])} → {as_read(moved[1])}"


def _parties(what: Retelling, told: Story) -> Iterator[str]:
    added = [each.name for each in what.parties if each.id not in told.parties]
    if added:
        yield f"also names {', '.join(dict.fromkeys(added))}"


def _deadlines(what: Retelling, told: Story, now: datetime) -> Iterator[str]:
    for day in deadlines(f"{what.item.title}\n{what.item.summary[:1_000]}", now):
        if day.isoformat() not in told.deadlines:
            yield f"deadline {_in_words(day, now)}"


def _in_words(day: date, now: datetime) -> str:
    left = (day - now.date()).days
    when = "today" if not left else "tomorrow" if left == 1 else f"in {left} days"
    return f"{day:%d %B %Y}, {when}"
