"""Compiled and pure functions split the same texts into the same words, spans and sentences."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text import tokenize, tokenize_pure

pytestmark = pytest.mark.compiled

DATA = tomllib.loads((Path(__file__).parents[1] / "text" / "text.toml").read_text("utf-8"))

#: Characters and pieces on which a scan and a pattern could disagree.
HARD = st.sampled_from(
    [
        *"aZ09_éÉİıIßſŁøæﬁ①№Ⓐ🅰",
        *"\u0301\u064b\u0670\u0640\u093f\u00ad\u200b\u200c\u200d\u200f\u034f\u3164\ufe0f\ufeff\U000e0061",
        *"ىيکة٤۴عربЖїІκ가ㄱᄀ制裁アｱ豈\U00020000",
        *"'’ʼ＇.!?…؟۔।。！？;；؛\n\t \u00a0\u3000(\"“»)]–-/$€,",
        *"\ud800\udfff\U0010ffff\x00",
        *(
            "Mr",
            "approx",
            "sept",
            "U.S",
            "ee. uu",
            "z. B",
            "said. ",
            "20. ",
            "won't",
            "l'OTAN",
            "S-400'ün",
            "abcdefgh. A",
        ),
    ]
)
RAW = st.lists(HARD, max_size=30).map("".join) | st.lists(HARD | st.characters(), max_size=20).map("".join)


@given(RAW)
def test_a_text_has_the_same_words_spans_and_sentences(raw: str) -> None:
    assert tokenize(raw) == tokenize_pure(raw)


def test_every_code_point_means_the_same_within_a_word_and_alone() -> None:
    for code in range(0x110000):
        raw = f"a{chr(code)}b {chr(code)}. A"
        assert tokenize(raw) == tokenize_pure(raw), hex(code)


@pytest.mark.parametrize("case", DATA["same"], ids=lambda case: case["says"])
def test_known_cases_are_read_alike(case: dict[str, list[str]]) -> None:
    for raw in case["texts"]:
        assert tokenize(raw) == tokenize_pure(raw)


def test_a_text_that_is_long_and_one_that_is_empty_are_read_alike() -> None:
    for raw in ("", " ", "'" * 5_000, "Новости. " * 5_000, "a" * 100_000, "l'" * 5_000):
        assert tokenize(raw) == tokenize_pure(raw)
