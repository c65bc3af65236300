"""Judge the items of a poll in short turns, and a stored item again with the text of its page."""

from dataclasses import dataclass, replace
from time import perf_counter

from monitor.alerts.raise_alerts import AlertContext, judge_item
from monitor.feeds.identity.recognise import Recognition
from monitor.feeds.profile.observe import doubt
from monitor.model import Feed, FeedProfile, FeedState, Judged

from .durations import Durations

#: How long one feed's items are judged before another feed gets its turn.
JUDGING_TURN_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundItems:
    """The items that a poll of a feed found; `before` is its state before, `profile` the one after."""

    feed: Feed
    before: FeedState
    profile: FeedProfile
    found: Recognition

    def __len__(self) -> int:
        return len(self.found.new) + len(self.found.revised)

    def judge(self, context: AlertContext, number: int) -> Judged:
        """Judge the item of this number; new items come before revised."""
        feed, new = self.feed, self.found.new
        if number < len(new):
            reason = doubt(feed, self.before, self.profile, new[number])
            first_poll = self.before.good_at is None
            return judge_item(context, feed, new[number], first_poll=first_poll, doubt=reason)
        return self.found.with_versions(judge_item(context, feed, self.found.revised[number - len(new)]))


def judge_turn(
    context: AlertContext,
    items: FoundItems,
    start: int,
    durations: Durations,
    turn_s: float = JUDGING_TURN_S,
) -> list[Judged]:
    """Judge items from number `start` on until the turn ends, at least one.

    A long document so delays no other feed. `durations` counts how long each item took.
    """
    judged: list[Judged] = []
    begun = perf_counter()
    ends = begun + turn_s
    for number in range(start, len(items)):
        judged.append(items.judge(context, number))
        now = perf_counter()
        durations.add(now - begun)
        begun = now
        if now >= ends:
            break
    return judged


@dataclass(frozen=True, slots=True)
class JudgedWithText:
    """An item judged with the text of its page; `is_material`: the text changes what is to be reported."""

    judged: Judged
    is_material: bool


def judge_with_text(context: AlertContext, feed: Feed, stored: Judged, text: str) -> JudgedWithText:
    """Judge a stored item with the text of its page.

    A placement that was lowered when the item was first judged (a first poll, a burst) stays. A difference
    that comes from a change of rules does not count.
    """
    is_teaser = len(stored.item.body) > 2 * len(text)  # the feed itself has more than the page shows
    item = stored.item if is_teaser else replace(stored.item, body=text)
    with_text = judge_item(context, feed, item)
    without = judge_item(context, feed, stored.item)
    if without.decision.placement > stored.decision.placement:
        return JudgedWithText(replace(with_text, decision=stored.decision), is_material=False)
    more_urgent = with_text.decision.placement > without.decision.placement
    more_topics = not set(with_text.verdict.topics) <= set(without.verdict.topics)
    other_step = _step(with_text) != _step(without)
    return JudgedWithText(with_text, is_material=more_urgent or more_topics or other_step)


def _step(judged: Judged) -> tuple[str, str, str] | None:
    event = judged.verdict.event
    return (event.type, event.stage, event.polarity) if event else None
