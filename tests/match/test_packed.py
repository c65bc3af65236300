"""Texts by word in flat buffers."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.match.packed import pack

WORDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\t\n"), max_size=8)


@given(st.dictionaries(WORDS, WORDS), st.text(max_size=8))
def test_a_packed_text_is_found_by_its_word_and_by_no_other(texts: dict[str, str], word: str) -> None:
    packed = pack(texts)
    assert {each: packed.get(each) for each in texts} == texts
    assert packed.get(word) == texts.get(word, "")
    assert dict(packed.items()) == texts
    assert len(packed) == len(texts)


def test_a_word_is_not_found_in_the_text_of_another() -> None:
    packed = pack({"one": "two", "on": "ne"})
    assert (packed.get("two"), packed.get("o"), packed.get("e")) == ("", "", "")


def test_half_a_character_is_a_word_without_text() -> None:
    assert pack({"one": "two"}).get("\ud800") == ""
