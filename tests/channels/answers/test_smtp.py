"""Every row of the table of SMTP replies, and replies outside it."""

import pytest

from monitor.channels.answers.smtp import SMTP, smtp_meaning
from tests.channels.answers.kinds import AGAIN, CHANNEL, DEAD, DEAD_CHANNEL, kind

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


def test_every_row_is_tested():
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
