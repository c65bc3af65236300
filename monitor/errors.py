"""Every error this package raises on purpose. Their texts are fit for an operator's eyes."""

from datetime import timedelta


class MonitorError(Exception):
    """Base of all expected errors; one sentence that names the place and the remedy."""


class ConfigError(MonitorError):
    """A configuration, rule file, lexicon or template is unusable; a mistake a line: "file: where: what"."""


class FeedError(MonitorError):
    """A feed could not be fetched or parsed.

    `health` is the state to record (``timeout``, ``html``, ``http``, …); `retry_after` is the server's wish;
    `status` is that of its answer, 0 if there was none.
    """

    def __init__(
        self,
        reason: str,
        health: str = "protocol",
        retry_after: timedelta | None = None,
        status: int = 0,
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.health = health
        self.retry_after = retry_after


class ListError(MonitorError):
    """A sanctions or watch list is not what it claims to be, or shrank; the last good copy stays in use."""


class StoreError(MonitorError):
    """The database cannot be used: not writable, not ours, too new, or served by another process."""


class DeliveryError(MonitorError):
    """A channel did not accept a message.

    `permanent` says that trying again cannot help; `uncertain` that the message may have arrived although
    nobody said so; `code` is the protocol's own (``421``, ``HTTP 503``), for the attempt's row; `tries` how
    many attempts such an answer is worth, None leaving that to the channel's schedule.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        uncertain: bool = False,
        retry_after: timedelta | None = None,
        code: str = "",
        tries: int | None = None,
    ) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.uncertain = uncertain
        self.retry_after = retry_after
        self.code = code
        self.tries = tries


class ChannelError(DeliveryError):
    """The fault lies with the channel, not with this message: any other message would fare the same now."""
