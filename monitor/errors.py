"""The expected errors of this package, and what they suggest; their texts are for the operator."""

import difflib
from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum


class FeedHealth(StrEnum):
    """The outcome of the last poll of a feed, or of the request for an article (the last three)."""

    NEW = "new"
    OK = "ok"
    NOT_MODIFIED = "not_modified"
    EMPTY = "empty"
    PARTIAL = "partial"
    HTML = "html"
    PARSE_ERROR = "parse_error"
    PARSER_KILLED = "parser_killed"
    TOO_LARGE = "too_large"
    HTTP = "http"
    BLOCKED = "blocked"
    THROTTLED = "throttled"
    GONE = "gone"
    GUARDED = "guarded"
    DNS = "dns"
    TLS = "tls"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"
    CRASHED = "crashed"
    ROBOTS = "robots"
    NO_TEXT = "no_text"
    UNWANTED = "unwanted"


class MonitorError(Exception):
    """Base of all expected errors; one sentence that names the place and the remedy."""


class ConfigError(MonitorError):
    """A configuration, rule file, lexicon or template is unusable; one "file: where: what" per line."""


class FeedError(MonitorError):
    """A feed could not be fetched or parsed.

    `health` is the state to record; `retry_after` is the wait that the server requests; `status` is that of
    its response, 0 if there was none.
    """

    def __init__(
        self,
        reason: str,
        health: FeedHealth = FeedHealth.PROTOCOL,
        retry_after: timedelta | None = None,
        status: int = 0,
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.health = health
        self.retry_after = retry_after


class ListError(MonitorError):
    """A sanctions or watch list is not valid, or shrank; the last good copy stays in use."""


class StoreError(MonitorError):
    """The database cannot be used: not writable, of another program, too new, or used by another process."""


class DeliveryError(MonitorError):
    """A channel did not accept a message.

    `permanent` says that a retry cannot succeed; `uncertain` that the message may have arrived without a
    confirmation; `code` is the protocol's own (``421``, ``HTTP 503``), for the attempt's row; `tries` is the
    number of attempts after which to give up on this answer, None for that of the channel's schedule.
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
    """The channel is at fault, not this message: any other message would fail now as well."""


def did_you_mean(word: str, known: Collection[str], form: str = "{}") -> str:
    """Return "; did you mean …?" with the most similar known word, to end an error; "" if there is none.

    `form` is how the word is written in the sentence, such as "@{}".
    """
    close = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {form.format(close[0])}?" if close else ""
