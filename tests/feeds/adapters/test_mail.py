"""Messages of a mailbox as items: encodings, HTML, links, and mail that means harm."""

from datetime import UTC, datetime

import pytest

from monitor.feeds.adapters.base import DocumentSource
from monitor.feeds.adapters.mail import MAX_LEAD, read_mailbox
from monitor.feeds.mailbox.mbox import to_mbox
from monitor.model import Item, Kind
from tests.feeds.samples import NOW, feed
from tests.support.servers_imap import message

RECEIVED = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
SOURCE = DocumentSource(feed("imaps://imap.example/INBOX", kind=Kind.IMAP), "imaps://imap.example/INBOX", NOW)


def items(*raws: bytes | str) -> tuple[Item, ...]:
    encoded = [raw.encode() if isinstance(raw, str) else raw for raw in raws]
    return read_mailbox(to_mbox((RECEIVED, raw) for raw in encoded), SOURCE).items


def item(raw: bytes | str) -> Item:
    (found,) = items(raw)
    return found


def with_body(kind: str, body: bytes, encoding: str = "8bit") -> bytes:
    head = f"Subject: s\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + body


def test_subject_text_date_and_id_make_an_item() -> None:
    found = item(
        message(
            "Council lists 12 vessels",
            "The list is published today.",
            Date="Mon, 23 Nov 2026 09:15:00 +0100",
            Message_ID="<1@office.example>",
            Content_Language="en-GB",
        )
    )
    assert (found.title, found.summary) == ("Council lists 12 vessels", "The list is published today.")
    assert found.published_at == datetime(2026, 11, 23, 8, 15, tzinfo=UTC)
    assert (found.guid, found.lang, found.url) == ("<1@office.example>", "en", "")


def test_without_a_date_of_its_own_a_message_has_that_of_its_receipt() -> None:
    assert item(message()).published_at == RECEIVED


def test_without_an_id_a_message_is_known_by_its_headers() -> None:
    assert items(message("A"))[0].id == items(message("B"), message("A"))[1].id


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("=?utf-8?B?WWFwdMSxcsSxbSBsaXN0ZXNp?=", "Yaptırım listesi"),
        ("=?koi8-r?Q?=F3=C1=CE=CB=C3=C9=C9?=", "Санкции"),
        ("=?utf-8?Q?Council_lists?=\r\n =?utf-8?Q?_12_vessels?=", "Council lists 12 vessels"),
        ("Yaptırım listesi", "Yaptırım listesi"),
        ("Fwd: RE: Council lists 12 vessels", "Council lists 12 vessels"),
        ("=?no-such-charset?Q?abc?=", "=?no-such-charset?Q?abc?="),
        ("=?utf-8?B?!!!?=", None),
        ("Tom & <Jerry>", "Tom & <Jerry>"),
    ],
)
def test_subjects_are_decoded(subject: str, title: str | None) -> None:
    found = item(f"Subject: {subject}\r\n\r\nSome text.")
    assert title is None or found.title == title


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (
            with_body("text/plain; charset=windows-1251", "Санкции продлены".encode("cp1251")),
            "Санкции продлены",
        ),
        (with_body("text/plain; charset=us-ascii", "Yaptırım".encode()), "Yaptırım"),
        (with_body("text/plain; charset=nonsense", b"text"), "text"),
        (with_body("text/plain", b"a =E2=80=93 b=\r\nc", "quoted-printable"), "a – bc"),
        (with_body("text/plain", b"U2FuY3Rpb25z", "base64"), "Sanctions"),
        (with_body("text/plain", b"U2FuY3Rpb25z!U2Fu", "base64"), "SanctionsSan"),
        (
            with_body(
                "text/html", b"<html><head><title>T</title></head><body><p>One<p>Two<script>x</script>"
            ),
            "One Two",
        ),
        (with_body("text/html", b"<p>One &zwnj;&#847;&nbsp;\xcd\x8f\xe2\x80\x8c two"), "One two"),
    ],
)
def test_texts_are_decoded_and_cleaned(raw: bytes, text: str) -> None:
    assert " ".join(item(raw).summary.replace("\u200c", "").replace("\u034f", "").split()) == text


def test_the_html_is_read_where_the_plain_part_says_little() -> None:
    html = "<p>" + "The council lists twelve vessels. " * 5
    assert item(message(text="View in browser", html=html)).summary.startswith("The council lists")


def test_the_plain_part_is_read_where_the_html_is_pictures() -> None:
    assert item(message(text="The council lists 12 vessels.", html="<img src='x'>")).summary.startswith(
        "The council"
    )


def test_attachments_are_left_out() -> None:
    raw = (
        b"Subject: s\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nshown\r\n"
        b"--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nattached\r\n--b--\r\n"
    )
    assert item(raw).summary == "shown"


def test_a_long_message_has_a_lead_and_a_body() -> None:
    found = item(message(text="word " * 3_000))
    assert len(found.summary) <= MAX_LEAD
    assert len(found.body) > MAX_LEAD


@pytest.mark.parametrize(
    ("html", "link"),
    [
        ('<a href="https://office.example/unsubscribe">x</a><a href="https://office.example/n?a=1&amp;b=2">News</a>', "https://office.example/n?a=1&b=2"),
        ('<a href="https://t.example/u/1">Unsubscribe</a>', ""),
        ('<a href="https://t.example/v/1">View in browser</a><a href="https://t.example/2">n</a>', "https://t.example/v/1"),
        ("<a href='javascript:alert(1)'>News</a>", ""),
        ('<a href="https://office.example/1' + "x" * 3_000 + '">News</a>', ""),
    ],
)  # fmt: skip
def test_the_link_of_an_item_is_the_first_about_the_news(html: str, link: str) -> None:
    assert item(message(text="x", html=f"<p>{'word ' * 20}</p>{html}")).url == link


def test_the_archive_of_a_mailing_list_is_the_link() -> None:
    raw = message(text="see https://office.example/other", Archived_At="<https://lists.example/1>")
    assert item(raw).url == "https://lists.example/1"


def test_two_issues_of_one_newsletter_are_two_items() -> None:
    found = items(message("Daily", "One thing."), message("Daily", "Another thing.", Message_ID="<2@x>"))
    assert len({each.id for each in found}) == 2


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: s\r\nContent-Type: multipart/mixed\r\n\r\nno boundary",
        b"Subject: s\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n--\r\n",
        b"Subject: s\r\nContent-Type: text/plain; charset*0=\xff; charset*=x'y'%\r\n\r\nt",
        b"Subject: s\r\nContent-Transfer-Encoding: uuencode\r\n\r\nbegin 644 x\nM\n",
        b"Subject: " + b"=?utf-8?q?" * 20_000 + b"\r\n\r\nt",
        b"Subject: s\r\n" + b"X: y\r\n" * 20_000 + b"\r\nt",
        b"Subject: s\r\nDate: Mon, 99 Nov 2026 99:99:99 +9999\r\n\r\nt",
        b"Subject: s\r\nContent-Type: text/html\r\n\r\n" + b"<a href='https://x.example/" * 10_000,
        b"Subject: s\r\nContent-Type: text/html\r\n\r\n" + b"<div><b>" * 30_000,
        b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3_000)
        ),
        b"Content-Type: message/rfc822\r\n\r\n" * 3_000,
    ],
)
def test_mail_that_means_harm_stops_no_other(raw: bytes) -> None:
    found = items(raw, message("Next"))
    assert found[-1].title == "Next"
    assert all("\x00" not in f"{each.title}{each.summary}" for each in found)
