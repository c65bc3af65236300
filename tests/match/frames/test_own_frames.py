"""An operator adds frames in a file of the lexicon."""

import pytest

from monitor.errors import ConfigError
from monitor.match import engine
from monitor.model import Tier, Verdict
from tests.conftest import item
from tests.match.seeds import ENGINE, LEXICAL, NOW, SCORING, texts

OWN = """
[frame.licence-hit]
type = "enforced"
verbs = ["hit"]
objects = ["licence"]
note = "licences that are struck"
"""
TITLE = "EU targets general licence of Russian bank"


def judged(words: str) -> Verdict:
    own = engine.build({**LEXICAL, "own.toml": words}, texts("rules"), SCORING)
    return own.judge(item(title=TITLE, first_seen_at=NOW, published_at=NOW), Tier.WIRE)


def test_a_frame_of_the_operator_finds_its_acts_and_is_asked_for_by_its_name() -> None:
    own = engine.build({**LEXICAL, "own.toml": OWN}, texts("rules"), SCORING)
    acts = own.annotate(TITLE).acts
    assert [(act.frame, act.type) for act in acts if act.frame == "licence-hit"] == [
        ("licence-hit", "enforced")
    ]
    assert not [act for act in ENGINE.annotate(TITLE).acts if act.frame == "licence-hit"]
    assert "frame:licence-hit" in own.tags
    assert own.versions["lexicon"] != ENGINE.versions["lexicon"]


def test_a_class_of_objects_of_the_operator_may_be_named() -> None:
    words = OWN.replace('"licence"]', '"toll"]') + '[concept.object-toll]\nen = ["general licence"]\n'
    own = engine.build({**LEXICAL, "own.toml": words}, texts("rules"), SCORING)
    assert "licence-hit" in {act.frame for act in own.annotate(TITLE).acts}


@pytest.mark.parametrize(
    ("changed", "mistake"),
    [
        (
            ("enforced", "enforcd"),
            "own.toml: frame.licence-hit: no type of event 'enforcd'; did you mean enforced",
        ),
        (('"hit"', '"hitt"'), "no class of verbs 'hitt'; did you mean hit"),
        (('"licence"', '"licences"'), "no class of objects 'licences'; did you mean licence"),
        (("note", "notes"), "no key 'notes'; did you mean note"),
        (("licence-hit", "imposed"), "frame.imposed: a frame of this name ships with the program"),
        (("licence-hit", '"Licence hit"'), "its name has small letters"),
        (('objects = ["licence"]', ""), "give its objects, or alone = true"),
        (('verbs = ["hit"]', "verbs = []"), "give its verbs"),
        (('["hit"]', '"hit"'), "verbs is a list"),
        (("note =", 'alone = "yes"\nnote ='), "alone is true or false"),
        (("note =", 'with = ["luck"]\nnote ='), "no need 'luck'"),
        (("note =", 'reach = "text"\nnote ='), 'reach is "sentence"'),
    ],
)
def test_a_mistake_is_named_with_file_frame_and_remedy(changed: tuple[str, str], mistake: str) -> None:
    with pytest.raises(ConfigError) as caught:
        judged(OWN.replace(*changed))
    assert mistake in str(caught.value)


def test_frames_of_one_name_in_two_files_are_a_mistake() -> None:
    with pytest.raises(ConfigError, match="another file has a frame of this name"):
        engine.build({**LEXICAL, "a.toml": OWN, "b.toml": OWN}, texts("rules"), SCORING)
