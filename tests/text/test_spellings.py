"""The words of which a word is a reading: whatever `variants` reads, the index finds."""

import pytest

from monitor.text import other_readings, variants, words
from monitor.text.spellings import spellings, spellings_of_stem

WRITTEN = [
    "С",
    "اس",
    "МиГ",
    "والعقوبات",
    "للعقوبات",
    "بالعقوبات",
    "وللعقوبات",
    "العقوبات",
    "عقوبات",
    "Τ",
    "sanctions",
]


@pytest.mark.parametrize("written", WRITTEN)
def test_every_reading_of_a_word_leads_back_to_it(written: str) -> None:
    (word,) = words(written)
    assert all(word in spellings(reading) for reading in variants(word))
    for reading in (each for each in variants(word) if len(each) > 1):
        stems, whole = spellings_of_stem(reading[:3])
        assert word in whole or word.startswith(stems)


def test_a_spelling_is_read_as_the_word() -> None:
    assert all("s" in variants(each) for each in spellings("s"))
    assert spellings("sanctions") == ("sanctions",)
    assert len(spellings("s")) > 2


def test_a_word_of_two_alphabets_has_readings_of_its_own() -> None:
    assert other_readings(words("New s\u0430nctions")) == ("sanctions",)
    assert other_readings(words("новые санкции")) == ()
