"""Every row of the tables of answers, and what is not in them."""

from datetime import timedelta

import pytest

from monitor.channels.answers.base import (
    BUSY,
    HOUR,
    HTTP,
    MISRENDERED,
    SLACK,
    SMTP,
    Meaning,
    http_meaning,
    slack_meaning,
    smtp_meaning,
)
from monitor.errors import ChannelError, DeliveryError

AGAIN, CHANNEL, SLOW, SLOW_CHANNEL, DEAD, DEAD_CHANNEL = range(6)


def kind(meaning):
    """Say in one word what a meaning comes to."""
    if meaning.permanent:
        return DEAD_CHANNEL if meaning.channel else DEAD
    if meaning.retry_after:
        return SLOW_CHANNEL if meaning.channel else SLOW
    return CHANNEL if meaning.channel else AGAIN


STATUSES = {
    400: SLOW,
    401: SLOW_CHANNEL,
    403: SLOW_CHANNEL,
    404: SLOW_CHANNEL,
    408: CHANNEL,
    410: DEAD_CHANNEL,
    413: SLOW,
    415: SLOW,
    422: SLOW,
    425: CHANNEL,
    429: CHANNEL,
    # not in the table
    301: SLOW_CHANNEL,
    308: SLOW_CHANNEL,
    402: SLOW,
    418: SLOW,
    500: CHANNEL,
    502: CHANNEL,
    503: CHANNEL,
    504: CHANNEL,
    599: CHANNEL,
    101: CHANNEL,
    999: CHANNEL,
}


@pytest.mark.parametrize(("status", "expected"), STATUSES.items())
def test_http_statuses(status, expected):
    assert kind(http_meaning(status)) == expected


def test_slow_answers_end_after_three_retries_or_within_a_day():
    assert (http_meaning(422).tries, http_meaning(404).tries) == (4, 7)


WORDS = {
    "rate_limited": CHANNEL,
    "rollup_error": CHANNEL,
    "invalid_payload": DEAD,
    "no_text": DEAD,
    "invalid_blocks": DEAD,
    "invalid_attachments": DEAD,
    "too_many_attachments": DEAD,
    "msg_blocks_too_long": DEAD,
    "invalid_token": DEAD_CHANNEL,
    "action_prohibited": DEAD_CHANNEL,
    "posting_to_general_channel_denied": DEAD_CHANNEL,
    "team_disabled": DEAD_CHANNEL,
    "no_service": DEAD_CHANNEL,
    "no_active_hooks": DEAD_CHANNEL,
    "no_team": DEAD_CHANNEL,
    "channel_not_found": DEAD_CHANNEL,
    "channel_is_archived": DEAD_CHANNEL,
    "user_not_found": DEAD_CHANNEL,
}


@pytest.mark.parametrize(("word", "expected"), WORDS.items())
def test_slacks_words(word, expected):
    assert kind(slack_meaning(400, word)) == expected
    assert kind(slack_meaning(400, f'{{"ok":false,"error":"{word}"}}')) == expected


SLACK_ANSWERS = [
    (400, "", DEAD),
    (403, "?", DEAD_CHANNEL),
    (404, "<html>", DEAD_CHANNEL),
    (410, "", DEAD_CHANNEL),
    (413, "", DEAD),
    (429, "no_service", CHANNEL),
    (500, "rollup_error", CHANNEL),
    (503, "invalid_payload", CHANNEL),
    (302, "", SLOW_CHANNEL),
    (401, "", SLOW_CHANNEL),
]


@pytest.mark.parametrize(("status", "body", "expected"), SLACK_ANSWERS)
def test_slacks_statuses_where_no_word_is_known(status, body, expected):
    assert kind(slack_meaning(status, body)) == expected


REPLIES = [
    ("end", 421, "", CHANNEL),
    ("rcpt", 421, "4.7.0", CHANNEL),
    ("connect", 421, "4.3.2", CHANNEL),
    ("connect", 554, "5.7.1", CHANNEL),
    ("connect", 450, "", CHANNEL),
    ("connect", 554, "", CHANNEL),
    ("auth", 550, "5.7.30", DEAD_CHANNEL),
    ("mail", 550, "5.7.30", DEAD_CHANNEL),
    ("mail", 530, "5.7.0", DEAD_CHANNEL),
    ("rcpt", 530, "5.7.1", DEAD_CHANNEL),
    ("auth", 454, "4.7.0", CHANNEL),
    ("auth", 535, "4.7.8", CHANNEL),
    ("auth", 535, "5.7.8", DEAD_CHANNEL),
    ("auth", 534, "5.7.9", DEAD_CHANNEL),
    ("auth", 454, "", CHANNEL),
    ("auth", 535, "", DEAD_CHANNEL),
    ("auth", 504, "", DEAD_CHANNEL),
    ("mail", 530, "", DEAD_CHANNEL),
    ("mail", 534, "", DEAD_CHANNEL),
    ("mail", 535, "", DEAD_CHANNEL),
    ("rcpt", 538, "", DEAD_CHANNEL),
    ("mail", 552, "5.3.4", DEAD),
    ("end", 552, "5.2.3", DEAD),
    ("end", 552, "", DEAD),
    ("mail", 552, "", DEAD),
    ("rcpt", 450, "4.7.1", AGAIN),
    ("rcpt", 451, "4.7.1", AGAIN),
    ("rcpt", 452, "4.2.2", AGAIN),
    ("rcpt", 452, "4.5.3", AGAIN),
    ("rcpt", 450, "", AGAIN),
    ("rcpt", 550, "5.1.1", DEAD),
    ("rcpt", 551, "5.1.6", DEAD),
    ("rcpt", 553, "5.1.3", DEAD),
    ("rcpt", 554, "5.7.1", DEAD),
    ("rcpt", 550, "4.1.1", AGAIN),
    ("rcpt", 550, "", DEAD),
    ("data", 451, "4.3.0", AGAIN),
    ("data", 554, "5.5.1", DEAD),
    ("data", 451, "", AGAIN),
    ("data", 503, "", DEAD),
    ("end", 451, "4.7.1", AGAIN),
    ("end", 554, "5.7.1", DEAD),
    ("end", 451, "", AGAIN),
    ("end", 554, "", DEAD),
    ("mail", 452, "4.3.1", CHANNEL),
    ("mail", 550, "5.7.1", DEAD_CHANNEL),
    ("mail", 451, "", CHANNEL),
    ("mail", 550, "", DEAD_CHANNEL),
    ("ehlo", 554, "", DEAD_CHANNEL),
    ("starttls", 454, "", CHANNEL),
    ("ehlo", 250, "", CHANNEL),
]


@pytest.mark.parametrize(("verb", "code", "enhanced", "expected"), REPLIES)
def test_smtp_replies(verb, code, enhanced, expected):
    assert kind(smtp_meaning(verb, code, enhanced)) == expected


def test_no_row_of_a_table_is_untested():
    assert HTTP.keys() <= STATUSES.keys()
    assert SLACK.keys() == WORDS.keys()
    decided = {
        next(
            (n for n, row in enumerate(SMTP) if _matches(row, verb, str(code), enhanced)),
            None,
        )
        for verb, code, enhanced, _ in REPLIES
    }
    assert decided >= set(range(len(SMTP)))


def _matches(row, verb, code, enhanced):
    return row[0] in {"", verb} and code.startswith(row[1]) and enhanced.startswith(row[2])


def test_an_error_carries_what_its_meaning_says():
    error = Meaning(channel=True, retry_after=HOUR, tries=7, remedy="look").error("no", code="HTTP 404")
    assert isinstance(error, ChannelError)
    assert (str(error), error.code, error.tries, error.retry_after) == ("no: look", "HTTP 404", 7, HOUR)
    assert not isinstance(MISRENDERED.error("no"), ChannelError)
    assert isinstance(MISRENDERED.error("no"), DeliveryError)


def test_the_servers_own_wish_goes_before_the_tables():
    assert http_meaning(404).error("no", retry_after=timedelta(seconds=9)).retry_after == timedelta(seconds=9)
    assert BUSY.error("no").retry_after is None
