"""What queries find: the laws that hold for every query and text, and a few answers word by word."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.match.lexicon import Lexicon
from monitor.match.query.fields import within
from monitor.match.query.nodes import (
    MOST,
    And,
    AtLeast,
    Match,
    Near,
    Or,
    Query,
    Spread,
    Term,
    Without,
    leads,
)
from monitor.match.query.parser import parse
from monitor.match.spans import Doc
from tests.match.seeds import doc_for, found

NONE = Lexicon({}, {})
VOCABULARY = ["alpha", "beta", "gamma", "delta", "omega"]
TERMS = st.builds(
    lambda word, field: Term(f"w:{word}", word, field),
    st.sampled_from(VOCABULARY[:4]),
    st.sampled_from(["", "", "", "title", "summary"]),
)
WORDS = st.sampled_from([Term(f"w:{word}", word) for word in VOCABULARY[:4]])
SPREADS = st.builds(Spread, st.lists(WORDS, min_size=2, max_size=3).map(tuple), st.integers(0, 4))
RAW = st.lists(st.sampled_from([*VOCABULARY, "rest", "rest.", "alpha."]), max_size=12).map(" ".join)
REACH = st.none() | st.integers(0, 6)


def grown(part: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    parts = st.lists(part, min_size=2, max_size=3).map(tuple)
    return (
        st.builds(And, parts)
        | st.builds(Or, parts)
        | st.builds(Without, part, part)
        | st.builds(Near, part, part, REACH, st.booleans())
        | st.builds(AtLeast, st.integers(2, 3), part)
    )


QUERIES = st.recursive(TERMS | SPREADS, grown, max_leaves=8)


def doc_of(*raws: str) -> Doc:
    return doc_for(Or(tuple(Term(f"w:{word}", word) for word in VOCABULARY)), *raws, words=NONE)


def places(doc: Doc, field: str, word: str) -> list[int]:
    return [index for index, each in enumerate(doc.texts[field].words) if each == word]


@given(QUERIES, RAW, RAW)
@settings(max_examples=300)
def test_whenever_a_query_holds_all_that_it_needs_was_spotted(query, title, summary):
    doc = doc_of(title, summary)
    assert query.needs()
    assert not query.find(doc) or all(any(doc[tag] for tag in tags) for tags in query.needs())


@given(QUERIES, RAW, RAW)
@settings(max_examples=300)
def test_every_match_lies_in_its_field_and_holds_the_spans_that_made_it(query, title, summary):
    doc = doc_of(title, summary)
    for match in query.find(doc):
        assert 0 <= match.start < match.stop <= len(doc.texts[match.field].words)
        assert match.spans
        for span in match.spans:
            assert span in doc[span.tag]
            assert span.field == match.field
            assert match.start <= span.start < span.stop <= match.stop


@given(QUERIES, QUERIES, RAW, RAW)
def test_and_or_not_are_those_of_logic(one, other, title, summary):
    doc = doc_of(title, summary)
    first, second = bool(one.find(doc)), bool(other.find(doc))
    assert bool(And((one, other)).find(doc)) is (first and second)
    assert bool(Or((one, other)).find(doc)) is (first or second)
    assert bool(Without(one, other).find(doc)) is (first and not second)


@given(QUERIES, QUERIES, REACH, RAW, RAW)
def test_proximity_is_symmetric(one, other, words, title, summary):
    doc = doc_of(title, summary)
    assert bool(Near(one, other, words).find(doc)) is bool(Near(other, one, words).find(doc))


@given(QUERIES, QUERIES, st.integers(0, 6), RAW, RAW)
def test_ordered_proximity_implies_proximity(one, other, words, title, summary):
    doc = doc_of(title, summary)
    if Near(one, other, words, ordered=True).find(doc):
        assert Near(one, other, words).find(doc)


@given(TERMS, TERMS, st.integers(0, 6), st.integers(0, 6), st.booleans(), RAW)
def test_a_wider_reach_finds_whatever_a_narrower_one_finds(one, other, words, more, ordered, title):
    doc = doc_of(title)
    if Near(one, other, words, ordered).find(doc):
        assert Near(one, other, words + more, ordered).find(doc)


@given(WORDS, WORDS, st.integers(0, 6), st.booleans(), RAW, RAW)
def test_proximity_counts_the_words_between(one, other, words, ordered, title, summary):
    doc = doc_of(title, summary)
    expected = any(
        0 <= right - left - 1 <= words or (not ordered and 0 <= left - right - 1 <= words)
        for field in ("title", "summary")
        for left in places(doc, field, one.source)
        for right in places(doc, field, other.source)
    )
    assert bool(Near(one, other, words, ordered).find(doc)) is expected


@given(WORDS, WORDS, RAW, RAW)
def test_same_sentence_is_any_distance_within_one_sentence(one, other, title, summary):
    doc = doc_of(title, summary)
    expected = any(
        left != right and text.sentences[left] == text.sentences[right]
        for field, text in doc.texts.items()
        for left in places(doc, field, one.source)
        for right in places(doc, field, other.source)
    )
    assert bool(Near(one, other, None).find(doc)) is expected


@given(QUERIES, RAW, RAW)
def test_a_field_is_asked_as_if_there_were_no_other(query, title, summary):
    try:
        asked = within("title", query)
    except ValueError:
        return
    assert asked.find(doc_of(title, summary)) == query.find(doc_of(title, ""))


@given(st.lists(WORDS, min_size=2, max_size=3, unique=True), st.integers(0, 5), RAW)
def test_a_loose_phrase_has_all_its_words_in_any_order_with_few_others_among_them(parts, words, title):
    doc = doc_of(title)
    where = [places(doc, "title", part.source) for part in parts]
    least = min((max(each) - min(each) + 1 - len(parts) for each in product(*where)), default=None)
    assert bool(Spread(tuple(parts), words).find(doc)) is (least is not None and least <= words)


@given(TERMS, st.integers(2, 4), RAW, RAW)
def test_at_least_counts_mentions(term, times, title, summary):
    doc = doc_of(title, summary)
    fields = [term.field] if term.field else ["title", "summary"]
    count = sum(len(places(doc, field, term.source)) for field in fields)
    assert bool(AtLeast(times, term).find(doc)) is (count >= times)


@given(QUERIES, RAW, RAW)
@settings(max_examples=300)
def test_what_leads_a_query_is_among_its_matches_and_there_when_it_holds(query, title, summary):
    doc = doc_of(title, summary)
    assert set(leads(query, doc)) <= set(query.find(doc))
    assert bool(leads(query, doc)) is bool(query.find(doc))


@given(st.lists(TERMS, min_size=2, max_size=4), RAW, RAW)
def test_alternatives_come_in_reading_order_the_title_first(terms, title, summary):
    matches = Or(tuple(terms)).find(doc_of(title, summary))
    order = [(match.field != "title", match.start, match.stop) for match in matches]
    assert order == sorted(order)


def test_ordered_proximity_is_not_symmetric():
    assert found("tanks ONEAR/3 Poland", "Tanks for Poland") == ["Tanks for Poland"]
    assert found("Poland ONEAR/3 tanks", "Tanks for Poland") == []


def test_proximity_takes_the_closest_match_and_prefers_the_same_sentence():
    assert found("tanks NEAR/9 Poland", "Poland waits. Tanks are what he said Poland needs") == [
        "Tanks are what he said Poland"
    ]
    assert found("tanks NEAR/9 Poland", "Poland buys tanks one two three Poland") == ["Poland buys tanks"]


def test_a_word_is_not_in_proximity_of_itself():
    assert found("tank* NEAR/9 tanks", "Tanks arrive") == []
    assert found("tank* NEAR/9 tanks", "Tanks and tanks") == ["Tanks and tanks", "Tanks and tanks"]


def test_what_is_said_over_and_over_counts_only_so_often():
    assert len(found("tanks", "tanks " * 1_000)) == MOST
    assert len(found("tanks NEAR/3 shells", "tanks shells " * 1_000)) <= MOST


def test_what_a_query_needs_is_a_tag_of_each_part_that_cannot_be_missing():
    query = parse("(one OR two OR three) (four OR five) NOT six", ())
    assert query.needs() == {frozenset({"w:one", "w:two", "w:three"}), frozenset({"w:four", "w:five"})}
    assert parse("one OR (two OR three) NEAR/3 four", ()).needs() == {frozenset({"w:one", "w:four"})}
    assert parse('"one two"~3', ()).needs() == {frozenset({"w:one"}), frozenset({"w:two"})}


def test_what_is_named_twice_in_one_place_is_mentioned_once():
    assert found("ATLEAST/2(tank* OR tanks)", "Tanks arrive") == []
    assert found("ATLEAST/2(tank* OR shell*)", "Tanks", "and shells") == ["Tanks", "shells"]


def test_a_field_binds_all_that_stands_in_its_brackets():
    assert found("title:(tanks AND Poland)", "Tanks", "for Poland") == []
    assert found("title:(tanks NOT zoo)", "Tanks", "in a zoo") == ["Tanks"]
    assert found("title:ATLEAST/2(tanks)", "Tanks", "and tanks") == []


def test_a_match_is_what_it_covers():
    query = parse("tanks NEAR/3 Poland", ())
    doc = doc_for(query, "", "In Poland new tanks")
    (match,) = query.find(doc)
    assert (match.field, match.start, match.stop) == ("summary", 1, 4)
    assert match.spans == (*doc["w:tanks"], *doc["w:Poland"])
    assert isinstance(match, Match)
