"""Grades of names, and the forms in which news writes them."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.app.names import word_statistics
from monitor.errors import ConfigError
from monitor.match.names.forms import folded, name_forms
from monitor.match.names.grading import Grader, Reason, parse_word_statistics
from monitor.model import EntityKind
from monitor.text import words

CASES = tomllib.loads((Path(__file__).parent / "grades.toml").read_text("utf-8"))["case"]
KNOWN = word_statistics()
KINDS = 'given = "ali"\nparticles = "al"\nforms = "ltd"\nvessels = "mv"\ntitles = "mr"\ncalendar = "may"'


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['name']} {case['reason']}")
def test_a_name_is_graded_by_how_common_its_words_are(case):
    grader = Grader(KNOWN, frozenset())
    reason = grader.reason(folded(case["name"]), case.get("capitals", False), case.get("weak", False))
    assert reason is Reason[case["reason"]]


def test_a_word_that_many_names_of_the_lists_share_is_not_rare():
    name = ("ruslan", "zubkovsky")
    assert Grader(KNOWN, frozenset()).reason(name) is Reason.RARE
    assert Grader(KNOWN, frozenset({"zubkovsky"})).reason(name) is Reason.NAMESAKES


def test_grades_follow_reasons_and_each_says_what_it_is():
    assert [reason.grade for reason in Reason] == ["C"] * 2 + ["B"] * 5 + ["A"] * 3
    assert len({reason.description for reason in Reason}) == len(Reason)


@pytest.mark.parametrize(
    ("name", "kind", "wanted"),
    [
        ("Rosneft PJSC", "organisation", [("rosneft", "pjsc"), ("rosneft",)]),
        ("Limited Liability Company Oktyabr", "organisation", [("limited", "liability", "company", "oktyabr"), ("oktyabr",)]),
        ("AB Ltd", "organisation", [("ab", "ltd")]),
        ("Vladimir Vladimirovich Petin", "person", [("vladimir", "vladimirovich", "petin"), ("vladimir", "petin")]),
        ("Петин Владимир Владимирович", "person", [("петин", "владимир", "владимирович"), ("петин", "владимир")]),
        ("MV Sea Star", "vessel", [("mv", "sea", "star"), ("sea", "star")]),
        ("O'Brien", "person", [("o", "brien"), ("obrien",)]),
        ("Jean d'Arc", "person", [("jean", "d", "arc"), ("jean", "darc")]),
        ("…", "person", []),
    ],
)  # fmt: skip
def test_a_name_is_also_written_without_what_news_leaves_out(name, kind, wanted):
    assert [form for form, _ in name_forms(name, EntityKind(kind), KNOWN)] == wanted


def test_what_an_apostrophe_cuts_off_is_known_to_be_a_part():
    assert list(name_forms("Al-Qa'ida", EntityKind.OTHER, KNOWN)) == [
        (("al", "qa"), True),
        (("al", "qaida"), False),
    ]


@given(
    st.text()
    | st.lists(st.sampled_from(["Ma'ad", "l'Oréal", "S-400", "Ünal", "王小", "a\u00a0b", "d.", "won't"])).map(
        " ".join
    )
)
def test_names_are_folded_as_texts_are(name):
    assert folded(name) == words(name)


def test_a_name_in_letters_of_two_alphabets_is_put_into_one():
    found = [form for form, _ in name_forms("Iгор Мороз OРС", EntityKind.OTHER, KNOWN)]
    assert ("ігор", "мороз", "орс") in found
    assert ("ігор", "мороз", "opc") in found
    assert not any("iгор" in form for form in found)


@pytest.mark.parametrize(
    ("frequencies", "kinds", "said"),
    [("x word the", f"[words]\n{KINDS}", "invalid literal"), ("", "[words]\ngiven = 'ali'", "particles"), ("", "[", "")],
)  # fmt: skip
def test_tables_of_words_that_cannot_be_read_are_named(frequencies, kinds, said):
    with pytest.raises(ConfigError, match=rf"(?s)names.toml: .*{said}"):
        parse_word_statistics(frequencies, kinds, "names.toml", "1")


def test_a_table_of_words_says_how_common_they_are():
    statistics = parse_word_statistics("3 word the of\n9 name smith", f"[words]\n{KINDS}", "names.toml", "1")
    assert [statistics.rank(word) for word in ("of", "smith", "zz")] == [3, 9, 14]
    assert statistics.everyday == {"the", "of"}
    assert [word for word in ("al", "ltd", "a", "12", "王", "ali") if statistics.is_distinctive(word)] == [
        "王",
        "ali",
    ]
