"""Describe the state of a list: its documents, its version, its size and its last problem. Pure."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from monitor.model import Entity, key_of

from .base import SanctionsList
from .sanity import Count

_VERSION_CHARS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDocument:
    """One downloaded document of a list.

    `proved_at` is when its bytes were last received; a server's word that they are unchanged does not count.
    """

    url: str
    sha256: str
    size: int
    proved_at: datetime
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheRecord:
    """The state of one list. Without a `version` there is no good copy; `problem` is that of the last try.

    `expires_on` is the first day on which an entry of the copy ends.
    """

    format: str = ""
    version: str = ""
    documents: tuple[ListDocument, ...] = ()
    count: Count | None = None
    fetched_at: datetime | None = None
    checked_at: datetime | None = None
    problem: str = ""
    failures: int = 0
    expires_on: date | None = None

    def matches(self, list: SanctionsList) -> bool:
        """Say whether the good copy belongs to the list as it is configured now."""
        urls = tuple(document.url for document in self.documents)
        return bool(self.version) and self.format == list.format and urls == list.urls

    def is_current(self, documents: Sequence[ListDocument], today: date) -> bool:
        """Say whether these documents are those of the copy, and no entry has ended since."""
        same = [each.sha256 for each in documents] == [each.sha256 for each in self.documents]
        return same and (self.expires_on is None or self.expires_on >= today)

    def due_at(self, list: SanctionsList, retry_interval: timedelta) -> datetime | None:
        """Return when to fetch the list again, None for at once; sooner than usual after a failure."""
        if self.checked_at is None:
            return None
        wait = min(list.every, retry_interval * self.failures) if self.problem else list.every
        return self.checked_at + wait


def version_of(documents: Sequence[ListDocument], entities: Collection[Entity]) -> str:
    """Return the version of a copy: of its bytes, and of how many entries have not ended."""
    hashes = (document.sha256 for document in documents)
    return key_of(*hashes, str(len(entities)))[:_VERSION_CHARS]


def document_of(
    url: str, body: bytes, etag: str | None, last_modified: str | None, now: datetime
) -> ListDocument:
    """Return the record of one downloaded document."""
    return ListDocument(
        url=url,
        sha256=hashlib.sha256(body).hexdigest(),
        size=len(body),
        proved_at=now,
        etag=etag,
        last_modified=last_modified,
    )


def record_of(data: dict[str, Any]) -> CacheRecord:
    """Return the state of a list from the JSON that stores it.

    Raises:
        KeyError, TypeError, ValueError: it is damaged.
    """
    documents = tuple(
        ListDocument(**document | {"proved_at": _time(document["proved_at"])})
        for document in data["documents"]
    )
    return CacheRecord(
        format=data["format"],
        version=data["version"],
        documents=documents,
        count=Count(**data["count"]) if data["count"] else None,
        fetched_at=_time(data["fetched_at"]),
        checked_at=_time(data["checked_at"]),
        problem=data["problem"],
        failures=data["failures"],
        expires_on=date.fromisoformat(ends) if (ends := data.get("expires_on")) else None,
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
