"""Mail addresses as people write them, with names and outside ASCII."""

import pytest

from monitor.channels.smtp.addresses import domain_of, mailbox, sender_mailbox

GOOD = [
    ("a@b.example", ("", "a@b.example")),
    ("Desk <a@b.example>", ("Desk", "a@b.example")),
    ('"Desk, Sanctions" <a@b.example>', ("Desk, Sanctions", "a@b.example")),
    ("a@bücher.example", ("", "a@xn--bcher-kva.example")),
    ("a@BÜCHER.example", ("", "a@xn--bcher-kva.example")),
    ("a@straße.example", ("", "a@xn--strae-oqa.example")),
    ("Отдел <a@испытание.example>", ("Отдел", "a@xn--80akhbyknj4f.example")),
    ("a@例え.example", ("", "a@xn--r8jz45g.example")),
    ("büro@desk.example", ("", "büro@desk.example")),
    ("отдел@испытание.example", ("", "отдел@xn--80akhbyknj4f.example")),
]


@pytest.mark.parametrize(("written", "parts"), GOOD)
def test_an_address_has_a_name_and_an_ascii_domain(written, parts):
    assert mailbox(written) == parts


BAD = [
    "",
    "nobody",
    "a@",
    "@b",
    "a@b@c",
    "a b@c.example",
    "a@b.example\r\nBcc: c@d.example",
    "a@b.example, c@d.example",
    "a@b.example> <c",
    "a@-b.example",
    "a@b.example-",
    "a@☃.example",
    "a@xn--\u00fc.example",
    "ü\u00a0x@b.example",
    "a\u2028b@c.example",
    f"{'ü' * 33}@b.example",
    "x <a@b.example",
    "a@b.example\n",
]


@pytest.mark.parametrize("written", BAD)
def test_what_is_not_one_address_is_refused(written):
    with pytest.raises(ValueError, match="is not a mail address"):
        mailbox(written)


def test_a_sender_has_an_ascii_address():
    assert sender_mailbox("Radar <radar@bücher.example>") == ("Radar", "radar@xn--bcher-kva.example")
    with pytest.raises(ValueError, match="cannot be a sender"):
        sender_mailbox("büro@desk.example")


def test_a_domain_comes_from_the_senders_address():
    assert domain_of("Radar <radar@News.Example>") == "news.example"
