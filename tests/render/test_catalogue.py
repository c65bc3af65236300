import re
import tomllib
from collections.abc import Iterator
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


@pytest.mark.parametrize("language", languages())
def test_every_state_of_the_lexicon_has_a_name(language: str) -> None:
    states = tomllib.loads((SEEDS / "lexicon" / "countries.toml").read_text("utf-8"))["country"]
    assert states.keys() <= catalogue_of(language).table("countries").keys()


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


def _fragments(words: object) -> Iterator[str]:
    """Yield the fixed parts of every sentence of a catalogue, if they have two words or more."""
    if isinstance(words, str):
        parts = re.split(r"\{[^}]*\}|[\[\]]|“[^”]*”", words)  # commands stay English
        yield from (
            part.strip(" ,.;:·()“”–—") for part in parts if re.search(r"[a-z]{2} [a-z]{2}", part, re.I)
        )
    for inner in words.values() if isinstance(words, dict) else words if isinstance(words, list) else ():
        yield from _fragments(inner)


def _said_in_turkish() -> str:
    renderer, sub = Renderer(), replace(sample.DIGEST.subscription, language="tr")
    digests = [replace(each, subscription=sub) for each in (sample.DIGEST, sample.EMPTY_DIGEST)]
    messages = [
        *(renderer.digest(each, form)[0] for each in digests for form in _FORMS),
        *(renderer.alert(each, form, "tr")[0] for each in sample.ALERTS for form in _FORMS),
        *(renderer.health(sample.HEALTH, form, "tr")[0] for form in _FORMS),
    ]
    return "\n".join(f"{each.subject}\n{each.text}\n{each.html}\n{each.data}" for each in messages)


_FORMS = ("mail", "text", "slack", "teams", "telegram", "matrix", "ntfy")


def test_no_sentence_of_the_english_catalogue_is_in_a_turkish_message() -> None:
    said = _said_in_turkish().casefold()
    english = tomllib.loads((TEMPLATES / FOLDER / "en.toml").read_text("utf-8"))
    own = f"{sample.ALERTS} {sample.DIGEST} {sample.HEALTH}".casefold()  # words of the sources
    fragments = {each.casefold() for each in _fragments(english)}
    assert len(fragments) > 200
    assert sorted(each for each in fragments if each in said and each not in own) == []


#: Reasons of incidents as the program states them.
REASONS = (
    "blocked: ministry.example answers HTTP 403; it does not serve us: look whether the address still works in a"
    " browser",
    "http: ministry.example answers HTTP 404; there is nothing at this address: look for the feed's new one",
    "throttled: wire.example answers HTTP 429; it is asked too often: raise `every` for feeds of this host if that"
    " goes on",
    "nothing new since 2026-11-20 10:00 UTC, 5 days; usual is 7 hours",
    "all of its 20 items are new since its answer of 2026-11-23 08:00 UTC: others may have come and gone unseen",
    "30 of its 40 items were new at once, 2 of them dated since the last poll",
    "other.example answers instead, with other items",
    "it has moved to https://new.example/feed for good; write that address",
    "no host answers since 2026-11-23 08:00 UTC",
    "4 deliveries in a row were given up, none was sent; the last: not tried yet",
    "3 deliveries wait for it: configure [channels.desk], or discard them",
    "deliveries are missing of 2 alerts or digests: 1f2e, 3d4c",
    "the canary of 2026-11-23 07:00 UTC is not taken after 30 min: not tried yet",
)  # fmt: skip


@pytest.mark.parametrize("reason", REASONS)
def test_a_health_report_gives_its_reasons_in_the_language_asked_for(reason: str) -> None:
    report = replace(sample.HEALTH, opened=(replace(sample.HEALTH.opened[0], reason=reason),), closed=())
    (message,) = Renderer().health(report, "mail", "tr")
    assert message.subject.startswith("[Monitör durumu]")
    assert "MONİTÖR DURUMU" in message.text
    words = set(re.findall(r"(?<![\w./`-])[a-z]+(?![\w./`-])", message.text))
    assert words & _ENGLISH == set()


_ENGLISH = frozenset(
    "the a an of its it is are was were has have none not and or since answers after with other for new items"
    " usual days hours deliveries look nothing all at to in on that this from over open".split()
)


def test_what_a_pattern_of_a_sentence_names_stays_as_it_is() -> None:
    turkish = catalogue_of("tr")
    assert turkish.phrase("wire.example answers HTTP 500") == "wire.example HTTP 500 yanıtı veriyor"
    assert turkish.phrase("gone: nobody knows") == "kaldırıldı: nobody knows"
    assert catalogue_of("en").phrase("gone: nobody knows") == "gone: nobody knows"


def test_sums_are_written_as_each_language_does() -> None:
    written = Sum("USD", 4_500_000_000, 0, 0)
    assert sum_in_words(written, catalogue_of("en")) == "$4.5bn"
    assert sum_in_words(written, catalogue_of("tr")) == "4,5 milyar dolar"
    assert sum_in_words(Sum("KRW", 950, 0, 0), catalogue_of("en")) == "KRW 950"
