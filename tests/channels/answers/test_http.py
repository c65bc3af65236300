"""Every row of the table of HTTP statuses, and statuses outside it."""

import pytest

from monitor.channels.answers.http import HTTP, http_meaning
from tests.channels.answers.kinds import CHANNEL, DEAD_CHANNEL, SLOW, SLOW_CHANNEL, kind

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
def test_the_status_of_an_http_refusal_gives_its_meaning(status, expected):
    assert kind(http_meaning(status)) == expected


def test_slow_answers_end_after_three_retries_or_within_a_day():
    assert (http_meaning(422).tries, http_meaning(404).tries) == (4, 7)


def test_every_row_is_tested():
    assert HTTP.keys() <= STATUSES.keys()
