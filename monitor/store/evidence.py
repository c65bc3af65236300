"""Store the documents that alerts came from, compressed and once each, and verify their hashes on reading."""

import zlib
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select

from monitor.errors import StoreError
from monitor.model import ArchivedDocument, Exhibit

from . import tables as t
from .database import Database, insert_missing
from .rows import ALERT, alert_in


def store_document(connection: Connection, document: ArchivedDocument) -> None:
    """Write a document, unless one with the same bytes is stored."""
    row = {
        "hash": document.hash,
        "feed": document.feed,
        "url": document.url,
        "fetched_at": document.fetched_at,
        "headers": document.headers,
        "size": len(document.body),
        "body": zlib.compress(document.body),
    }
    insert_missing(connection, t.documents, [row])


def exhibits(database: Database, item: str) -> tuple[Exhibit, ...]:
    """Return every alert of an item, oldest first, with the document it came from.

    Raises:
        StoreError: a document is no longer the one that was written.
    """
    a, d = t.alerts.c, t.documents.c
    kept = [d.hash, d.feed, d.url, d.fetched_at, d.headers, d.size, d.body]
    found = select(*ALERT, a.document, *kept).outerjoin(t.documents, d.hash == a.document)
    with database.read_transaction() as connection:
        rows = connection.execute(found.where(a.item == item).order_by(a.seq)).all()
    return tuple(Exhibit(alert_in(row[:2]), row[2] or "", _document(row[3:], database.label)) for row in rows)


def _document(row: Sequence[Any], label: str) -> ArchivedDocument | None:
    hash, feed, url, fetched_at, headers, size, packed = row
    if hash is None:
        return None
    try:
        body = zlib.decompressobj().decompress(packed, size + 1)
    except zlib.error:
        body = b""
    if sha256(body).hexdigest() != hash:
        raise StoreError(
            f"{label}: the document {hash[:12]} of feed {feed!r} is not the one that was written;"
            " restore it from a backup"
        )
    return ArchivedDocument(hash=hash, feed=feed, url=url, fetched_at=fetched_at, headers=headers, body=body)


def newest_document(database: Database, feed: str) -> ArchivedDocument | None:
    """Return the newest document of a feed; None if there is none.

    Raises:
        StoreError: the document is no longer the one that was written.
    """
    d = t.documents.c
    kept = select(d.hash, d.feed, d.url, d.fetched_at, d.headers, d.size, d.body).where(d.feed == feed)
    with database.read_transaction() as connection:
        row = connection.execute(kept.order_by(d.fetched_at.desc()).limit(1)).first()
    return _document(row, database.label) if row else None
