"""Words in letters of several alphabets: what they look like, and the table of letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text import fold
from monitor.text.lookalikes import LATIN_LETTERS, VARIANTS, lookalikes

LETTERS = st.sampled_from("abcdeinostxавсеинорстхіѕαβενορτԁꓢᎪ")


@pytest.mark.parametrize(
    ("word", "first"),
    [
        ("sαnctiοns", "sanctions"),
        ("sаnctiоns", "sanctions"),
        ("сaнкции", "санкции"),
        ("iгор", "ігор"),
        ("ꓢꓮꓠction", "sanction"),
        ("ԁrоne", "drone"),
    ],
)
def test_a_word_of_several_alphabets_is_read_in_one(word: str, first: str) -> None:
    assert lookalikes(fold(word))[0] == first


@pytest.mark.parametrize(
    "word", ["sanctions", "санкции", "сор", "τον", "қазақстан", "սոսն", "制裁", "عقوبات", "щиt", ""]
)
def test_a_word_of_one_alphabet_stays_as_it_is(word: str) -> None:
    assert lookalikes(word) == ()


@given(st.text(LETTERS, max_size=12))
def test_lookalikes_are_as_long_and_of_one_alphabet(word: str) -> None:
    for meant in lookalikes(word):
        assert lookalikes(meant) == ()
        assert len(meant) == len(word)


def test_the_table_holds_folded_letters_of_other_scripts_and_variants_of_latin_ones() -> None:
    assert all(fold(char) == char and not char.isascii() for char in LATIN_LETTERS)
    assert all(fold(char).isascii() for char in VARIANTS)
    assert {"а", "ο", "ѕ"} <= LATIN_LETTERS.keys()
    assert {"ꜱ", "🅂", "Ⓢ", "ɑ"} <= VARIANTS.keys()
