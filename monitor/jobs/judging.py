"""Judge the items of a poll in short turns, so that a long document does not delay other feeds."""

from time import perf_counter

from monitor.alerts.raise_alerts import judge_item
from monitor.feeds.identity.recognise import Recognition
from monitor.feeds.profile.observe import doubt
from monitor.model import Feed, FeedState, Judged

from .durations import Durations
from .policy import Policy

#: How long one feed's items are judged before another feed gets its turn.
JUDGING_TURN_S = 0.05


def judge_turn(
    policy: Policy,
    feed: Feed,
    states: tuple[FeedState, FeedState],
    found: Recognition,
    start: int,
    durations: Durations,
) -> list[Judged]:
    """Judge items from number `start` on until the turn ends, at least one; new items come before revised.

    `states` are those before and after the poll; `durations` counts how long each item took.
    """
    before, after = states
    context, first_poll, new = policy.alerts, before.good_at is None, len(found.new)
    judged: list[Judged] = []
    begun = perf_counter()
    ends = begun + JUDGING_TURN_S
    for number in range(start, new + len(found.revised)):
        if number < new:
            item = found.new[number]
            reason = doubt(feed, before, after.profile, item)
            judged.append(judge_item(context, feed, item, first_poll=first_poll, doubt=reason))
        else:
            revised = found.revised[number - new]
            judged.append(found.with_versions(judge_item(context, feed, revised)))
        now = perf_counter()
        durations.add(now - begun)
        begun = now
        if now >= ends:
            break
    return judged
