"""Documents as received, and the alerts that came from them."""

from dataclasses import dataclass, field
from datetime import datetime

from .alerts import Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedDocument:
    """The body of one response of a feed or a page; `hash` is its SHA-256 in hexadecimal.

    `url` is the address after redirects, `headers` are those of the response.
    """

    hash: str
    feed: str
    url: str
    fetched_at: datetime
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Exhibit:
    """An alert with the document it came from; None if that is deleted and only its `hash` is stored.

    `hash` is "" for an alert without a stored document.
    """

    alert: Alert
    hash: str
    document: ArchivedDocument | None
