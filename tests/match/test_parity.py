"""Every act and every guard has a headline in each claimed language, and each is judged as its table says."""

import tomllib
from pathlib import Path

import pytest

from monitor.match.lexicon import LANGUAGES
from tests.match.seeds import judge

HERE = Path(__file__).parent
ACTS = tomllib.loads((HERE / "frames/parity.toml").read_text("utf-8"))
AGENCIES = tomllib.loads((HERE / "frames/agencies.toml").read_text("utf-8"))
HEADLINES = [(lang, *each) for lang, row in AGENCIES.items() for each in row["headlines"]]
GUARDS = tomllib.loads((HERE / "guards.toml").read_text("utf-8"))


def test_every_act_and_every_guard_has_a_cell_for_each_claimed_language():
    for name, row in {**ACTS, **GUARDS}.items():
        assert set(LANGUAGES) <= set(row), name


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ACTS)
def test_an_act_is_found_and_flagged_in_every_claimed_language(name, lang):
    row = ACTS[name]
    verdict = judge(row[lang])
    assert verdict.event is not None
    assert verdict.event.type in row["types"]
    assert not row["topic"] or row["topic"] in verdict.topics


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", GUARDS)
def test_what_only_looks_like_our_news_is_flagged_in_no_claimed_language(name, lang):
    assert judge(GUARDS[name][lang]).topics == ()


def test_each_claimed_language_but_english_has_headlines_as_agencies_write_them():
    assert set(AGENCIES) == set(LANGUAGES) - {"en"}
    assert min(len(row["headlines"]) for row in AGENCIES.values()) >= 25


@pytest.mark.parametrize(("lang", "type", "status", "title"), HEADLINES)
def test_a_headline_as_agencies_write_it_gives_its_event(lang, type, status, title):
    news = judge(title).event
    assert (news.type, news.status) == (type, status) if news else type == ""
