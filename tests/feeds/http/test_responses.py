from datetime import timedelta

import pytest

from monitor.feeds.base import Validators
from monitor.feeds.http.responses import (
    compatible_agent,
    evidence_headers,
    freshness,
    retry_wait,
    status_error,
    validator,
    validators_lied,
    wall_reason,
)
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
    error = status_error(status, {}, "https://e.example/feed", NOW)
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
    assert retry_wait(header, NOW) == wait


def test_only_being_throttled_carries_a_wait():
    assert status_error(429, {"Retry-After": "90"}, "e", NOW).retry_after == timedelta(seconds=90)
    assert status_error(503, {"Retry-After": "90"}, "e", NOW).health == "throttled"
    assert status_error(403, {"Retry-After": "90"}, "e", NOW).retry_after is None


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


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("90", timedelta(seconds=90)),
        ("90.5", timedelta(seconds=90)),
        (str(int(NOW.timestamp()) + 600), timedelta(seconds=600)),
        (str(int(NOW.timestamp() + 600) * 1000), timedelta(seconds=600)),
        (str(int(NOW.timestamp()) - 600), timedelta(seconds=60)),
        ("soon", timedelta(minutes=10)),
        ("9" * 40, timedelta(minutes=10)),
    ],
)
def test_without_retry_after_the_end_of_the_rate_limit_is_the_retry_time(value, wait):
    assert status_error(429, {"X-RateLimit-Reset": value}, "e", NOW).retry_after == wait
    both = {"X-RateLimit-Reset": value, "Retry-After": "75"}
    assert status_error(429, both, "e", NOW).retry_after == timedelta(seconds=75)


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        ({}, None),
        ({"Cache-Control": "max-age=600"}, 600),
        ({"Cache-Control": 'Public, MAX-AGE="600"', "Age": "100"}, 500),
        ({"Cache-Control": "max-age=60, s-maxage=600"}, 600),
        ({"Cache-Control": "max-age=60", "Age": "100"}, None),
        ({"Cache-Control": "max-age=0"}, None),
        ({"Cache-Control": "no-cache, max-age=600"}, None),
        ({"Cache-Control": "no-store", "Expires": "Mon, 23 Nov 2026 10:00:00 GMT"}, None),
        ({"Cache-Control": "max-age=31536000"}, 31 * 86_400),
        ({"Cache-Control": "max-age=" + "9" * 99}, 31 * 86_400),
        ({"Cache-Control": "max-age=x", "Expires": "Mon, 23 Nov 2026 10:00:00 GMT"}, 3_600),
        (
            {"Expires": "Mon, 23 Nov 2026 10:00:00 GMT", "Date": "Mon, 23 Nov 2026 09:50:00 GMT"},
            600,
        ),
        ({"Expires": "0"}, None),
        ({"Expires": "Mon, 23 Nov 2020 10:00:00 GMT"}, None),
        ({"Expires": "Fri, 31 Dec 9999 23:59:59 GMT"}, 31 * 86_400),
    ],
)
def test_how_long_an_answer_says_it_stays_fresh(headers, fresh):
    assert freshness(headers, NOW) == (timedelta(seconds=fresh) if fresh else None)


def test_evidence_holds_no_cookie():
    kept = evidence_headers(
        {"set-cookie": "secret=1", "etag": '"v1"', "server": "x" * 9_000, "x-token": "secret"}
    )
    assert kept == (("etag", '"v1"'), ("server", "x" * 500))


LOGIN = b'<!doctype html><title>Sign in</title><form><input name=p type="password"></form>'


@pytest.mark.parametrize(
    ("body", "headers", "document", "words"),
    [
        (b"<html><title>Just a moment...</title>", {}, True, "check for browsers"),
        (b"<html><title>Just a moment...</title>", {}, False, "check for browsers"),
        (b"", {"cf-mitigated": "challenge"}, False, "check for browsers"),
        (LOGIN, {}, True, "form to log in"),
        (LOGIN, {}, False, ""),
        (LOGIN + b'<link type="application/rss+xml">', {}, True, ""),
        (b"<!DOCTYPE html><title>Before you continue</title>", {}, True, "consent"),
        (b"<html><title>News</title>", {}, True, ""),
        (b"<rss><item><description><![CDATA[" + LOGIN + b"]]>", {}, True, ""),
        (b"<rss><title>Just a moment</title>", {}, True, ""),
    ],
)
def test_what_stands_before_the_document_is_recognised(body, headers, document, words):
    said = wall_reason(headers, body, document=document)
    assert words in said
    assert bool(said) == bool(words)


@pytest.mark.parametrize(
    ("stored", "now", "lies"),
    [
        (("a", "m", "old"), ("a", "m"), True),
        (("a", "m", "new"), ("a", "m"), False),
        (("a", "m", "old"), ("b", "m"), False),
        ((None, "m", "old"), (None, "m"), True),
        ((None, "m", "old"), (None, "n"), False),
        ((None, None, "old"), (None, None), False),
        (("a", "m", None), ("a", "m"), False),
    ],
)
def test_validators_that_stay_while_the_bytes_change_lie(stored, now, lies):
    assert validators_lied(Validators(*stored), *now, "new") is lies


def test_the_other_user_agent_still_says_who_asks():
    agent = "sanctions-monitor/1 (+https://a.example; m@a.example)"
    other = "Mozilla/5.0 (compatible; sanctions-monitor/1; +https://a.example; m@a.example)"
    assert compatible_agent(agent) == other
    assert compatible_agent("plain/1") == "Mozilla/5.0 (compatible; plain/1)"
    assert compatible_agent(other) == ""
