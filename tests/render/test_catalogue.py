import tomllib
from dataclasses import replace

import pytest

from monitor.errors import ConfigError
from monitor.render import samples as sample
from monitor.render.catalogue import FOLDER, catalogue_of, languages
from monitor.render.event_line import event_line
from monitor.render.event_slots import sum_in_words
from monitor.render.renderer import Renderer
from monitor.resources import SEEDS, TEMPLATES
from monitor.text.sums import Sum
from tests.render.test_event_line import CASES, event_of, item_of, verdict_of


@pytest.mark.parametrize("language", languages())
def test_every_language_that_comes_with_the_program_is_complete(language: str) -> None:
    assert list(catalogue_of(language).missing()) == []


@pytest.mark.parametrize("language", languages())
def test_no_language_has_a_key_that_english_lacks(language: str) -> None:
    known = tomllib.loads((TEMPLATES / FOLDER / "en.toml").read_text("utf-8"))
    words = tomllib.loads((TEMPLATES / FOLDER / f"{language}.toml").read_text("utf-8"))
    free = {"phrases", "countries", "currencies"}
    for table in words.keys() - free:
        assert words[table].keys() <= known[table].keys(), table


def test_every_state_of_the_lexicon_has_a_turkish_name() -> None:
    states = tomllib.loads((SEEDS / "lexicon" / "countries.toml").read_text("utf-8"))["country"]
    assert states.keys() <= catalogue_of("tr").table("countries").keys()


def test_every_reason_of_a_rule_and_of_a_source_is_in_turkish() -> None:
    meanings = {
        rule["because"]
        for path in (SEEDS / "rules").glob("*.toml")
        for rule in tomllib.loads(path.read_text("utf-8")).get("rule", {}).values()
        if "because" in rule
    }
    scoring = tomllib.loads((SEEDS / "scoring.toml").read_text("utf-8"))
    meanings |= {tier["says"] for tier in scoring["tiers"].values()}
    turkish = catalogue_of("tr")
    assert [each for each in sorted(meanings) if turkish.phrase(each) == each] == []


def test_a_sentence_with_numbers_and_letters_is_translated() -> None:
    assert catalogue_of("tr").phrase("severity 4, credibility C") == "önem 4, güvenilirlik C"
    assert catalogue_of("tr").phrase("something else 4") == "something else 4"
    assert catalogue_of("en").phrase("severity 4, credibility C") == "severity 4, credibility C"


def test_an_unknown_language_is_a_mistake_that_names_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="language 'xx': there are words for en, tr only"):
        catalogue_of("xx")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["en"])
def test_every_act_has_a_line_in_every_language(case: dict) -> None:
    verdict = verdict_of(event_of(case), case.get("entities", ()))
    for language in languages():
        line = event_line(item_of(case), verdict, catalogue_of(language))
        assert line
        assert "{" not in line
        assert "[" not in line


def test_a_turkish_digest_and_alert_have_no_english_words_of_ours() -> None:
    renderer = Renderer()
    turkish = replace(sample.DIGEST, subscription=replace(sample.DIGEST.subscription, language="tr"))
    said = "\n".join(
        [
            renderer.digest(turkish, "mail")[0].text,
            renderer.digest(turkish, "slack")[0].text,
            renderer.digest(turkish, "teams")[0].text,
            renderer.alert(sample.LISTING, "mail", "tr")[0].text,
            renderer.alert(sample.LISTING, "slack", "tr")[0].text,
        ]
    )
    assert "Özet" in said
    assert "22 Kas" in said
    assert "AVRUPA BİRLİĞİ" in said
    for word in (
        "stories",
        "· credibility",
        "published",
        "Why flagged",
        "Window",
        "severity",
        "Next",
        "Nov ",
    ):
        assert word not in said, word


def test_sums_are_written_as_each_language_does() -> None:
    written = Sum("USD", 4_500_000_000, 0, 0)
    assert sum_in_words(written, catalogue_of("en")) == "$4.5bn"
    assert sum_in_words(written, catalogue_of("tr")) == "4,5 milyar dolar"
    assert sum_in_words(Sum("KRW", 950, 0, 0), catalogue_of("en")) == "KRW 950"
