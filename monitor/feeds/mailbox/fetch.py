"""Poll a mailbox: read the messages that came since the last poll, as one document."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.errors import FeedHealth
from monitor.feeds.base import Fetched, NotModified
from monitor.feeds.http.authorities import trusted_authorities
from monitor.feeds.http.clients import trust_file
from monitor.feeds.http.guard import Guard
from monitor.model import Feed, FeedState

from .address import mailbox_address
from .cursor import Cursor, mailbox_key
from .link import Link
from .mbox import received_at, to_mbox
from .responses import FetchedMessage
from .senders import is_wanted
from .session import Folder, Session, opened

#: The most messages of one poll, and the most bytes of each; the others follow at the next polls.
MAX_MESSAGES = 100
MAX_MESSAGE_BYTES = 512 * 1024

#: The messages that the first poll of a mailbox reads, as the first document of another feed would have.
FIRST_MESSAGES = 30

#: What a server may send beside the messages.
_OVERHEAD_BYTES = 4_000_000

_KILLED = frozenset({FeedHealth.PARSER_KILLED, FeedHealth.CRASHED})


@dataclass(frozen=True, slots=True)
class _Plan:
    """The messages to look at, ascending, and the cursor that stands if none of them is read.

    With `newest_first` those that do not fit are left out for good, else they follow at the next poll.
    """

    uids: tuple[int, ...]
    cursor: Cursor
    known: bool
    newest_first: bool = False


async def fetch_mailbox(
    feed: Feed, state: FeedState, now: datetime, guard: Guard, max_bytes: int
) -> Fetched | NotModified:
    """Return the messages after the cursor in ``state.etag``, at most `max_bytes` and 100 of them.

    After a failed poll one message is read at a time; one that ended its parser twice is read by its headers.

    Raises:
        FeedError: not reached, not allowed, not let in, or not answered by the rules.
    """
    trust = trust_file(feed.request.ca) if feed.request.ca else trusted_authorities()
    link = Link(
        address=mailbox_address(feed.url), guard=guard, trust=trust, max_bytes=max_bytes + _OVERHEAD_BYTES
    )
    try:
        return await asyncio.to_thread(_poll, link, feed, state, now, max_bytes)
    except asyncio.CancelledError:
        link.abort()
        raise


def _poll(link: Link, feed: Feed, state: FeedState, now: datetime, max_bytes: int) -> Fetched | NotModified:
    with opened(link) as session:
        session.sign_in(feed.request)
        plan = _plan(session, session.examine(), feed, state)
        if plan.known and not plan.uids:
            return NotModified(etag=plan.cursor.text, proved=True)
        wanted, cursor = _chosen(session, plan, feed, state, max_bytes)
        only_headers = state.failures > 1 and state.health in _KILLED
        texts = session.texts(wanted, MAX_MESSAGE_BYTES, only_headers=only_headers) if wanted else []
    if plan.known and not texts:
        return NotModified(etag=cursor.text, proved=True)
    return _document(feed, texts, cursor, now)


def _plan(session: Session, folder: Folder, feed: Feed, state: FeedState) -> _Plan:
    """Return the messages that are new by the cursor.

    If the server numbered its messages anew, those since the last poll are read again; most are recognised by
    their Message-ID.
    """
    cursor, key = Cursor.parse(state.etag), mailbox_key(feed)
    if cursor is None or cursor.mailbox != key:
        uids = session.newest(folder, FIRST_MESSAGES)
        last = Cursor(key, folder.validity, uids[-1] if uids else 0)
        return _Plan(tuple(uids), last, known=False, newest_first=True)
    if cursor.validity == folder.validity:
        return _Plan(tuple(session.after(cursor.uid)), cursor, known=True)
    read_at = state.good_at or state.polled_at or state.next_poll_at
    uids = session.since((read_at - timedelta(days=1)).date())
    before = 0 if uids else max(session.newest(folder, 1), default=0)
    return _Plan(tuple(uids), Cursor(key, folder.validity, before), known=True)


def _chosen(
    session: Session, plan: _Plan, feed: Feed, state: FeedState, max_bytes: int
) -> tuple[list[int], Cursor]:
    """Return the UIDs to read, ascending, and the cursor once they are read."""
    most = 1 if state.failures else MAX_MESSAGES
    looked_at = plan.uids[-MAX_MESSAGES:] if plan.newest_first else plan.uids[:MAX_MESSAGES]
    if not looked_at:
        return [], plan.cursor
    messages = {each.uid: each for each in session.headers(looked_at)}
    order = reversed(looked_at) if plan.newest_first else iter(looked_at)
    wanted: list[int] = []
    last, size = plan.cursor.uid, 0
    for uid in order:
        message = messages.get(uid)
        if message and is_wanted(message.text or b"", feed.mail):
            size += min(message.size, MAX_MESSAGE_BYTES)
            if wanted and (size > max_bytes or len(wanted) == most):
                break
            wanted.append(uid)
        last = max(last, uid)
    return sorted(wanted), Cursor(plan.cursor.mailbox, plan.cursor.validity, last)


def _document(feed: Feed, texts: list[FetchedMessage], cursor: Cursor, now: datetime) -> Fetched:
    body = to_mbox((received_at(each.received, now), each.text or b"") for each in texts)
    return Fetched(
        body=body,
        content_type="application/mbox",
        etag=cursor.text,
        last_modified=None,
        body_hash=hashlib.sha256(body).hexdigest(),
        final_url=feed.url,
    )
