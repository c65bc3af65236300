"""The error that a meaning becomes."""

from datetime import timedelta

from monitor.channels.answers.base import BUSY, HOUR, Meaning
from monitor.channels.answers.http import http_meaning
from monitor.channels.answers.slack import MISRENDERED
from monitor.errors import ChannelError, DeliveryError


def test_an_error_carries_what_its_meaning_says():
    error = Meaning(channel=True, retry_after=HOUR, tries=7, remedy="look").error("no", code="HTTP 404")
    assert isinstance(error, ChannelError)
    assert (str(error), error.code, error.tries, error.retry_after) == ("no: look", "HTTP 404", 7, HOUR)
    assert not isinstance(MISRENDERED.error("no"), ChannelError)
    assert isinstance(MISRENDERED.error("no"), DeliveryError)


def test_the_servers_retry_after_goes_before_the_tables():
    assert http_meaning(404).error("no", retry_after=timedelta(seconds=9)).retry_after == timedelta(seconds=9)
    assert BUSY.error("no").retry_after is None
