"""Polls of a mailbox on a real IMAP server: what is read, how far, and what becomes of faults."""

import asyncio
import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import FeedError, FeedHealth
from monitor.feeds.base import Fetched, NotModified, time_limit
from monitor.feeds.http.guard import Guard
from monitor.feeds.mailbox.fetch import FIRST_MESSAGES, MAX_MESSAGE_BYTES, fetch_mailbox
from monitor.feeds.parsing.parse import parse_feed
from monitor.model import Feed, FeedState, Item, Kind, MailFilter, Request
from tests.feeds.conftest import LOOPBACK
from tests.feeds.samples import NOW, feed, state
from tests.support.servers_imap import PASSWORD, TOKEN, USER, MailboxServer, message

LIMIT = 5_000_000


@pytest.fixture
def server() -> Iterator[MailboxServer]:
    with MailboxServer() as server:
        yield server


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ca") / "ca.pem"


def mailbox(server: MailboxServer, ca: Path, auth: str = "", **changes: object) -> Feed:
    if not ca.exists():  # read again whenever it changes, which takes a while
        server.authority.cert_pem.write_to_path(ca)
    password = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    request = Request(auth=auth or f"Basic {password}", user=USER, ca=str(ca))
    return feed(server.url(), kind=Kind.IMAP, request=request, **changes)


async def poll(subject: Feed, before: FeedState, max_bytes: int = LIMIT) -> tuple[list[Item], FeedState]:
    """Return the items of a poll, and the state from which the next one begins."""
    got = await fetch_mailbox(subject, before, NOW, LOOPBACK, max_bytes)
    after = replace(before, etag=got.etag, failures=0, health=FeedHealth.OK, good_at=NOW)
    if isinstance(got, NotModified):
        assert got.proved
        return [], after
    return list(parse_feed(subject, got.body, got.content_type, got.final_url, NOW).items), after


async def refusal(subject: Feed, guard: Guard = LOOPBACK) -> FeedError:
    with pytest.raises(FeedError) as caught:
        await fetch_mailbox(subject, state(), NOW, guard, LIMIT)
    assert PASSWORD not in str(caught.value)
    assert TOKEN not in str(caught.value)
    return caught.value


def titles(items: list[Item]) -> list[str]:
    return [item.title for item in items]


async def test_each_message_is_read_once_and_none_is_marked(server, ca):
    subject = mailbox(server, ca)
    server.add(message("First", Message_ID="<1@office.example>"))
    items, after = await poll(subject, state())
    assert titles(items) == ["First"]
    assert await poll(subject, after) == ([], after)
    server.add(message("Second"))
    server.add(message("Third"))
    items, after = await poll(subject, after)
    assert titles(items) == ["Second", "Third"]
    assert await poll(subject, after) == ([], after)
    assert set(server.verbs()) == {
        "CAPABILITY", "AUTHENTICATE", "EXAMINE", "FETCH", "UID", "LOGOUT"
    }  # fmt: skip
    assert all("BODY[" not in line for line in server.commands)


async def test_an_empty_mailbox_has_a_cursor_so_that_its_first_message_is_news(server, ca):
    subject = mailbox(server, ca)
    items, after = await poll(subject, state())
    assert items == []
    assert after.etag is not None
    server.add(message("First"))
    items, _ = await poll(subject, after)
    assert titles(items) == ["First"]


async def test_the_first_poll_reads_the_last_messages_and_goes_on_after_them(server, ca):
    subject = mailbox(server, ca)
    for number in range(FIRST_MESSAGES + 5):
        server.add(message(f"Notice {number}"))
    items, after = await poll(subject, state())
    assert titles(items) == [f"Notice {number}" for number in range(5, FIRST_MESSAGES + 5)]
    server.add(message("New"))
    assert titles((await poll(subject, after))[0]) == ["New"]


async def test_messages_beyond_the_limit_of_bytes_follow_at_the_next_poll(server, ca):
    subject = mailbox(server, ca)
    _, after = await poll(subject, state())
    for number in range(3):
        server.add(message(f"Notice {number}", "word " * 2_000))
    found = []
    for _ in range(3):
        items, after = await poll(subject, after, max_bytes=15_000)
        found.append(titles(items))
    assert found == [["Notice 0"], ["Notice 1"], ["Notice 2"]]


async def test_a_long_message_is_cut_and_its_words_are_read(server, ca):
    subject = mailbox(server, ca)
    server.add(message("Long", "first words " + "x" * 3 * MAX_MESSAGE_BYTES))
    ((item,), _) = await poll(subject, state())
    assert item.body.startswith("first words")


async def test_after_the_server_numbered_its_messages_anew_none_is_lost_and_none_is_new_twice(server, ca):
    subject = mailbox(server, ca)
    for day, name in ((9, "Old"), (0, "Known")):
        server.add(message(name, Message_ID=f"<{name}@office.example>"), NOW - timedelta(days=day))
    before, after = await poll(subject, state())
    server.mails.clear()
    server.validity = 8
    for day, name in ((9, "Old"), (0, "Known"), (0, "New")):
        server.add(message(name, Message_ID=f"<{name}@office.example>"), NOW - timedelta(days=day), uid=0)
    items, after = await poll(subject, after)
    assert titles(items) == ["Known", "New"]
    assert items[0].id == before[1].id
    assert await poll(subject, after) == ([], after)


async def test_a_mailbox_that_is_numbered_anew_and_has_no_recent_messages_is_not_read_again(server, ca):
    subject = mailbox(server, ca)
    server.add(message("Old"), NOW - timedelta(days=30))
    _, after = await poll(subject, state())
    server.validity = 8
    for _ in range(2):
        items, after = await poll(subject, after)
        assert items == []


async def test_another_folder_begins_anew(server, ca):
    subject = mailbox(server, ca)
    server.add(message("First"))
    _, after = await poll(subject, state())
    server.folder = "Other"
    items, _ = await poll(replace(subject, url=server.url("Other")), after)
    assert titles(items) == ["First"]


async def test_a_message_that_disappears_between_two_commands_holds_nothing_up(server, ca):
    subject = mailbox(server, ca)
    _, after = await poll(subject, state())
    server.add(message("Gone"))
    server.add(message("Here"))
    server.gone.add(1)
    items, after = await poll(subject, after)
    assert titles(items) == ["Here"]
    assert await poll(subject, after) == ([], after)


async def test_attributes_behind_the_text_are_read_too(server, ca):
    server.attributes_last = True
    server.add(message("First"))
    server.add(message("Second"))
    items, _ = await poll(mailbox(server, ca), state())
    assert titles(items) == ["First", "Second"]


async def test_only_messages_of_wanted_senders_are_downloaded(server, ca):
    wanted = MailFilter(senders=("@office.example",))
    subject = mailbox(server, ca, mail=wanted)
    _, after = await poll(subject, state())
    server.add(message("Unwanted", sender="x@other.example"))
    items, after = await poll(subject, after)
    assert items == []
    server.add(message("Wanted"))
    items, after = await poll(subject, after)
    assert titles(items) == ["Wanted"]
    read = [line for line in server.commands if "BODY.PEEK[]" in line]
    assert len(read) == 1


async def test_after_a_failure_messages_are_read_one_by_one_and_a_deadly_one_by_its_headers(server, ca):
    subject = mailbox(server, ca)
    _, after = await poll(subject, state())
    server.add(message("Deadly", "text that ends its parser"))
    server.add(message("Next"))
    once = replace(after, failures=1, health=FeedHealth.PARSER_KILLED)
    items, _ = await poll(subject, once)
    assert [(item.title, item.summary[:4]) for item in items] == [("Deadly", "text")]
    items, after = await poll(subject, replace(once, failures=2))
    assert [(item.title, item.summary) for item in items] == [("Deadly", "")]
    assert titles((await poll(subject, after))[0]) == ["Next"]


async def test_starttls_is_begun_before_anything_is_said(ca):
    with MailboxServer(tls="starttls") as server:
        server.add(message("First"))
        items, _ = await poll(mailbox(server, ca), state())
    assert titles(items) == ["First"]
    assert server.verbs()[:3] == ["CAPABILITY", "STARTTLS", "CAPABILITY"]


async def test_nothing_is_said_in_clear(ca):
    with MailboxServer(tls="none") as server:
        error = await refusal(mailbox(server, ca))
        assert "offers no STARTTLS, and nothing is read in clear" in str(error)
        assert error.health is FeedHealth.TLS
        assert server.verbs() == ["CAPABILITY"]


async def test_a_token_signs_in_and_a_refused_one_is_not_shown(server, ca):
    server.add(message("First"))
    items, _ = await poll(mailbox(server, ca, f"Bearer {TOKEN}"), state())
    assert titles(items) == ["First"]
    error = await refusal(mailbox(server, ca, "Bearer hunter22"))
    assert "hunter22" not in str(error)
    assert "does not let radar in: token refused" in str(error)


async def test_a_server_without_sasl_is_told_the_password_by_login(ca):
    with MailboxServer(capabilities="IMAP4rev1") as server:
        await poll(mailbox(server, ca), state())
    assert "LOGIN" in server.verbs()


async def test_a_refused_password_is_a_fault_that_waiting_does_not_mend(server, ca):
    server.replies["AUTHENTICATE"] = f"NO [AUTHENTICATIONFAILED] wrong {PASSWORD}"
    error = await refusal(mailbox(server, ca))
    assert error.health is FeedHealth.BLOCKED
    assert "check user, and password or token" in str(error)


@pytest.mark.parametrize(
    ("replies", "health", "words"),
    [
        (
            {"EXAMINE": "NO [NONEXISTENT] no such folder"},
            FeedHealth.HTTP,
            "opens no folder INBOX: [NONEXISTENT]",
        ),
        ({"FETCH": "NO [SERVERBUG] sorry"}, FeedHealth.HTTP, "refuses to read: [SERVERBUG] sorry"),
        ({"EXAMINE": "OK [READ-ONLY] open"}, FeedHealth.PROTOCOL, "no lasting numbers (UIDVALIDITY)"),
    ],
)
async def test_what_a_server_refuses_is_said_in_its_words(server, ca, replies, health, words):
    server.add(message())
    server.replies |= replies
    error = await refusal(mailbox(server, ca))
    assert (error.health, words in str(error)) == (health, True)


@pytest.mark.parametrize(
    ("raw", "health"),
    [
        (b"* 1 FETCH (UID 1 BODY[] {9999999999}\r\n", FeedHealth.TOO_LARGE),
        (b"* 1 FETCH (UID 1 X" + b"x" * 1_100_000, FeedHealth.TOO_LARGE),
        (b"", FeedHealth.PROTOCOL),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", FeedHealth.PROTOCOL),
        (b"* 1 FETCH (UID 1 BODY[] {100}\r\nshort", FeedHealth.PROTOCOL),
    ],
)
async def test_a_hostile_server_costs_no_more_than_its_feed(server, ca, raw, health):
    server.add(message())
    server.raw["FETCH"] = raw
    assert (await refusal(mailbox(server, ca))).health is health


async def test_a_server_that_is_silent_is_left_at_the_time_limit(server, ca):
    server.hang = "EXAMINE"
    subject = mailbox(server, ca)
    with pytest.raises(FeedError) as caught:
        async with time_limit(subject, 0.5):
            await fetch_mailbox(subject, state(), NOW, LOOPBACK, LIMIT)
    assert caught.value.health is FeedHealth.TIMEOUT
    await asyncio.get_running_loop().shutdown_default_executor()  # its thread has ended


async def test_a_certificate_of_an_unknown_authority_is_refused_with_the_remedy(server, ca):
    subject = mailbox(server, ca)
    error = await refusal(replace(subject, request=replace(subject.request, ca="")))
    assert error.health is FeedHealth.TLS
    assert "set ca of the feed" in str(error)
    assert server.commands == []


async def test_an_internal_mail_server_must_be_allowed(server, ca):
    assert (await refusal(mailbox(server, ca), Guard())).health is FeedHealth.GUARDED
    there = replace(mailbox(server, ca), url=server.url().replace("127.0.0.1", "localhost"))
    assert (await refusal(there, Guard())).health is FeedHealth.GUARDED
    assert server.sessions == 0


async def test_a_server_that_does_not_listen_is_a_fault_that_passes(server, ca):
    subject = mailbox(server, ca)
    server.__exit__()
    assert (await refusal(subject)).health is FeedHealth.PROTOCOL


async def test_the_document_opens_in_mail_programs(server, ca):
    server.add(message("First", "From here on the list is longer."))
    got = await fetch_mailbox(mailbox(server, ca), state(), NOW, LOOPBACK, LIMIT)
    assert isinstance(got, Fetched)
    assert got.content_type == "application/mbox"
    assert got.body.startswith(b"From MAILER-DAEMON Mon Nov 23 08:30:00 2026\n")
    assert b"\n>From here on" in got.body
