"""Words in their other written_forms: German without umlauts, Persian without joiners, traditional Chinese."""

import pytest

from monitor.text import fold
from monitor.text.languages import is_language, language_code, written_forms
from tests.match.seeds import judge


def test_german_words_are_known_without_umlauts():
    assert written_forms("de", "verhängt") == ("verhängt", "verhaengt")
    assert judge("Norwegen verhaengt Strafmassnahmen gegen syrische Banken").event.type == "imposed"
    assert "sanctions" in judge("Russlands Vermoegen eingefroren: Oesterreich zoegert").topics


def test_persian_words_are_known_with_and_without_joiner():
    assert written_forms("fa", "می‌فروشد") == ("می‌فروشد", "میفروشد")
    assert written_forms("fa", "گروه های تروریستی") == ("گروه های تروریستی", "گروههای تروریستی")
    for title in ("نروژ به عمان موشک می‌فروشد", "نروژ به عمان موشک می فروشد", "نروژ به عمان موشک میفروشد"):
        assert judge(title).event.type == "approval"


def test_other_languages_have_one_spelling():
    assert written_forms("tr", "yaptırım") == ("yaptırım",)


def test_traditional_chinese_is_folded_to_simplified():
    assert fold("制裁與軍售：臺灣採購戰機") == fold("制裁与军售：台湾采购战机")
    assert fold(fold("實體清單")) == fold("實體清單")
    assert judge("澳洲選定日本護衛艦").event.type == judge("澳洲选定日本护卫舰").event.type == "selection"


@pytest.mark.parametrize(
    ("tag", "code", "known"),
    [
        ("pt-BR", "pt", True),
        ("zh_TW", "zh", True),
        ("Klingon", "klingon", False),
        ("tlh", "tlh", True),
        ("xx", "xx", False),
    ],
)
def test_a_tag_of_a_language_gives_its_code(tag, code, known):
    assert language_code(tag) == code
    assert is_language(code) is known


@pytest.mark.parametrize(
    ("title", "type", "status"),
    [
        ("Trump: Suudi Arabistan'a F-35 satacağız", "supply", "future"),
        ("Trump: سنبيع السعودية مقاتلات إف-35", "supply", "future"),
        ("وزیر دفاع نروژ: به عمان موشک می‌فروشیم", "approval", "done"),
        ("Norsk minister: Vi ska sälja ubåtar till Polen", "supply", "future"),
    ],
)
def test_acts_in_the_first_person_are_found(title, type, status):
    event = judge(title).event
    assert (event.type, event.status) == (type, status)
