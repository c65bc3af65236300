"""Addresses of mailboxes, cursors, the mbox format, and whose messages are read."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.mailbox.address import MailboxAddress, mailbox_address, quoted_folder
from monitor.feeds.mailbox.cursor import Cursor
from monitor.feeds.mailbox.mbox import StoredMessage, from_mbox, received_at, to_mbox
from monitor.feeds.mailbox.responses import FetchedMessage, fetched_messages, numbers
from monitor.feeds.mailbox.senders import is_wanted
from monitor.model import MailFilter

NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("imaps://imap.example", MailboxAddress("imap.example", 993)),
        ("imaps://imap.example:1993/", MailboxAddress("imap.example", 1993)),
        ("imap://imap.example/INBOX", MailboxAddress("imap.example", 143, "INBOX", implicit_tls=False)),
        (
            "imaps://imap.example/Lists/EU%20sanctions",
            MailboxAddress("imap.example", 993, "Lists/EU sanctions"),
        ),
    ],
)
def test_an_address_names_server_and_folder(url: str, address: MailboxAddress) -> None:
    assert mailbox_address(url) == address


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("INBOX", '"INBOX"'),
        ("Haber & Yaptırım", '"Haber &- Yapt&ATE-r&ATE-m"'),
        ("台北", '"&U,BTFw-"'),
        ('a"b\\c', '"a\\"b\\\\c"'),
        ("a\r\nA1 DELETE x", '"a&AA0ACg-A1 DELETE x"'),
    ],
)
def test_folders_are_named_in_modified_utf_7_and_cannot_add_commands(name: str, sent: str) -> None:
    assert quoted_folder(name) == sent


def test_a_cursor_is_read_as_it_was_stored() -> None:
    cursor = Cursor("0af3", 7, 12)
    assert Cursor.parse(cursor.text) == cursor
    assert Cursor.parse('W/"an ETag"') is None
    assert Cursor.parse(None) is None


@given(
    st.lists(st.binary(max_size=200) | st.sampled_from([b"From x\n>From y\n\n", b"\nFrom MAILER-DAEMON z\n"]))
)
def test_messages_are_read_from_a_document_as_they_were_written(raws: list[bytes]) -> None:
    document = to_mbox((NOON, raw) for raw in raws)
    assert list(from_mbox(document)) == [StoredMessage("2026-11-03T12:00:00+00:00", raw) for raw in raws]


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("03-Nov-2026 13:30:00 +0130", NOON),
        (" 3-Nov-2026 12:00:00 +0000", NOON),
        ("yesterday", datetime(2000, 1, 1, tzinfo=UTC)),
        ("", datetime(2000, 1, 1, tzinfo=UTC)),
    ],
)
def test_the_date_of_receipt_is_read(said: str, moment: datetime) -> None:
    assert received_at(said, datetime(2000, 1, 1, tzinfo=UTC)) == moment


def test_answers_are_read_in_any_order_and_without_those_about_other_things() -> None:
    pieces = [
        (b"1 (UID 5 RFC822.SIZE 10 BODY[] {3}", b"abc"),
        b")",
        b"2 (FLAGS (\\Seen))",
        (b"3 (BODY[] {3}", b"UID"),
        b' UID 6 INTERNALDATE "03-Nov-2026 12:00:00 +0000")',
    ]
    assert list(fetched_messages(pieces)) == [
        FetchedMessage(5, 10, "", b"abc"),
        FetchedMessage(6, 0, "03-Nov-2026 12:00:00 +0000", b"UID"),
    ]
    assert numbers([b"3 4", b"5", b""]) == [3, 4, 5]


OFFICE = MailFilter(senders=("news@office.example", "@lists.example"))


@pytest.mark.parametrize(
    ("sender", "wanted"),
    [
        ("From: Office <news@office.example>", True),
        ("From: NEWS@Office.example", True),
        ("From: a@lists.example", True),
        ("From: a@eu.lists.example", True),
        ("From: a@notlists.example", False),
        ('From: "news@office.example" <evil@other.example>', False),
        ("From: news@office.example <evil@other.example>", False),
        ("From: evil@other.example (news@office.example)", False),
        ("From: news@office.example, evil@other.example", False),
        ("From: news@office.example\r\nFrom: evil@other.example", False),
        ("Sender: news@office.example", False),
        ("From: " + '"' * 5_000, False),
        ("", False),
    ],
)
def test_only_wanted_senders_are_read(sender: str, wanted: bool) -> None:
    headers = f"{sender}\r\n\r\n".encode()
    assert is_wanted(headers, OFFICE) is wanted
    assert is_wanted(headers, MailFilter())


VERIFIED = MailFilter(verified_by="mx.desk.example")


@pytest.mark.parametrize(
    ("results", "wanted"),
    [
        (["mx.desk.example; spf=pass; dmarc=pass header.from=office.example"], True),
        (["MX.desk.example 1;\r\n dkim=pass;\r\n dmarc=pass (p=reject)"], True),
        (["mx.desk.example; dmarc=fail", "mx.desk.example; dmarc=pass"], False),
        (["evil.example; dmarc=pass"], False),
        (["evil.example; mx.desk.example; dmarc=pass"], False),
        (["mx.desk.example; dkim=pass; spf=pass"], False),
        ([], False),
    ],
)
def test_a_sender_may_have_to_be_verified_by_the_own_server(results: list[str], wanted: bool) -> None:
    lines = [f"Authentication-Results: {result}" for result in results]
    assert is_wanted("\r\n".join([*lines, "From: a@b.example", "", ""]).encode(), VERIFIED) is wanted
