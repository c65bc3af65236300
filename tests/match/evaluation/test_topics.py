"""Precision, recall and F1 of topics."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match.evaluation.labels import FIELDS, Labelled
from monitor.match.evaluation.topics import Answer, Counts, count, measure, mistake
from monitor.match.rules import TOPICS


def labelled(*topics: str, lang: str = "en", **more: object) -> Labelled:
    fields = {**dict.fromkeys(FIELDS, ""), "title": "A title", "lang": lang}
    truth = {topic: topic in topics for topic in TOPICS}
    return Labelled(**({"id": "1", "fields": fields, "topics": truth} | more))  # type: ignore[arg-type]


def answer(item: Labelled, *flagged: str) -> Answer:
    return Answer(item, frozenset(flagged))


ANSWERS = [
    answer(labelled("arms"), "arms"),
    answer(labelled("arms", weight=0.5, lang="tr", bucket="A")),
    answer(labelled(unsure=True, weight=4), "arms", "sanctions"),
    answer(labelled("sanctions", "arms"), "sanctions", "arms"),
    answer(labelled()),
]


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
    assert [mistake(each, "arms") for each in ANSWERS] == ["", "false negative", "false positive", "", ""]


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


def test_an_item_is_scored_only_for_the_topics_that_were_labelled():
    half = answer(labelled(topics={"sanctions": True}, lang="fr"), "arms")
    assert count([half], "arms") == Counts()
    assert mistake(half, "arms") == ""
    assert mistake(half, "sanctions") == "false negative"
    assert measure([half], "arms").by_lang == {}
    assert measure([half], "sanctions").by_lang == {"fr": Counts(fn=1)}
