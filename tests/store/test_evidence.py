"""Documents kept with the alerts that they raised, on every database."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import func, select, update

from monitor.errors import StoreError
from monitor.model import ArchivedDocument, Exhibit
from monitor.store import SqlStore
from monitor.store.tables import documents
from tests.conftest import NOW, alert, item
from tests.store.builders import feed, outcome, state_of

BODY = b"<rss>" + b"\x00\xff the same words \r\n" * 2_000 + b"</rss>"
HEADERS = (("content-type", "text/xml"), ("date", "Mon, 23 Nov 2026 09:00:00 GMT"))


def document(body: bytes = BODY) -> ArchivedDocument:
    return ArchivedDocument(
        hash=sha256(body).hexdigest(),
        feed="wire",
        url="https://wire.example/new",
        fetched_at=NOW,
        headers=HEADERS,
        body=body,
    )


def stored(store: SqlStore) -> int:
    with store.database.read_transaction() as connection:
        return connection.scalar(select(func.count()).select_from(documents)) or 0


def poll(store: SqlStore, guid: str, *, raises: bool, body: bytes = BODY) -> None:
    one = item(guid=guid)
    alerts = (alert(item=one),) if raises else ()
    assert store.commit([outcome(state_of(store), one, alerts=alerts, document=document(body))])


def test_an_alert_shows_the_document_it_came_from_byte_for_byte(store: SqlStore):
    store.enrol([feed()], NOW)
    poll(store, "1", raises=True)
    one = item()
    assert store.exhibits(one.id) == (Exhibit(replace(alert(item=one), seq=1), document().hash, document()),)


def test_the_newest_document_of_a_feed_is_found(store: SqlStore):
    store.enrol([feed(), feed("other")], NOW)
    assert store.last_document("wire") is None
    poll(store, "1", raises=True)
    later = replace(document(b"newer"), fetched_at=NOW + timedelta(hours=1))
    one = item(guid="2")
    store.commit([outcome(state_of(store), one, alerts=(alert(item=one),), document=later)])
    assert store.last_document("wire") == later
    assert store.last_document("other") is None


def test_a_document_that_raised_nothing_is_not_kept(store: SqlStore):
    store.enrol([feed()], NOW)
    poll(store, "1", raises=False)
    assert stored(store) == 0
    assert store.exhibits(item().id) == ()


def test_the_same_bytes_are_kept_once_and_compressed(store: SqlStore):
    store.enrol([feed()], NOW)
    poll(store, "1", raises=True)
    poll(store, "2", raises=True)
    poll(store, "3", raises=True, body=b"other bytes")
    assert stored(store) == 2
    with store.database.read_transaction() as connection:
        assert connection.scalar(select(func.min(func.length(documents.c.body)))) < 100
        assert connection.scalar(select(func.max(func.length(documents.c.body)))) < len(BODY) / 10


@pytest.mark.parametrize("damage", [b"", b"no zlib at all", None], ids=["empty", "garbage", "other words"])
def test_a_damaged_document_is_never_shown_as_evidence(store: SqlStore, damage: bytes | None):
    store.enrol([feed()], NOW)
    poll(store, "1", raises=True)
    poll(store, "2", raises=True, body=BODY + b" and more")
    with store.database.write_transaction() as connection:
        other = select(documents.c.body).where(documents.c.hash != document().hash).scalar_subquery()
        columns = {"body": other if damage is None else damage}
        connection.execute(update(documents).where(documents.c.hash == document().hash).values(columns))
    with pytest.raises(StoreError, match="is not the one that was written; restore it from a backup"):
        store.exhibits(item().id)


def test_an_alert_without_a_document_says_so(store: SqlStore):
    store.enrol([feed()], NOW)
    one = item()
    store.commit([outcome(state_of(store), one, alerts=(alert(item=one),))])
    assert store.exhibits(one.id) == (Exhibit(replace(alert(item=one), seq=1), "", None),)
