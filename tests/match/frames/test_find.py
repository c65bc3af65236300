"""Frames find acts in every claimed language: one sentence for each cell of examples.toml."""

import tomllib
from pathlib import Path

import pytest

from monitor.match.lexicon import LANGUAGES
from tests.match.seeds import judge

EXAMPLES = tomllib.loads((Path(__file__).parent / "examples.toml").read_text("utf-8"))
CELLS = [(name, lang) for name in EXAMPLES for lang in LANGUAGES]


@pytest.mark.parametrize(("name", "lang"), CELLS)
def test_every_language_has_a_sentence_for_a_frame_and_it_is_judged_as_told(name, lang):
    row = EXAMPLES[name]
    event = judge(row[lang]).event
    assert event is not None
    assert (event.type, event.status) == (row["type"], row["status"])
