"""A real IMAP server on loopback that speaks the part of IMAP4rev1 that reading needs, and misbehaves on request.

    with MailboxServer() as server:
        server.add(message(subject="Notice")) ... server.url("INBOX") ... server.commands

It knows EXAMINE and not SELECT, BODY.PEEK and not BODY: a client that would change the mailbox gets BAD.
"""

import base64
import re
import socket
import socketserver
import ssl
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import cache
from typing import BinaryIO

import trustme

from tests.support.threaded import ThreadedServer

USER, PASSWORD, TOKEN = "radar", "correct horse", "ya29.token"

_FETCH = re.compile(r"(UID )?FETCH (\S+) \((.*)\)", re.IGNORECASE)
_PARTIAL = re.compile(r"BODY\.PEEK\[([^\]]*)\](?:<0\.(\d+)>)?")


@dataclass
class Mail:
    """A message in the folder."""

    uid: int
    raw: bytes
    received: datetime


def message(
    subject: str = "Ministry signs contract",
    text: str = "The contract is worth $80 million.",
    *,
    sender: str = "Office <news@office.example>",
    html: str = "",
    **headers: str,
) -> bytes:
    """Return a mail as it stands in a mailbox."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["Subject"] = subject
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    return mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


@cache
def _certified() -> tuple[trustme.CA, ssl.SSLContext]:
    """Return an authority and a server's context with its certificate, for all servers of this process."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return authority, context


@dataclass
class MailboxServer(ThreadedServer):
    """Serves one folder on a free port of 127.0.0.1; use it in a ``with`` block.

    `tls` is ``implicit``, ``starttls`` or ``none`` (STARTTLS stripped). `replies` maps a command (LOGIN, EXAMINE,
    SEARCH, FETCH …) to the tagged reply it gets; `raw` to bytes that are written instead of everything else.
    `hang` names a command that is never answered; `gone` are UIDs that SEARCH still finds. `commands` are the lines as they came.
    """

    tls: str = "implicit"
    folder: str = "INBOX"
    validity: int = 7
    capabilities: str = "IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2"
    replies: dict[str, str] = field(default_factory=dict)
    raw: dict[str, bytes] = field(default_factory=dict)
    hang: str = ""
    attributes_last: bool = False
    gone: set[int] = field(default_factory=set)
    mails: list[Mail] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    sessions: int = 0

    def __post_init__(self) -> None:
        self.authority, self.context = _certified()
        self.ended = threading.Event()
        self.hanging = threading.Event()
        self.open: set[socket.socket] = set()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.mailbox = self
        self.port: int = self._server.server_address[1]

    def url(self, folder: str = "INBOX") -> str:
        """Return the address of a folder."""
        return f"{'imaps' if self.tls == 'implicit' else 'imap'}://127.0.0.1:{self.port}/{folder}"

    def add(
        self, raw: bytes, received: datetime = datetime(2026, 11, 23, 8, 30, tzinfo=UTC), uid: int = 0
    ) -> None:
        """Deliver a message; its UID is one more than the last unless given."""
        last = self.mails[-1].uid if self.mails else 0
        self.mails.append(Mail(uid or last + 1, raw, received))

    def verbs(self) -> list[str]:
        """Return the commands that came, by name."""
        return [line.split()[1] for line in self.commands]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = False
    block_on_close = True
    mailbox: MailboxServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are the point of many tests."""


class _Handler(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.box, self.connection = self.server.mailbox, self.request
        self.box.sessions += 1
        self.box.open.add(self.request)
        try:
            if self.box.tls == "implicit":
                self._secure()
            self._write(b"* OK ready\r\n")
            while self._answer_next():
                pass
        finally:
            self.box.open.discard(self.request)
            self.connection.close()

    def _secure(self) -> None:
        self.connection = self.box.context.wrap_socket(self.connection, server_side=True)
        self.lines: BinaryIO = self.connection.makefile("rb")

    def _write(self, data: bytes) -> None:
        if not hasattr(self, "lines"):
            self.lines = self.connection.makefile("rb")
        self.connection.sendall(data)

    def _answer_next(self) -> bool:
        line = self.lines.readline(65_536).decode("utf-8").rstrip("\r\n")
        if not line:
            return False
        self.box.commands.append(line)
        tag, _, command = line.partition(" ")
        verb = command.removeprefix("UID ").partition(" ")[0].upper()
        if verb == self.box.hang:
            self.box.hanging.set()
            self.box.ended.wait(240)
            return False
        if verb in self.box.raw:
            self._write(self.box.raw[verb])
            return False
        if verb in self.box.replies:
            self._write(f"{tag} {self.box.replies[verb]}\r\n".encode())
            return True
        data, reply = self._obeyed(verb, command)
        self._write(data + f"{tag} {reply}\r\n".encode())
        if verb == "STARTTLS" and reply.startswith("OK"):
            self._secure()
        return verb != "LOGOUT"

    def _obeyed(self, verb: str, command: str) -> tuple[bytes, str]:
        known = {
            "CAPABILITY": self._capable,
            "STARTTLS": lambda _: (b"", "OK begin" if self.box.tls == "starttls" else "BAD no"),
            "LOGOUT": lambda _: (b"* BYE\r\n", "OK bye"),
            "LOGIN": self._logged_in,
            "AUTHENTICATE": self._authenticated,
            "EXAMINE": self._examined,
            "SEARCH": self._found,
            "FETCH": self._fetched,
        }
        return known[verb](command) if verb in known else (b"", "BAD that is not for reading")

    def _capable(self, _: str) -> tuple[bytes, str]:
        offered = self.box.capabilities + (" STARTTLS" if self.box.tls == "starttls" else "")
        return f"* CAPABILITY {offered}\r\n".encode(), "OK done"

    def _logged_in(self, command: str) -> tuple[bytes, str]:
        good = command == f'LOGIN "{USER}" "{PASSWORD}"'
        return b"", "OK in" if good else "NO [AUTHENTICATIONFAILED] wrong"

    def _authenticated(self, command: str) -> tuple[bytes, str]:
        return b"", self._checked_credentials(command.split()[1])

    def _checked_credentials(self, mechanism: str) -> str:
        self._write(b"+ \r\n")
        said = base64.b64decode(self.lines.readline()).decode()
        if mechanism == "PLAIN":
            return "OK in" if said == f"\0{USER}\0{PASSWORD}" else "NO [AUTHENTICATIONFAILED] wrong"
        if said == f"user={USER}\x01auth=Bearer {TOKEN}\x01\x01":
            return "OK in"
        self._write(b"+ " + base64.b64encode(b'{"status":"401"}') + b"\r\n")
        self.lines.readline()
        return f"NO token refused {said}"

    def _examined(self, command: str) -> tuple[bytes, str]:
        if command != f'EXAMINE "{self.box.folder}"':
            return b"", "NO [NONEXISTENT] no such folder"
        lines = f"* {len(self.box.mails)} EXISTS\r\n* OK [UIDVALIDITY {self.box.validity}] valid\r\n"
        return lines.encode(), "OK [READ-ONLY] open"

    def _found(self, command: str) -> tuple[bytes, str]:
        uids = [mail.uid for mail in self.box.mails]
        if match := re.search(r"UID (\d+):\*", command):
            found = [uid for uid in uids if uid >= int(match[1])] or uids[-1:]
        else:
            day = datetime.strptime(command.rpartition(" ")[2], "%d-%b-%Y").replace(tzinfo=UTC)
            found = [mail.uid for mail in self.box.mails if mail.received >= day]
        return f"* SEARCH {' '.join(map(str, found))}\r\n".encode(), "OK done"

    def _fetched(self, command: str) -> tuple[bytes, str]:
        match = _FETCH.fullmatch(command)
        if match is None:
            return b"", "BAD that is not for reading"
        answer = b""
        for number, mail in enumerate(self.box.mails, 1):
            if mail.uid not in self.box.gone and _is_in(mail.uid if match[1] else number, match[2]):
                answer += b"* %d FETCH (%s)\r\n" % (number, self._attributes(mail, match[3]))
        return answer, "OK done"

    def _attributes(self, mail: Mail, wanted: str) -> bytes:
        plain = [b"UID %d" % mail.uid]
        if "RFC822.SIZE" in wanted:
            plain.append(b"RFC822.SIZE %d" % len(mail.raw))
        if "INTERNALDATE" in wanted:
            plain.append(f'INTERNALDATE "{mail.received:%d-%b-%Y %H:%M:%S %z}"'.encode())
        body = []
        if part := _PARTIAL.search(wanted):
            text = _part(mail.raw, part[1])[: int(part[2] or 10**9)]
            body.append(
                b"BODY[%s]%s {%d}\r\n%s" % (part[1].encode(), b"<0>" if part[2] else b"", len(text), text)
            )
        return b" ".join(body + plain if self.box.attributes_last else plain + body)


def _part(raw: bytes, name: str) -> bytes:
    head = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    if name == "HEADER":
        return head
    if not name:
        return raw
    fields = name.partition("(")[2].rstrip(")").lower().split()
    lines = re.findall(rb"[^\r\n]+(?:\r\n[ \t][^\r\n]*)*\r\n", head)
    return b"".join(line for line in lines if line.partition(b":")[0].decode().lower() in fields) + b"\r\n"


def _is_in(number: int, ranges: str) -> bool:
    for each in ranges.split(","):
        first, _, last = each.partition(":")
        if int(first) <= number <= int(last or first):
            return True
    return False
