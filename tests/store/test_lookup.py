import pytest

from monitor.store.lookup import Term, terms


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", []),
        ("tank", [Term(("tank",))]),
        ("Tank* crews", [Term(("tank",), open=True), Term(("crews",))]),
        ('"S-400 deal"', [Term(("s", "400", "deal"))]),
        ('"S-400 de*" x', [Term(("s", "400", "de"), open=True), Term(("x",))]),
        ('"a b"* c', [Term(("a", "b"), open=True), Term(("c",))]),
        ('a"b c"d', [Term(("a",)), Term(("b", "c")), Term(("d",))]),
        ('"never closed', [Term(("never", "closed"))]),
        ('* "" - "!"', []),
    ],
)
def test_a_query_is_words_phrases_and_beginnings(query: str, expected: list[Term]):
    assert list(terms(query)) == expected
