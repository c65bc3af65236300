"""The prefilter: which of many queries are evaluated for a text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.match.query.parser import parse
from monitor.match.query.prefilter import prefilter_of
from tests.match.query.test_nodes import QUERIES, RAW, doc_of


def able(tags: str, *sources: str) -> list[str]:
    prefilter = prefilter_of((parse(source, {"country", "buy"}), source) for source in sources)
    return list(prefilter.able(tags.split()))


@given(st.lists(QUERIES, max_size=6), RAW, RAW)
@settings(max_examples=200)
def test_no_query_that_holds_is_left_out(queries, title, summary):
    doc = doc_of(title, summary)
    asked = prefilter_of((query, number) for number, query in enumerate(queries)).able(doc.spans)
    assert set(asked) >= {number for number, query in enumerate(queries) if query.find(doc)}
    assert list(asked) == sorted(set(asked))


def test_a_query_is_asked_only_when_all_its_needs_occur():
    assert able("w:one", "one AND two") == []
    assert able("w:one w:two", "one AND two") == ["one AND two"]
    assert able("w:one w:four", "one (two OR three)", "one (two OR four)") == ["one (two OR four)"]
    assert able("w:two", "one NOT two") == []


def test_a_query_is_indexed_under_the_set_with_the_fewest_other_queries():
    prefilter = prefilter_of((parse(f"many AND (w{n} OR v{n})", ()), n) for n in range(100))
    assert "w:many" not in prefilter.postings
    assert all(len(posts) == 1 for posts in prefilter.postings.values())


def test_a_query_is_not_indexed_under_a_tag_that_most_news_has():
    prefilter = prefilter_of([(parse("@country AND (one OR two OR @buy)", {"country", "buy"}), "rule")])
    assert set(prefilter.postings) == {"w:one", "w:two", "buy"}
