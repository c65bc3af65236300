"""Every row of the table of Slack's words, and answers outside it."""

import pytest

from monitor.channels.answers.slack import SLACK, slack_meaning
from tests.channels.answers.kinds import CHANNEL, DEAD, DEAD_CHANNEL, SLOW_CHANNEL, kind

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
def test_an_error_word_of_a_slack_webhook_gives_the_meaning(word, expected):
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


def test_every_row_is_tested():
    assert SLACK.keys() == WORDS.keys()
