"""Documents as they were received, and what they prove."""

from dataclasses import dataclass, field
from datetime import datetime

from .alerts import Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedDocument:
    """The bytes of one answer, as a feed or a page gave them; `hash` is their SHA-256 in hexadecimal.

    `url` is where redirects ended, `headers` what came with the bytes.
    """

    hash: str
    feed: str
    url: str
    fetched_at: datetime
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Exhibit:
    """An alert with the document it came from; None when that is no longer kept, and only its `hash` is.

    `hash` is "" for an alert of the time before documents were kept.
    """

    alert: Alert
    hash: str
    document: ArchivedDocument | None
