"""SMTP replies as real servers write them, and what each means at its verb."""

import tomllib
from pathlib import Path

import pytest

from monitor.channels.answers.smtp import SMTP, enhanced_code, normalized, smtp_meaning
from tests.channels.answers.kinds import AGAIN, CHANNEL, DEAD, DEAD_CHANNEL, kind

MEANS = {
    "recipient": DEAD,
    "message": DEAD,
    "channel": DEAD_CHANNEL,
    "channel_later": CHANNEL,
    "later": AGAIN,
}
GROUPS = tomllib.loads(Path(__file__).with_name("smtp.toml").read_text("utf-8"))["reply"]
REPLIES = [
    (group["verb"], int(reply[:3]), reply[4:], group["means"])
    for group in GROUPS
    for reply in group["replies"]
]


@pytest.mark.parametrize(("verb", "code", "text", "means"), REPLIES)
def test_a_reply_gives_the_meaning_beside_it(verb, code, text, means):
    meaning = smtp_meaning(verb, code, text)
    assert kind(meaning) == MEANS[means]
    if meaning.permanent and not meaning.channel:
        assert ("recipient" in meaning.remedy) == (means == "recipient")


def test_an_answer_that_is_no_refusal_is_tried_again():
    assert kind(smtp_meaning("ehlo", 250, "")) == CHANNEL


def test_every_row_decides_a_reply():
    replies = [*REPLIES, ("ehlo", 250, "", "")]
    decided = set()
    for verb, code, text, _ in replies:
        reply = normalized(code, text)
        decided.add(next(number for number, row in enumerate(SMTP) if row.matches(verb, *reply)))
    assert [row for number, row in enumerate(SMTP) if number not in decided] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [("5.1.1 no", "5.1.1"), ("#5.1.0 no", "5.1.0"), ("[4.2.2]", "4.2.2"), ("no 5.1.1", ""), ("5.1 no", "")],
)
def test_the_enhanced_code_begins_the_text(text, code):
    assert enhanced_code(text) == code


def test_words_within_addresses_and_host_names_mean_nothing():
    said = "<relay.sender@desk.example> at relay.desk.example\nis UNKNOWN"
    assert normalized(550, said) == ("550", "", "<address> at is unknown")
