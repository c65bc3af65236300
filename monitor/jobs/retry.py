"""When the deliveries of each message form are tried again. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from monitor.model import MessageForm


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long deliveries of one message form are tried.

    `waits` lie between the attempts, so there is one attempt more; each varies by ± `jitter` of itself.
    `time_limit` is for one attempt. `repeatable`: the receiver drops a repeat by its id, or the repeat
    overwrites the first. `gap` is the interval that the receiver wants between two messages.
    """

    waits: tuple[timedelta, ...]
    time_limit: timedelta
    jitter: float = 0.0
    repeatable: bool = False
    gap: timedelta = timedelta(0)

    def wait(self, attempts: int, random: Random) -> timedelta | None:
        """Return how long to wait after one more attempt than `attempts`; None when it was the last."""
        if attempts >= len(self.waits):
            return None
        return self.waits[attempts] * (1 + self.jitter * random.uniform(-1, 1))


def _minutes(*numbers: float) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=number) for number in numbers)


# Mail is handed to a server nearby and given up after a day; posts follow the Standard Webhooks schedule
# (three days); a full disk or a closed terminal is tried for a day.
_MAIL = _minutes(1, 5, 15, 30, 60, 120, 240, 240, 240, 240, 240)
_POST = _minutes(5 / 60, 5, 30, 2 * 60, 5 * 60, 10 * 60, 14 * 60, 20 * 60, 24 * 60)
_CHAT = RetryPolicy(_POST, time_limit=timedelta(minutes=2), jitter=0.2)
_LOCAL = _minutes(*(min(2**n / 6, 10) for n in range(150)))

RETRY_POLICIES: Mapping[MessageForm, RetryPolicy] = {
    MessageForm.MAIL: RetryPolicy(_MAIL, time_limit=timedelta(minutes=21)),
    MessageForm.SLACK: replace(_CHAT, gap=timedelta(seconds=1)),
    MessageForm.TEAMS: _CHAT,
    MessageForm.DISCORD: _CHAT,
    MessageForm.TELEGRAM: replace(_CHAT, gap=timedelta(seconds=3)),
    MessageForm.NTFY: _CHAT,
    MessageForm.PAGERDUTY: replace(_CHAT, repeatable=True),
    MessageForm.MATRIX: replace(_CHAT, repeatable=True),
    MessageForm.APPRISE: _CHAT,
    MessageForm.JSON: replace(_CHAT, repeatable=True),
    MessageForm.FILES: RetryPolicy(_LOCAL, time_limit=timedelta(minutes=2), repeatable=True),
    MessageForm.TEXT: RetryPolicy(_LOCAL, time_limit=timedelta(minutes=2), repeatable=True),
}
