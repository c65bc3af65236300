"""The figures of events: type, direction, severity and what is sent at once."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from monitor.match.evaluation.events import (
    TypeShare,
    confusions,
    faults,
    measure_events,
    severity_within_1,
)
from monitor.match.evaluation.labels import read_labelled
from monitor.match.evaluation.topics import Answer
from monitor.model import Event

CASES = tomllib.loads(Path(__file__).with_name("events.toml").read_text("utf-8"))["case"]


def answer(label: dict[str, Any] | None, event: dict[str, Any] | None, **row: Any) -> Answer:
    line = json.dumps({"id": "1", "title": "A title", "lang": "en", "event": label} | row)
    (item,) = read_labelled([line], [])
    return Answer(item, frozenset(), Event(**({"topic": "", "stage": ""} | event)) if event else None)


def of(case: dict[str, Any], **row: Any) -> Answer:
    return answer(case["label"], case.get("event"), **row)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_is_wrong_with_an_event_has_a_name(case):
    assert list(faults(of(case))) == case["faults"]


IMPOSED = {"types": ["imposed"], "polarity": ["impose"], "severity": [4, 4], "kind": "news"}
SILENT = {"types": ["none"], "polarity": ["neutral"], "severity": [0, 1], "kind": "commentary"}
FOUND = {"type": "imposed", "polarity": "impose", "severity": 4}
TALK = {"type": "relief_talks", "polarity": "relax", "severity": 3}


def test_figures_are_shares_of_what_was_labelled_and_numbers_of_items():
    figures = measure_events(
        [
            answer(IMPOSED, FOUND),
            answer(IMPOSED, TALK, lang="tr", unsure=1),
            answer(IMPOSED, None, lang=""),
            answer(SILENT, FOUND),
            answer({"types": ["imposed"]}, FOUND),
            answer(None, FOUND),
        ]
    )
    assert figures is not None
    assert (figures.n, figures.type, figures.polarity) == (5, 0.4, 0.25)
    assert (figures.severity_exact, figures.severity_within_1) == (0.25, 0.5)
    assert (figures.opposite, figures.false_urgent, figures.missed_urgent) == (1, 1, 1)
    assert figures.background_as_news == 1
    assert figures.by_lang == {"?": TypeShare(1, 0), "en": TypeShare(3, 2 / 3), "tr": TypeShare(1, 0)}
    assert figures.sure == TypeShare(4, 0.5)


def test_without_event_labels_there_are_no_figures():
    assert measure_events([answer(None, FOUND)]) is None
    assert faults(answer(None, FOUND)) == ()


def test_severity_may_be_one_step_outside_the_range():
    label = answer({"severity": [2, 3]}, None).item.event
    assert label is not None
    within = [
        bool(severity_within_1(label, Event(topic="", type="", stage="", polarity="", severity=n)))
        for n in range(6)
    ]
    assert within == [False, True, True, True, True, False]


def test_wrong_types_are_counted_by_what_was_expected_and_found():
    counted = confusions(
        [
            answer(IMPOSED, FOUND),
            answer(IMPOSED, None),
            answer(IMPOSED, {**FOUND, "type": "commentary"}),
            answer({"types": ["none", "commentary", "agreed"]}, FOUND),
            answer({"kind": "news"}, FOUND),
        ]
    )
    assert counted == {("imposed", "none"): 2, ("agreed/none", "imposed"): 1}
