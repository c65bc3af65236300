"""Counting hits and mistakes, and reading labelled items."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match.evaluation import (
    FIELDS,
    Answer,
    Counts,
    Labelled,
    confusion,
    count,
    measure,
    read_labelled,
)


def labelled(*topics: str, lang: str = "en", **more: object) -> Labelled:
    fields = {**dict.fromkeys(FIELDS, ""), "title": "A title", "lang": lang}
    return Labelled("1", fields, frozenset(topics), **more)  # type: ignore[arg-type]


def answer(item: Labelled, *flagged: str) -> Answer:
    return Answer(item, frozenset(flagged))


ANSWERS = [
    answer(labelled("arms"), "arms"),
    answer(labelled("arms", weight=0.5, lang="tr", bucket="A")),
    answer(labelled(unsure=True, weight=4), "arms", "sanctions"),
    answer(labelled("sanctions", "arms"), "sanctions", "arms"),
    answer(labelled()),
]


def read(*lines: str | bytes) -> tuple[list[Labelled], list[str]]:
    mistakes: list[str] = []
    return list(read_labelled(lines, mistakes)), mistakes


def line(**changes: object) -> str:
    plain = {"id": "n1", "title": "A title", "lang": "en", "sanctions": 0, "arms": 1}
    return json.dumps({key: value for key, value in (plain | changes).items() if value != "absent"})


# ---------------------------------------------------------------- counting


def test_hits_false_alarms_and_misses_are_counted_for_one_topic():
    assert count(ANSWERS, "arms") == Counts(tp=2, fp=1, fn=1)
    assert count(ANSWERS, "sanctions") == Counts(tp=1, fp=1, fn=0)


def test_rates_follow_from_the_counts():
    counts = Counts(tp=6, fp=2, fn=4)
    assert (counts.precision, counts.recall_items) == (0.75, 0.6)
    assert counts.f1 == pytest.approx(2 * 0.75 * 0.6 / (0.75 + 0.6))


def test_a_rate_of_nothing_is_nought():
    assert (Counts().precision, Counts().recall_items, Counts().f1) == (0, 0, 0)
    assert Counts(fn=3).precision == 0


def test_unsure_items_are_left_out_of_what_is_sure():
    assert measure(ANSWERS, "arms").sure == Counts(tp=2, fp=0, fn=1)


def test_a_weighted_item_counts_for_those_it_stands_for():
    assert measure(ANSWERS, "arms").weighted == Counts(tp=2, fp=4, fn=0.5)


def test_languages_and_buckets_share_the_items_out():
    of = measure(ANSWERS, "arms")
    assert of.by_lang == {"en": Counts(2, 1, 0), "tr": Counts(0, 0, 1)}
    assert of.by_bucket == {"?": Counts(2, 1, 0), "A": Counts(0, 0, 1)}


def test_what_is_wrong_with_an_answer_has_a_name():
    assert [confusion(each, "arms") for each in ANSWERS] == ["", "false negative", "false positive", "", ""]


ANY = st.lists(
    st.builds(
        lambda wanted, flagged, lang, unsure: answer(labelled(*wanted, lang=lang, unsure=unsure), *flagged),
        st.sets(st.sampled_from(["arms", "sanctions"])),
        st.sets(st.sampled_from(["arms", "sanctions"])),
        st.sampled_from(["en", "tr", ""]),
        st.booleans(),
    )
)


@given(ANY)
def test_groups_add_up_to_the_whole_and_f1_lies_between_the_rates(answers):
    of = measure(answers, "arms")
    for groups in (of.by_lang, of.by_bucket):
        assert sum(each.tp for each in groups.values()) == of.all.tp
        assert sum(each.fp for each in groups.values()) == of.all.fp
        assert sum(each.fn for each in groups.values()) == of.all.fn
    assert of.all.f1 <= max(of.all.precision, of.all.recall_items)
    assert of.weighted == of.all


# ---------------------------------------------------------------- reading


def test_a_line_gives_what_is_judged_and_what_was_said_of_it():
    (item,), mistakes = read(
        line(source="A wire", date="2026-11-23", unsure=1, weight=2.5, bucket="S", url="u")
    )
    assert mistakes == []
    assert item.id == "n1"
    assert item.fields == {
        "title": "A title",
        "summary": "",
        "lang": "en",
        "source": "A wire",
        "date": "2026-11-23",
    }
    assert (item.topics, item.unsure, item.weight, item.bucket) == ({"arms"}, True, 2.5, "S")


def test_truth_may_be_written_either_way():
    (one, other), _ = read(line(arms=True, sanctions=False), line(arms=1.0, sanctions=0))
    assert one.topics == other.topics == {"arms"}


def test_mistakes_are_named_by_line_and_stop_nothing():
    lines = [line(id="a"), "{", "[]", "", b"\xff\xfe{", line(arms="absent"), line(id="b")]
    items, mistakes = read(*lines)
    assert [each.id for each in items] == ["a", "b"]
    assert [each.partition(":")[0] for each in mistakes] == ["line 2", "line 3", "line 5", "line 6"]
    assert mistakes[3] == "line 6: no arms; write true or false"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"arms": "yes"}, "arms is true or false, not 'yes'"),
        ({"arms": 2}, "arms is true or false, not 2"),
        ({"arms": None}, "no arms; write true or false"),
        ({"unsure": "no"}, "unsure is true or false, not 'no'"),
        ({"title": 5}, "title is a text, not 5"),
        ({"title": " ", "summary": ""}, "neither title nor summary"),
        ({"weight": "1"}, "weight is a number from 0 up, not '1'"),
        ({"weight": -1}, "weight is a number from 0 up, not -1"),
        ({"weight": float("nan")}, "weight is a number from 0 up, not nan"),
        ({"weight": float("inf")}, "weight is a number from 0 up, not inf"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(changes, said):
    assert read(line(**changes)) == ([], [f"line 1: {said}"])


def test_a_line_nested_without_end_is_a_mistake_too():
    assert read("[" * 100_000) == ([], ["line 1: nested too deep"])
