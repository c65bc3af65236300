"""Sign in to a mailbox and read from it, by commands that change nothing in it."""

import base64
import imaplib
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date

from monitor.errors import FeedError, FeedHealth
from monitor.feeds.http.causes import cause_of
from monitor.model import Request

from .address import MailboxAddress, quoted, quoted_folder
from .link import Connection, Link, TooMuch
from .responses import FetchedMessage, Piece, fetched_messages, numbers
from .senders import HEADERS

_MAX_ANSWER = 200
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as it is opened: its UIDVALIDITY and the number of its messages."""

    validity: int
    count: int


class Session:
    """A session that reads one folder; leaving `opened` ends it."""

    def __init__(self, connection: Connection, address: MailboxAddress) -> None:
        self._connection = connection
        self._address = address

    def sign_in(self, request: Request) -> None:
        """Sign in by password or token, once: failed attempts count against the account.

        Raises:
            FeedError: the server refuses; `health` is ``blocked``.
        """
        scheme, _, secret = request.auth.partition(" ")
        by_token = scheme == "Bearer"
        if not by_token:
            secret = base64.b64decode(secret).decode().partition(":")[2]
        try:
            (self._by_token if by_token else self._by_password)(request.user, secret)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            reason = f"{self._address.host} does not let {request.user} in: {excerpt(str(error), secret)}"
            raise FeedError(f"{reason}; check user, and password or token", FeedHealth.BLOCKED) from error

    def _by_token(self, user: str, token: str) -> None:
        credentials = f"user={user}\x01auth=Bearer {token}\x01\x01".encode()
        answers = iter((credentials,))  # a refusal explains itself and waits for an empty line
        self._connection.authenticate("XOAUTH2", lambda _: next(answers, b""))

    def _by_password(self, user: str, password: str) -> None:
        capabilities = self._connection.capabilities
        if "AUTH=PLAIN" in capabilities:
            credentials = f"\0{user}\0{password}".encode()
            self._connection.authenticate("PLAIN", lambda _: credentials)
        elif "LOGINDISABLED" in capabilities or not f"{user}{password}".isascii():
            raise imaplib.IMAP4.error("it offers no way to sign in with this password")
        else:
            self._connection.login(quoted(user), password)

    def examine(self) -> Folder:
        """Open the folder for reading only.

        Raises:
            FeedError: there is no such folder, or it has no lasting numbers.
        """
        status, data = self._connection.select(quoted_folder(self._address.folder), readonly=True)
        if status != "OK":
            said = excerpt((data[0] or b"").decode("utf-8", "replace"))
            where = f"{self._address.host} opens no folder {self._address.folder}"
            raise FeedError(f"{where}: {said}; check the address", FeedHealth.HTTP)
        validity = self._connection.response("UIDVALIDITY")[1]
        if not validity or not validity[0]:
            reason = "gives its messages no lasting numbers (UIDVALIDITY), so none could be read just once"
            raise FeedError(f"{self._address.host} {reason}", FeedHealth.PROTOCOL)
        return Folder(int(validity[0]), int(data[0] or 0))

    def newest(self, folder: Folder, count: int) -> list[int]:
        """Return the UIDs of the last messages of a folder, in ascending order."""
        if not folder.count:
            return []
        first = max(folder.count - count + 1, 1)
        data = self._checked(self._connection.fetch(f"{first}:{folder.count}", "(UID)"))
        return sorted(message.uid for message in fetched_messages(data))

    def after(self, uid: int) -> list[int]:
        """Return the UIDs beyond one, ascending; a range to * always has the last message too."""
        found = numbers(self._checked(self._connection.uid("SEARCH", f"UID {uid + 1}:*")))
        return sorted(each for each in found if each > uid)

    def since(self, day: date) -> list[int]:
        """Return the UIDs of the messages received on or after a day, ascending."""
        text = f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"
        return sorted(numbers(self._checked(self._connection.uid("SEARCH", f"SINCE {text}"))))

    def headers(self, uids: Sequence[int]) -> list[FetchedMessage]:
        """Return the sizes of messages, and the headers that say who sent them."""
        return self._fetched(uids, f"(UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS ({' '.join(HEADERS)})])")

    def texts(self, uids: Sequence[int], max_bytes: int, *, only_headers: bool) -> list[FetchedMessage]:
        """Return the beginnings of messages, at most `max_bytes` of each, without marking them as read."""
        part = "HEADER" if only_headers else ""
        return self._fetched(uids, f"(UID INTERNALDATE BODY.PEEK[{part}]<0.{max_bytes}>)")

    def _fetched(self, uids: Sequence[int], what: str) -> list[FetchedMessage]:
        data = self._checked(self._connection.uid("FETCH", ",".join(map(str, uids)), what))
        found = {message.uid: message for message in fetched_messages(data) if message.text is not None}
        return [found[uid] for uid in uids if uid in found]

    def _checked(self, answer: tuple[str, Iterable[object]]) -> list[Piece]:
        status, data = answer
        pieces = [each for each in data if isinstance(each, bytes | tuple)]
        if status != "OK":
            said = b" ".join(each for each in pieces if isinstance(each, bytes)).decode("utf-8", "replace")
            raise FeedError(f"{self._address.host} refuses to read: {excerpt(said)}", FeedHealth.HTTP)
        return pieces


@contextmanager
def opened(link: Link) -> Iterator[Session]:
    """Connect and yield a session, which ends with the block.

    Raises:
        FeedError: not reached, not allowed, not trusted, broken off, or more was sent than asked for.
    """
    connection: Connection | None = None
    try:
        connection = Connection(link)
        yield Session(connection, link.address)
        with suppress(OSError, imaplib.IMAP4.error, TooMuch):  # all that was wanted has come
            connection.logout()
    except (OSError, imaplib.IMAP4.error, TooMuch, ValueError) as error:
        raise _feed_error(link, error) from error
    finally:
        if connection is not None:
            connection.shutdown()
        elif link.open_socket is not None:
            link.open_socket.close()


def _feed_error(link: Link, error: Exception) -> FeedError:
    where = f"{link.address.host}:{link.address.port}"
    if isinstance(error, TooMuch):
        reason = f"{where} sends more than {link.max_bytes:,} bytes for one poll"
        return FeedError(f"{reason}; move old messages to another folder", FeedHealth.TOO_LARGE)
    if isinstance(error, OSError):  # also `ssl.SSLCertVerificationError`, which is a ValueError too
        health, reason = cause_of(error)
        remedy = "; if the authority is your own, set ca of the feed" if health is FeedHealth.TLS else ""
        return FeedError(f"{where} cannot be read: {reason}{remedy}", health)
    if "TLS not supported" in str(error):
        reason = "offers no STARTTLS, and nothing is read in clear: write imaps:// or another port"
        return FeedError(f"{where} {reason}", FeedHealth.TLS)
    return FeedError(f"{where} breaks the rules of IMAP: {excerpt(str(error))}", FeedHealth.PROTOCOL)


def excerpt(said: str, secret: str = "") -> str:
    """Return what a server said, short, printable and without a secret."""
    if secret:
        said = said.replace(secret, "…")
    return re.sub(r"[^ -~\u00a1-\uffff]+", " ", said)[:_MAX_ANSWER].strip() or "without a reason"
