"""The query language as it is read: what binds tighter than what, and how a mistake is named."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match.query.nodes import And, AtLeast, Near, Or, Query, Spread, Term, Without
from monitor.match.query.parser import QueryError, parse, terms

TAGS = frozenset({"buy", "sell", "weapon", "weapon:s-400-triumf", "country:TR", "watch:clients", "amount"})


def reading(source: str) -> Query | QueryError:
    try:
        return parse(source, TAGS)
    except QueryError as error:
        return error


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("one two", "one AND two"),
        ("one two OR three", "(one AND two) OR three"),
        ("one OR two AND three", "one OR (two AND three)"),
        ("one OR two three OR four", "one OR (two AND three) OR four"),
        ("one AND NOT two", "one NOT two"),
        ("one -two", "one NOT two"),
        ("one AND -two", "one NOT two"),
        ("NOT two one", "one NOT two"),
        ("one NOT two OR three", "(one NOT two) OR three"),
        ("one NOT two three", "(one AND three) NOT two"),
        ("one NOT two NOT three", "one NOT (two OR three)"),
        ("one NOT two NEAR/3 three", "one NOT (two NEAR/3 three)"),
        ("one two NEAR/3 three", "one AND (two NEAR/3 three)"),
        ("one NEAR/3 two OR three", "(one NEAR/3 two) OR three"),
        ("one NEAR/3 two NEAR/4 three", "(one NEAR/3 two) NEAR/4 three"),
        ("one NEAR/3 two SAME SENTENCE three", "(one NEAR/3 two) SAME SENTENCE three"),
        ("one SAME   SENTENCE two ONEAR/2 three", "(one SAME SENTENCE two) ONEAR/2 three"),
        ("title:one NEAR/3 two", "(title:one) NEAR/3 two"),
        ("title:one two", "(title:one) two"),
        ("title: one", "title:one"),
        ("title:(one two)", "title:(one AND two)"),
        ('title:"one two"', 'title:("one two")'),
        ("title:@buy", "title:(@buy)"),
        ("NOT(one)two", "two NOT one"),
        ('one AND"two"', 'one AND "two"'),
        ("one OR@buy", "one OR @buy"),
        ("(one)(two)", "one AND two"),
        ("((one))", "one"),
        ("\n one\n\tAND two ", "one AND two"),
        ("title:one NEAR/3 title:two", "title:(one NEAR/3 two)"),
        ("title:(one two)", "title:one AND title:two"),
        ("title:(one NOT two)", "title:one NOT title:two"),
        ("title:title:one", "title:one"),
        ("title:ATLEAST/2(one)", "ATLEAST/2(title:one)"),
        ("ATLEAST/2 (one) two", "(ATLEAST/2(one)) AND two"),
        ("one NEAR/2 ATLEAST/2(two)", "one NEAR/2 (ATLEAST/2(two))"),
    ],
)  # fmt: skip
def test_operators_bind_as_written_here(written, means):
    assert parse(written, TAGS) == parse(means, TAGS)


def test_a_query_becomes_a_tree():
    one, two, buy = Term("w:one", "one"), Term("w:t*o two", '"t*o two"'), Term("buy", "@buy")
    assert parse('one AND "t*o two" OR @buy', TAGS) == Or((And((one, two)), buy))
    assert parse("title:one ONEAR/12 @buy", TAGS) == Near(replace(one, field="title"), buy, 12, ordered=True)
    assert parse("one SAME SENTENCE @buy", TAGS) == Near(one, buy, None)
    assert parse("one -@buy", TAGS) == Without(one, buy)
    assert parse('"one t*o"~5', TAGS) == Spread((one, Term("w:t*o", "t*o")), 5)
    assert parse("ATLEAST/3(one OR @buy)", TAGS) == AtLeast(3, Or((one, buy)))


@pytest.mark.parametrize("term", ["android", "ORDER", "NOTE", "ANDES", "NEARBY", "SAMENESS", "and-or", "F/A-18", "AH-1Z", "9/11", "s", "n1", "W88", "SSN/774", "=OR", "x-y", "50%", "C-17", "non-stop"])  # fmt: skip
def test_a_word_that_resembles_an_operator_is_a_word(term):
    assert parse(f"one {term}", TAGS) == And((Term("w:one", "one"), Term(f"w:{term}", term)))


@pytest.mark.parametrize(
    ("source", "column", "says"),
    [
        ("", 1, "the query is empty"),
        (" \n ", 1, "the query is empty"),
        ("(one two", 1, "this ( is not closed"),
        ("one ((two) three", 5, "this ( is not closed"),
        ('one "two three', 5, "this quotation mark is not closed"),
        ('one "', 5, "this quotation mark is not closed"),
        ('one ""', 5, "has no word to look for"),
        ("one)", 4, "')' has nothing to belong to"),
        ("one (two)) three", 10, "')' has nothing to belong to"),
        (")", 1, "a word or ( is expected here, not ')'"),
        ("()", 2, "a word or ( is expected here, not ')'"),
        ("one and two", 5, 'operators are written large: AND, or "and" for the word'),
        ("one or two", 5, 'operators are written large: OR, or "or" for the word'),
        ("not one", 1, 'operators are written large: NOT, or "not" for the word'),
        ("one near two", 5, 'operators are written large: NEAR, or "near" for the word'),
        ("one AND", 8, "ends where a word is expected"),
        ("one OR ", 8, "ends where a word is expected"),
        ("one NEAR/3", 11, "ends where a word is expected"),
        ("one NOT", 8, "ends where a word is expected"),
        ("one title:", 11, "ends where a word is expected"),
        ("(one OR) two", 8, "a word or ( is expected here, not ')'"),
        ("(one NEAR/8) two", 12, "a word or ( is expected here, not ')'"),
        ("OR one", 1, "a word or ( is expected here, not 'OR'"),
        ("one AND OR two", 9, "a word or ( is expected here, not 'OR'"),
        ("one NEAR two", 5, "write NEAR/8 with a number of words"),
        ("one ONEAR two", 5, "write ONEAR/8 with a number of words"),
        ("one NEAR/x two", 5, "write NEAR/8 with a number of words"),
        ("one SAME two", 5, "write SAME SENTENCE"),
        ("NOT one", 1, "NOT alone"),
        ("-one -two", 1, "NOT alone"),
        ("one OR NOT two", 8, "NOT alone"),
        ("one (NOT two)", 6, "NOT alone"),
        ("text:one", 1, "no field 'text'; there are title, summary, body, category"),
        ("one http://x", 5, "no field 'http'; there are title, summary, body, category"),
        ("one @sel", 5, "the lexicon has no @sel; did you mean @sell?"),
        ("@weapon:s-400", 1, "the lexicon has no @weapon:s-400; did you mean @weapon:s-400-triumf?"),
        ("@watch:client", 1, "did you mean @watch:clients?"),
        ("one @zzzzzz", 5, "the lexicon has no @zzzzzz"),
        ("one a*", 5, "a wildcard needs at least two letters"),
        ('one "big a*"', 5, "a wildcard needs at least two letters"),
        ("one =", 5, "has no word to look for"),
        ("one …", 5, "has no word to look for"),
        ('one "... two"', 5, "begins or ends with a gap"),
        ("one\nAND (two", 9, "this ( is not closed"),
        ("one near/8 two", 5, "no operator 'near/8'; did you mean NEAR/8?"),
        ("one NAER/8 two", 5, "no operator 'NAER/8'; did you mean NEAR/8?"),
        ("one ONAER/8 two", 5, "no operator 'ONAER/8'; did you mean ONEAR/8?"),
        ("one w/5 two", 5, "no operator 'w/5'; did you mean NEAR/5?"),
        ("one pre/3 two", 5, "no operator 'pre/3'; did you mean ONEAR/3?"),
        ("one NEAR5 two", 5, "no operator 'NEAR5'; did you mean NEAR/5?"),
        ("one near5 two", 5, "no operator 'near5'; did you mean NEAR/5?"),
        ("one && two", 5, "no operator '&&'; did you mean AND?"),
        ("one | two", 5, "no operator '|'; did you mean OR?"),
        ("one /s two", 5, "no operator '/s'; did you mean SAME SENTENCE?"),
        ("one ANDNOT two", 5, "no operator 'ANDNOT'; did you mean NOT?"),
        ("one same sentence two", 5, 'operators are written large: SAME SENTENCE, or "same sentence" for'),
        ("titel:one", 1, "no field 'titel'; there are title, summary, body, category; did you mean title:?"),
        ("Title:one", 1, "did you mean title:?"),
        ("one country:TR", 5, "did you mean @country:TR?"),
        ("title:(one summary:two)", 1, "what stands in the summary is never in the title"),
        ('title:(summary:"one two"~3)', 1, "what stands in the summary is never in the title"),
        ('one "two"~3', 5, "~3 needs a phrase of two words or more"),
        ('"one a*"~3', 1, "a wildcard needs at least two letters"),
        ("ATLEAST/2 one", 1, "write ATLEAST/2(…)"),
        ("ATLEAST one", 1, "write ATLEAST/3(…) with a number of mentions"),
        ("one ATLEAST/1(two)", 5, "ATLEAST counts from 2 to 50 mentions, not 1"),
        ("ATLEAST/99(two)", 1, "ATLEAST counts from 2 to 50 mentions, not 99"),
        ("ATLEAST/2(one two)", 10, "ATLEAST counts mentions: join what it counts by OR"),
        ("(" * 60 + "one" + ")" * 60, 41, "more than 40 brackets within one another"),
        ("one “two", 5, "this quotation mark is not closed"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_column(source, column, says):
    with pytest.raises(QueryError) as caught:
        parse(source, TAGS)
    assert (caught.value.column, str(caught.value).startswith(f"column {column}: ")) == (column, True)
    assert says in str(caught.value)


def test_no_suggestion_is_made_where_nothing_is_like_it():
    with pytest.raises(QueryError) as caught:
        parse("@zzzzzz", TAGS)
    assert "did you mean" not in str(caught.value)


@given(st.lists(st.sampled_from(["one", '"a b"', '"a b"~2', "ATLEAST/2", "@buy", "AND", "OR", "NOT", "-", "(", ")", "NEAR/2", "SAME SENTENCE", "title:", '"', "=", "*", "…", " "])).map(" ".join) | st.text(max_size=30))  # fmt: skip
def test_whatever_is_written_is_read_or_refused_within_it(source):
    read = reading(source)
    if isinstance(read, QueryError):
        assert 1 <= read.column <= len(source) + 1
    else:
        assert read.needs()
        assert all(tag.startswith("w:") for tag in terms(read))


def test_a_query_gives_its_words_to_the_prefilter():
    query = parse('one OR (title:"two three" SAME SENTENCE @buy) NOT fo*r', TAGS)
    assert terms(query) == {"w:one", "w:two three", "w:fo*r"}


def test_quotation_marks_may_be_curly():
    assert parse("“one two” “three four”~2", TAGS) == And(
        (Term("w:one two", "“one two”"), Spread((Term("w:three", "three"), Term("w:four", "four")), 2))
    )


def test_an_alias_of_a_country_code_finds_the_country():
    assert parse("@country:UK", {"country:GB"}) == Term("country:GB", "@country:UK")
