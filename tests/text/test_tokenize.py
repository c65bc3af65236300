"""Folding and tokenizing: equal words fold alike, and offsets point into the original."""

import sys
import tomllib
import unicodedata
from pathlib import Path

import pytest
import regex
from hypothesis import assume, example, given
from hypothesis import strategies as st

from monitor.text import fold, tokenize, variants, visible, words

DATA = tomllib.loads((Path(__file__).parent / "text.toml").read_text("utf-8"))
APOSTROPHES = "'’ʼ＇"

#: Letters, marks and signs that are hard on whoever cuts and folds, beside anything else that Unicode holds.
HARD = st.sampled_from(
    [
        *"aZéÉİıIßſŁøæﬁﷺ½Ⅷ①№",
        *"\u0301\u0307\u064b\u0670\u0640\u0483\u05b0\u093f\u0e31",
        *"\u00ad\u200b\u200c\u200d\u200e\u200f\u061c\u034f\u180e\u2060\u2063\u3164\ufe0f\ufeff\U000e0061",
        *"ꜱᴀɑⓢⒶ🅂🅰🄐ανοσѕӏᎪꓢ",
        *"ىيکكیةە٤۴",
        *"가힣ㄱᄀ",
        *"制裁俄ーアｱ豈",
        *"ЖёйїІґ",
        *"👩💻🇹🇷🏽\ufe0f",
        *"'’ʼ＇.!?…。;\n \t\u00a0(\"“»-–/$€0947",
        "S-400'ün",
        "U.S. ",
        "won't ",
        "l'OTAN ",
    ]
)
RAW = st.lists(HARD | st.characters(), max_size=30).map("".join) | st.text(max_size=60)


@given(RAW)
def test_every_word_knows_where_it_stood(raw):
    text = tokenize(raw)
    assert text.raw == raw
    for index, word in enumerate(text.words):
        written = text.as_written(index)
        assert written == raw[text.starts[index] : text.stops[index]]
        assert fold("".join(char for char in written if char not in APOSTROPHES)) == word != ""


@given(RAW)
def test_words_stand_one_after_another_and_never_overlap(raw):
    text = tokenize(raw)
    assert len(text.words) == len(text.starts) == len(text.stops) == len(text.sentences)
    before = 0
    for start, stop in zip(text.starts, text.stops, strict=True):
        assert before <= start < stop <= len(raw)
        before = stop


@given(RAW)
def test_no_letter_or_figure_is_lost_but_endings_after_an_apostrophe(raw):
    raw = "".join(char for char in raw if char not in APOSTROPHES)
    text = tokenize(raw)
    spans = zip(text.starts, text.stops, strict=True)
    kept = {place for start, stop in spans for place in range(start, stop)}
    assert not [char for place, char in enumerate(raw) if place not in kept and char.isalnum() and fold(char)]


@given(RAW)
def test_sentences_are_counted_from_the_first_and_never_backwards(raw):
    text = tokenize(raw)
    assert list(text.sentences) == sorted(text.sentences)
    for index in range(len(text.words)):
        first, last = text.bounds(index)
        assert first <= index < last
        assert set(text.sentences[first:last]) == {text.sentences[index]}
        assert text.sentences[index] not in (*text.sentences[:first], *text.sentences[last:])


@given(RAW)
def test_a_quote_is_the_original_from_one_word_to_another(raw):
    text = tokenize(raw)
    for start in range(len(text.words)):
        for stop in range(start + 1, min(start + 4, len(text.words)) + 1):
            quote = text.quote(start, stop)
            assert quote == raw[text.starts[start] : text.stops[stop - 1]]
            assert quote.startswith(text.as_written(start))
            assert quote.endswith(text.as_written(stop - 1))


EVERY_CHARACTER = "".join(map(chr, range(sys.maxunicode + 1)))
INVISIBLE = regex.findall(r"\p{Default_Ignorable_Code_Point}", EVERY_CHARACTER)


@given(
    st.sampled_from(INVISIBLE), st.sampled_from(["sanctions", "rosoboronexport", "عقوبات", "制裁"]), st.data()
)
def test_an_invisible_character_changes_no_word(mark, word, data):
    at = data.draw(st.integers(0, len(word)))
    assume(mark != "\u200c" or word.isascii())
    text = tokenize(f"{word[:at]}{mark}{word[at:]}")
    assert text.words == words(word)
    assert mark not in (text.raw[text.starts[0]], text.raw[text.stops[-1] - 1])


def test_every_invisible_character_is_folded_away():
    assert fold("".join(INVISIBLE)) == visible("".join(INVISIBLE)) == ""
    assert visible("Zo\u200frva و") == "Zorva و"


@example("a\xad'a")
@example("l'\xadembargo")
@given(RAW)
def test_a_word_begins_and_ends_with_what_can_be_seen(raw):
    text = tokenize(raw)
    for index in range(len(text.words)):
        assert not regex.search(r"^\p{DI}|\p{DI}$", text.as_written(index))


@given(RAW)
def test_folding_twice_is_folding_once(raw):
    assert fold(fold(raw)) == fold(raw)


def test_folding_is_idempotent_for_every_code_point():
    every = fold("".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000))
    assert fold(every) == every


@given(RAW, RAW)
def test_folding_goes_code_point_by_code_point(one, other):
    assert fold(one + other) == fold(one) + fold(other) == "".join(map(fold, one + other))


@given(RAW)
def test_case_and_the_form_of_composition_do_not_matter_to_latin(raw):
    latin = "".join(char for char in raw if char < "\u0250" and char not in "ıİſŉ")
    assert fold(latin) == fold(unicodedata.normalize("NFD", latin)) == fold(latin.lower())


@pytest.mark.parametrize("case", DATA["same"], ids=lambda case: case["says"])
def test_spellings_of_one_word_fold_to_the_same_word(case):
    assert {words(each) for each in case["texts"]} == {tuple(case["words"])}


@pytest.mark.parametrize("case", DATA["apart"], ids=lambda case: case["says"])
def test_different_words_fold_to_different_words(case):
    one, other = case["texts"]
    assert words(one) != words(other)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("وبالعقوبات", "عقوبات"),
        ("للعقوبات", "عقوبات"),
        ("والعقوبات", "العقوبات"),
        ("فالعقوبات", "عقوبات"),
        ("ستفرض", "تفرض"),
        ("С", "s"),
        ("Су", "su"),
        ("إس", "s"),
        ("сaнкции", "санкции"),
        ("sаnctions", "sanctions"),
        ("sαnctiοns", "sanctions"),
        ("ѕаηсtіоns", "sanctions"),
        ("ꓢꓮꓠCTION", "sanction"),
        ("Rοsobοronexροrt", "rosoboronexport"),
        ("Iгор", "ігор"),
        ("Τ", "t"),
        ("Ѕ", "s"),
    ],
)
def test_a_word_may_stand_for_another(written, meant):
    assert words(meant)[0] in variants(words(written)[0])


@pytest.mark.parametrize(
    "word",
    ["sanctions", "sanktionspaket", "санкции", "санкцій", "сор", "τον", "қазақстан", "制", "대북", "فرض"],
)
def test_most_words_stand_for_themselves_alone(word):
    assert variants(word) == (word,)


@given(RAW)
def test_the_forms_of_a_word_are_distinct_folded_words_and_begin_with_it(raw):
    for word in tokenize(raw).words:
        meant = variants(word)
        assert meant[0] == word
        assert len(set(meant)) == len(meant)
        assert all(form and fold(form) == form for form in meant)


@pytest.mark.parametrize("case", DATA["sentence"], ids=lambda case: case["text"])
def test_sentences_end_where_they_should(case):
    text = tokenize(case["text"])
    firsts = [i for i in range(len(text.words)) if text.bounds(i)[0] == i]
    assert [text.quote(*text.bounds(first)) for first in firsts] == case["reads"]


def test_a_word_is_quoted_as_it_was_written():
    text = tokenize("Ankara, S-400'leri aldı.")
    assert text.words == ("ankara", "s", "400", "aldi")
    assert [text.as_written(index) for index in range(4)] == ["Ankara", "S", "400", "aldı"]
    assert text.quote(1, 3) == "S-400"
    assert text.quote(0, 4) == "Ankara, S-400'leri aldı"
    assert text.bounds(2) == (0, 4)


def test_nothing_to_read_is_no_words():
    for raw in ("", " \n", "…!?", "👩‍💻 🇹🇷", "\u200b\u00ad\ufeff", "''"):
        assert tokenize(raw).words == ()


@pytest.mark.parametrize(
    "piece", [".", "?!", "\n", " ", "a.", "''", "a'", "\u00ad", "((", ". (", '…"', "U.S. ", "制。"]
)
def test_hostile_repetition_costs_no_more_than_its_length(piece):
    text = tokenize(piece * (40_000 // len(piece)))
    assert len(text.words) <= 40_000
