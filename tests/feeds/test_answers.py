from datetime import timedelta

import pytest

from monitor.feeds.answers import refused, validator, wish
from tests.feeds.samples import NOW


@pytest.mark.parametrize(
    ("status", "health"),
    [
        (401, "blocked"),
        (403, "blocked"),
        (404, "http"),
        (410, "gone"),
        (429, "throttled"),
        (500, "http"),
        (503, "http"),
        (204, "http"),
    ],
)
def test_every_status_has_a_health_and_a_remedy(status, health):
    error = refused(status, None, "https://e.example/feed", NOW)
    assert error.health == health
    assert str(error).startswith(f"https://e.example/feed answers HTTP {status}; ")


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("Mon, 23 Nov 2026 10:00:00 GMT", timedelta(hours=1)),
        ("Mon, 23 Nov 2026 10:00:00", timedelta(hours=1)),
        ("0", timedelta(seconds=60)),
        ("-5", timedelta(seconds=60)),
        ("Mon, 23 Nov 2020 10:00:00 GMT", timedelta(seconds=60)),
        ("317100", timedelta(hours=24)),
        ("9" * 5_000, timedelta(hours=24)),
        ("soon", timedelta(minutes=10)),
        ("٣", timedelta(seconds=60)),
        ("", timedelta(minutes=10)),
        (None, timedelta(minutes=10)),
    ],
)
def test_retry_after_is_read_in_both_forms_and_bounded(header, wait):
    assert wish(header, NOW) == wait


def test_only_being_throttled_carries_a_wait():
    assert refused(429, "90", "e", NOW).retry_after == timedelta(seconds=90)
    assert refused(503, "90", "e", NOW).health == "throttled"
    assert refused(403, "90", "e", NOW).retry_after is None


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ('W/"a-gzip"', True),
        ("Mon, 01 Jan 2041", True),
        ("", False),
        (None, False),
        ("é", False),
        ("a\r\nX: y", False),
        ("x" * 2_000, False),
    ],
)
def test_a_validator_is_kept_as_sent_if_it_can_be_sent_back(value, kept):
    assert validator(value) == (value if kept else None)
