"""Mail bytes, checked by an independent parser and line by line."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channels.smtp.mime import Heading, compose, lighter
from monitor.errors import DeliveryError
from monitor.model import Attachment, Message
from tests.conftest import delivery

SENDER = "Radar <radar@news.example>"
LONG = "a-rather-long-channel-name-that-somebody-chose-for-a-reason-of-their-own-and-kept"
ENCODED = re.compile(rb"=\?[^?]+\?[bqBQ]\?[^?]*\?=")


def mail(sender=SENDER, unsubscribe="", one_click="", **changes):
    plain = {"recipient": "desk@desk.example", "story": "s1"}
    return compose(delivery(**plain | changes), Heading(sender, unsubscribe, one_click))


def parsed(raw):
    return message_from_bytes(raw, policy=policy.default)


def header_lines(raw):
    return raw.partition(b"\r\n\r\n")[0].split(b"\r\n")


def text_of(part):
    return part.get_content().replace("\r\n", "\n")


def line(raw, name):
    (found,) = [row for row in header_lines(raw) if row.startswith(name + b":")]
    return found


def subject_of(raw):
    unfolded = raw.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").split(b"\r\n")
    (found,) = [row for row in unfolded if row.startswith(b"Subject:")]
    return str(make_header(decode_header(found.decode().removeprefix("Subject:").strip())))


def test_the_text_part_comes_first_and_the_html_part_last():
    read = parsed(mail(message=Message(subject="A subject", text="Some text\n", html="<p>Some text</p>")))
    assert [part.get_content_type() for part in read.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert text_of(read.get_body(("plain",))) == "Some text\n"
    assert text_of(read.get_body(("html",))) == "<p>Some text</p>\n"
    assert read.defects == []


def test_without_html_it_is_plain_text():
    read = parsed(mail(message=Message(subject="s", text="Türkiye\nline 2\n")))
    assert read.get_content_type() == "text/plain"
    assert text_of(read) == "Türkiye\nline 2\n"


CSV = Attachment("digest-2026-11-23.csv", "text/csv", "\ufeffid,title\r\n1,Türkiye\r\n")


def test_what_is_attached_comes_last_and_byte_by_byte():
    data = Attachment("digest.json", "application/json", '{"a": 1}\n')
    message = Message(subject="s", text="Some text\n", html="<p>Some text</p>", attachments=(CSV, data))
    raw = mail(message=message)
    read = parsed(raw)
    assert [part.get_content_type() for part in read.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/csv",
        "application/json",
    ]
    attached = list(read.iter_attachments())
    assert [part.get_filename() for part in attached] == [CSV.name, data.name]
    assert [part.get_content_charset() for part in attached] == ["utf-8", None]
    assert [part.get_payload(decode=True).decode() for part in attached] == [CSV.text, data.text]
    assert text_of(read.get_body(("html",))) == "<p>Some text</p>\n"
    assert read.defects == []
    assert raw == mail(message=message)
    assert raw.isascii()


def test_a_file_may_go_with_plain_text_alone():
    read = parsed(mail(message=Message(subject="s", text="Some text\n", attachments=(CSV,))))
    assert [part.get_content_type() for part in read.walk()] == ["multipart/mixed", "text/plain", "text/csv"]


def test_the_name_of_a_file_ends_no_header_and_leads_out_of_no_folder():
    named = Attachment('../../a"\r\nBcc: x@y.example; b.csv', "text/csv", "a\r\n")
    read = parsed(mail(message=Message(subject="s", text="t", attachments=(named,))))
    (part,) = read.iter_attachments()
    assert part.get_filename() == "a-Bcc-x-y.example-b.csv"
    assert read["Bcc"] is None


def test_the_headers_are_those_that_programs_use():
    raw = mail(unsubscribe="https://news.example/u/" + "A" * 120)
    assert line(raw, b"Date") == b"Date: Mon, 23 Nov 2026 09:00:00 +0000"
    assert line(raw, b"From") == b'From: "Radar" <radar@news.example>'
    assert line(raw, b"To") == b"To: desk@desk.example"
    assert line(raw, b"Message-ID") == b"Message-ID: <0123456789abcdef0123@news.example>"
    assert line(raw, b"List-Id") == b"List-Id: <alert.desk.news.example>"
    assert line(raw, b"List-Unsubscribe") == b"List-Unsubscribe: <https://news.example/u/" + b"A" * 120 + b">"
    assert line(raw, b"Auto-Submitted") == b"Auto-Submitted: auto-generated"
    assert line(raw, b"X-Auto-Response-Suppress") == b"X-Auto-Response-Suppress: All"
    assert line(raw, b"MIME-Version") == b"MIME-Version: 1.0"
    assert len(line(raw, b"Message-ID")) < 78


def test_ids_are_never_encoded_however_long():
    raw = mail(sender="radar@a-quite-long-name-of-a-department.of-a-ministry.news.example", channel=LONG)
    for name in (b"Message-ID", b"References", b"In-Reply-To", b"List-Id"):
        assert b"=?" not in line(raw, name)


SENDERS_OF_ANY_LENGTH = [
    "radar@news.example",
    "radar@a-quite-long-name-of-a-department.of-a-ministry.news.example",
    f"radar@{'x' * 63}.example",
    f"radar@{'-'.join(['x' * 20] * 9)}.example",
]


@pytest.mark.parametrize("sender", SENDERS_OF_ANY_LENGTH)
def test_ids_are_short_enough_for_every_client(sender):
    raw = mail(sender=sender)
    for name in (b"Message-ID", b"References", b"In-Reply-To"):
        (id,) = line(raw, name).split()[1:]
        assert len(id) <= 70
        assert re.fullmatch(rb"<[a-z0-9-]+@[a-z0-9]([a-z0-9.-]*[a-z0-9])?>", id)


def test_one_click_unsubscribes_and_a_mail_does_too():
    raw = mail(
        one_click="https://monitor.example/leave/" + "A" * 120,
        unsubscribe="mailto:radar@news.example?subject=stop",
    )
    assert well_formed_but_for_links(raw)
    read = parsed(raw)
    way, other = read["List-Unsubscribe"].split(", ")
    assert way == f"<https://monitor.example/leave/{'A' * 120}>"
    assert other == "<mailto:radar@news.example?subject=stop>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_an_address_that_may_ask_questions_is_not_called_one_click():
    assert parsed(mail(unsubscribe="https://news.example/leave"))["List-Unsubscribe-Post"] is None


def well_formed_but_for_links(raw):
    return raw.isascii() and b"=?" not in b"".join(row for row in header_lines(raw) if b"https:" in row)


def test_a_message_gets_lighter_step_by_step_and_says_so():
    message = Message(
        subject="s",
        text="Text\n",
        html="<body><p>Text</p></body>",
        blocks=(),
        data={},
        attachments=(Attachment("a.csv", "text/csv", "1"),),
    )
    (first, left_out), (second, then_left_out) = lighter(message)
    assert (left_out, then_left_out) == ("what was attached", "the HTML part")
    assert first.attachments == second.attachments == ()
    assert first.text == "Text\n\nWhat was attached was too big for the mail server and was left out.\n"
    assert (
        first.html
        == "<body><p>Text</p><p>What was attached was too big for the mail server and was left out.</p></body>"
    )
    assert (second.text, second.html) == (first.text, "")
    assert list(lighter(Message(subject="s", text="Text"))) == []


def test_alerts_of_one_story_gather_in_one_thread():
    one, two, other = (
        line(mail(id=id * 20, story=story), b"References")
        for id, story in (("a", "s1"), ("b", "s1"), ("c", "s2"))
    )
    assert one == two != other
    assert line(mail(), b"In-Reply-To").split()[1] == one.split()[1]


@pytest.mark.parametrize("changes", [{"kind": "digest"}, {"story": ""}])
def test_a_digest_starts_no_thread(changes):
    assert not any(row.startswith((b"References", b"In-Reply-To")) for row in header_lines(mail(**changes)))


def test_the_same_delivery_gives_the_same_bytes():
    assert mail() == mail(attempts=7, due_at=datetime(2027, 1, 1, tzinfo=UTC), state="leased", reason="again")
    assert mail() != mail(id="f" * 20)


def test_the_bytes_are_fit_for_any_server():
    text = "x" * 3000 + "\n.\n..\nFrom here\n" + "Україна " * 400
    raw = mail(message=Message(subject="s", text=text, html=f"<p>{text}</p>"))
    raw.decode("ascii")
    rows = raw.split(b"\r\n")
    assert max(map(len, rows)) <= 78
    assert not any(b"\n" in row or b"\r" in row for row in rows)
    assert text_of(parsed(raw).get_body(("plain",))) == f"{text}\n"


def test_a_text_cannot_end_its_part_and_begin_another():
    boundary = parsed(mail()).get_boundary()
    text = f"before\n--{boundary}\nContent-Type: text/html\n\n<b>evil</b>\n--{boundary}--\n"
    read = parsed(mail(message=Message(subject="s", text=text, html="<p>good</p>")))
    assert read.get_boundary() == boundary
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]
    assert "evil" in read.get_body(("plain",)).get_content()


SUBJECTS = [
    ("New sanctions", "New sanctions"),
    ("", ""),
    ("  spaced \t out  ", "spaced out"),
    ("Evil\r\nBcc: victim@else.example", "Evil Bcc: victim@else.example"),
    ("Evil\nX: 1\rY: 2\0\x0b\x0c\x85\u2028Z: 3", "Evil X: 1 Y: 2 Z: 3"),
    ("=?utf-8?q?Evil=0D=0ABcc:_victim@else.example?=", "=?utf-8?q?Evil=0D=0ABcc:_victim@else.example?="),
    ("Санкции: " + "очень длинный заголовок " * 8, ("Санкции: " + "очень длинный заголовок " * 8).strip()),
    ("w" * 300, "w" * 300),
    ("many words " * 20, ("many words " * 20).strip()),
    ("🚀" * 60, "🚀" * 60),
    ("می‌خواهد", "می‌خواهد"),
    ("turn\u202eround", "turn round"),
    ("half \ud800 pair", "half pair"),
    ("x" * 999, "x" * 400),
]


@pytest.mark.parametrize(("title", "shown"), SUBJECTS)
def test_a_subject_is_shown_as_written_and_nothing_more(title, shown):
    raw = mail(message=Message(subject=title, text="t"))
    assert subject_of(raw) == shown
    assert parsed(raw)["Bcc"] is None
    assert well_formed(raw)


@given(st.text(max_size=300))
def test_whatever_the_subject_the_header_keeps_its_form(title):
    raw = mail(message=Message(subject=title, text="t"))
    assert well_formed(raw)
    assert {row.partition(b":")[0] for row in header_lines(raw) if row[:1] != b" "} == {
        row.partition(b":")[0] for row in header_lines(mail(message=Message(subject="s", text="t")))
    }


def well_formed(raw):
    rows = header_lines(raw)
    return (
        raw.isascii()
        and max(map(len, rows)) <= 78
        and all(len(word) <= 75 for word in ENCODED.findall(raw))
        and not any(b"\r" in row or b"\n" in row for row in rows)
        and all(row.startswith(b" ") or re.match(rb"[A-Za-z-]+: ?", row) for row in rows)
    )


SENDERS = [
    ("a@b.example", b"a@b.example"),
    ('"Desk, Sanctions" <a@b.example>', b'"Desk, Sanctions" <a@b.example>'),
    ("Отдел <a@b.example>", b"=?utf-8?b?0J7RgtC00LXQuw==?= <a@b.example>"),
]


@pytest.mark.parametrize(("written", "shown"), SENDERS)
def test_names_in_addresses_are_quoted_or_encoded(written, shown):
    assert line(mail(sender=written), b"From") == b"From: " + shown


def test_a_long_name_in_an_address_keeps_its_form():
    raw = mail(sender=f"{'Отдел по санкциям и закупкам ' * 6} <a@b.example>")
    assert well_formed(raw)
    assert parsed(raw)["From"].addresses[0].addr_spec == "a@b.example"


def test_a_recipient_that_is_no_address_is_refused():
    with pytest.raises(DeliveryError, match="is not a mail address"):
        mail(recipient="a@b.example, c@d.example")


def test_a_domain_outside_ascii_is_encoded_in_every_header():
    raw = mail("Radar <radar@bücher.example>", recipient="desk@испытание.example")
    assert raw.isascii()
    assert line(raw, b"From") == b'From: "Radar" <radar@xn--bcher-kva.example>'
    assert line(raw, b"To") == b"To: desk@xn--80akhbyknj4f.example"
    assert line(raw, b"Message-ID").endswith(b"@xn--bcher-kva.example>")


def test_an_address_outside_ascii_stands_in_its_header_as_it_is():
    raw = mail(recipient="Desk <büro@desk.example>")
    assert line(raw, b"To") == 'To: "Desk" <büro@desk.example>'.encode()
    assert raw.replace("büro".encode(), b"").isascii()
