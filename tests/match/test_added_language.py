"""An operator adds a language as a file of the lexicon."""

import pytest

from monitor.errors import ConfigError
from monitor.model import Tier
from tests.conftest import item
from tests.match.seeds import LEXICAL, NOW, SCORING, texts
from tests.support.engines import engine_of

KOREAN = """
[concept.sanctions]
ko = ["제재*"]
[concept.object-sanctions]
ko = ["제재*"]
[country.NO]
ko = ["노르웨이*"]
[country.SY]
ko = ["시리아*"]
[verb.impose]
ko = ["부과했다", "부과*"]
[status.future.after]
ko = ["예정*"]
"""


def judged(title: str, words: str = KOREAN):
    own = engine_of({**LEXICAL, "ko.toml": words}, texts("rules"), SCORING)
    return own.judge(item(title=title, lang="ko", first_seen_at=NOW, published_at=NOW), Tier.WIRE)


def test_a_language_of_the_operator_is_judged_by_its_words():
    verdict = judged("노르웨이 시리아 은행에 제재 부과")
    assert verdict.topics == ("sanctions",)
    assert (verdict.event.type, verdict.event.status) == ("imposed", "done")
    assert {entity.id for entity in verdict.entities} >= {"country:NO", "country:SY"}


def test_names_of_another_file_are_added_to_a_thing_and_replace_none():
    own = engine_of({**LEXICAL, "ko.toml": KOREAN}, texts("rules"), SCORING)
    entry = own.lexicon.entries["country:NO"]
    assert entry.name == "Norway"
    assert len(entry.patterns) > 1


def test_a_class_that_no_frame_has_is_a_mistake_with_the_file_and_the_known_ones():
    with pytest.raises(ConfigError, match=r"ko\.toml: verb\.imposing: no such class; known: .*impose"):
        judged("제재", '[verb.imposing]\nko = ["부과"]\n')


def test_a_code_of_no_language_is_a_mistake():
    with pytest.raises(ConfigError, match=r"ko\.toml: concept\.sanctions: no language Klingon"):
        judged("제재", '[concept.sanctions]\nKlingon = ["Qatlh"]\n')
