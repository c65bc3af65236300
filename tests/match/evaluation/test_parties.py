"""Parties of events against labelled ones."""

import json
from typing import Any

import pytest

from monitor.match.evaluation.labels import read_labelled
from monitor.match.evaluation.parties import RoleCounts, count_role, measure_parties, names_of, wrong_parties
from monitor.match.evaluation.topics import Answer
from monitor.model import Event, Mention

ENTITIES = (
    Mention(id="authority:ofac", name="OFAC", kind="authority", quote="OFAC", countries=("US",)),
    Mention(id="agency:ssb", name="SSB", kind="agency", quote="SSB", countries=("TR",)),
    Mention(id="weapon:patriot", name="Patriot", kind="weapon", quote="Patriot", countries=("US",)),
    Mention(id="country:GB", name="United Kingdom", kind="country", quote="UK", countries=("GB",)),
)


def answer(parties: dict[str, list[str]] | None, **found: Any) -> Answer:
    label = {} if parties is None else {"event": {"parties": parties}}
    (item,) = read_labelled([json.dumps({"id": "1", "title": "A title"} | label)], [])
    return Answer(
        item, frozenset(), Event(topic="", type="", stage="", polarity="", severity=0, **found), ENTITIES
    )


@pytest.mark.parametrize(
    ("id", "names"),
    [
        ("country:US", {"us"}),
        ("country:UK", {"gb"}),
        ("country:GB", {"gb"}),
        ("country:EL", {"gr"}),
        ("weapon:patriot", {"patriot"}),
        ("authority:ofac", {"ofac", "us"}),
        ("agency:ssb", {"ssb", "tr"}),
        ("maker:unknown", {"unknown"}),
    ],
)
def test_an_id_stands_for_itself_and_for_its_state_or_body(id, names):
    assert names_of(id, ENTITIES) == names


@pytest.mark.parametrize(
    ("label", "found", "counts"),
    [
        (["US"], "authority:ofac", RoleCounts(right=1, found=1)),
        (["country:GB"], "country:GB", RoleCounts(right=1, found=1)),
        (["US"], "country:UK", RoleCounts(wrong=1, missed=1)),
        (["US"], "", RoleCounts(missed=1)),
        (["US?"], "", RoleCounts()),
        (["US?"], "country:US", RoleCounts(right=1)),
        ([], "country:US", RoleCounts(wrong=1)),
        (["US", "UK"], "country:GB", RoleCounts(right=1, found=1)),
        (["US", "UK"], "", RoleCounts(missed=1)),
    ],
)
def test_a_single_role_is_right_by_any_of_joint_actors(label, found, counts):
    assert count_role(answer({"imposer": label}, imposer=found), "imposer") == counts


def test_each_target_is_wanted_and_one_state_counts_once():
    found = answer({"target": ["TR", "RU", "CN?"]}, targets=("agency:ssb", "country:CN", "country:IR"))
    assert count_role(found, "target") == RoleCounts(right=2, wrong=1, found=1, missed=1)
    assert wrong_parties(found) == {"target": ("RU, TR, CN?", "agency:ssb, country:CN, country:IR")}


def test_roles_without_a_label_are_not_scored():
    assert count_role(answer({"buyer": []}, imposer="country:US"), "imposer") == RoleCounts()
    assert count_role(answer(None, imposer="country:US"), "imposer") == RoleCounts()


def test_counts_of_items_add_up_to_rates():
    system = {"system": ["patriot"]}
    counts = measure_parties([answer(system, systems=("weapon:patriot",)), answer(system)])
    assert (counts["system"].precision, counts["system"].recall_parties) == (1.0, 0.5)
    assert (counts["buyer"].precision, counts["buyer"].recall_parties) == (0.0, 0.0)
    (item,) = read_labelled(['{"title": "A title", "event": {"parties": {"buyer": ["US"]}}}'], [])
    assert count_role(Answer(item, frozenset()), "buyer") == RoleCounts(missed=1)
