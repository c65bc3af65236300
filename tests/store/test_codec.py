import json
from datetime import datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import (
    Alert,
    ArticleState,
    Attachment,
    Credibility,
    Decision,
    Event,
    Evidence,
    Item,
    Mention,
    Message,
    Placement,
    Polarity,
    Story,
    Verdict,
)
from monitor.store.codec import Moment, Words, from_json, moment_to_text, to_json
from tests.conftest import NOW, alert, verdict

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=ZONES)  # noqa: DTZ001
PLAIN: st.SearchStrategy[Any] = st.none() | st.integers() | st.floats(allow_nan=False) | st.text()
NESTED = st.dictionaries(st.text(), PLAIN | st.lists(PLAIN, max_size=2), max_size=2)
EVENT = st.builds(Event, amounts=st.just(("$2.5bn",)) | st.just(()))
EVIDENCE = st.builds(Evidence, points=st.floats(allow_nan=False))
SAMPLES: list[st.SearchStrategy[Any]] = [
    st.builds(
        Verdict,
        topics=st.tuples(st.text()),
        relevance=st.dictionaries(st.text(), st.integers(), max_size=2),
        event=st.none() | EVENT,
        background=st.tuples(EVENT, EVENT),
        entities=st.tuples(st.builds(Mention, lists=st.tuples(st.text()))),
        evidence=st.tuples(EVIDENCE),
        penalties=st.just(()),
        credibility=st.builds(Credibility, reasons=st.tuples(st.text(), st.text())),
        rules=st.just(("r1", "r2")),
        versions=st.dictionaries(st.text(), st.text(), max_size=2),
    ),
    st.builds(Decision),
    st.builds(
        Message,
        blocks=st.tuples(NESTED),
        data=NESTED,
        attachments=st.tuples(st.builds(Attachment), st.builds(Attachment)),
    ),
    st.builds(Item, first_seen_at=MOMENTS, published_at=st.none() | MOMENTS),
    st.builds(Story, updated_at=MOMENTS, item_ids=st.tuples(st.text())),
]


@given(MOMENTS, MOMENTS)
def test_moments_sort_as_their_text(a: datetime, b: datetime):
    assert len(moment_to_text(a)) == len(moment_to_text(b))
    assert (a < b) == (moment_to_text(a) < moment_to_text(b))
    assert datetime.fromisoformat(moment_to_text(a)) == a


@pytest.mark.parametrize(
    "write", [moment_to_text, to_json, lambda moment: Moment().process_bind_param(moment, None)]
)
def test_a_moment_without_a_zone_is_refused(write):
    with pytest.raises(ValueError, match="no time zone"):
        write(NOW.replace(tzinfo=None))


def test_words_keep_all_that_a_database_takes():
    assert Words().process_bind_param("S-400 anlaşması 🚀", None) == "S-400 anlaşması 🚀"
    assert Words().process_bind_param("a\0b\ud800c", None) == "a\ufffdb\ufffdc"


@given(st.one_of(SAMPLES))
@settings(max_examples=40)
def test_what_is_written_is_read(value: Any):
    assert from_json(type(value), to_json(value)) == value


def test_an_alert_is_read_as_it_was_written():
    first = alert(verdict=verdict(event=None, versions={"rules": "r1"}))
    assert from_json(Alert, to_json(first)) == first


def test_placements_come_back_as_placements():
    assert from_json(Decision, to_json(Decision(Placement.TOP, "severity 3"))).placement is Placement.TOP


def test_fields_that_were_not_known_get_their_defaults_and_forgotten_ones_are_passed_over():
    text = '{"field":"title","start":1,"stop":2,"quote":"a","because":"rule:r","colour":"red"}'
    assert from_json(Evidence, text) == Evidence(
        field="title", start=1, stop=2, quote="a", because="rule:r", points=0.0
    )


def test_a_message_written_before_there_were_attachments_is_read():
    assert from_json(Message, '{"subject":"s","text":"t"}') == Message(subject="s", text="t")


def test_any_mapping_is_read_as_a_dict():
    frozen = MappingProxyType({"a": MappingProxyType({"b": 1})})
    assert from_json(Message, to_json(Message(subject="s", text="t", data=frozen))).data == {"a": {"b": 1}}


def test_what_has_no_place_in_json_is_refused():
    with pytest.raises(TypeError, match="object cannot be stored"):
        to_json(Message(subject="a", text="b", data={"c": object()}))


def test_a_word_that_left_its_vocabulary_is_read_as_plain_text():
    stored = to_json(alert().verdict.event).replace('"acquire"', '"forbid"')
    assert from_json(Event, stored).polarity == "forbid"
    assert from_json(Event, to_json(alert().verdict.event)).polarity is Polarity.ACQUIRE


def test_a_member_of_a_vocabulary_is_its_value_in_json():
    assert to_json({"state": ArticleState.GIVEN_UP}) == json.dumps(
        {"state": "given up"}, separators=(",", ":")
    )
    assert from_json(tuple[ArticleState, ...], '["given up"]') == (ArticleState.GIVEN_UP,)
