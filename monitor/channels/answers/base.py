"""Define the meaning of a refusal, the value of each row in the tables of this folder."""

from dataclasses import dataclass
from datetime import timedelta

from monitor.errors import ChannelError, DeliveryError

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """How to proceed after a refusal.

    `permanent`: a retry cannot help. `channel`: any other message would be refused too. `uncertain`: the
    message may have arrived. `retry_after` and `tries` slow down and limit the attempts; None leaves them to
    the schedule. `remedy` is for people.
    """

    permanent: bool = False
    channel: bool = False
    uncertain: bool = False
    retry_after: timedelta | None = None
    tries: int | None = None
    remedy: str = ""

    def error(self, reason: str, *, code: str = "", retry_after: timedelta | None = None) -> DeliveryError:
        """Return the error to raise; the server's own `retry_after` overrides the table's."""
        kind = ChannelError if self.channel else DeliveryError
        return kind(
            f"{reason}: {self.remedy}" if self.remedy else reason,
            permanent=self.permanent,
            uncertain=self.uncertain,
            retry_after=retry_after or self.retry_after,
            code=code,
            tries=self.tries,
        )


BUSY = Meaning(channel=True)
LATER = Meaning()
