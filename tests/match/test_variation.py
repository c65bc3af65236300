"""Engines that differ in one rule, in words of frames, or in one watch list, and in nothing else."""

import pytest

from monitor.errors import ConfigError
from monitor.match.query.parser import parse
from monitor.match.rules import Rule
from monitor.match.variation import with_lexicon_files, with_rule, with_watch_list
from monitor.model import Tier
from tests.conftest import item
from tests.match.seeds import ENGINE, LEXICAL

CIRCUS = item(title="A circus bought seven trampolines")


def rule(when: str, points: float = 60, id: str = "circus") -> Rule:
    return Rule(id=id, topics=("arms",), points=points, when=parse(when, ENGINE.tags), because="a circus")


def test_a_rule_counts_in_the_engine_with_it_and_in_no_other() -> None:
    changed = with_rule(ENGINE, rule("trampolines"))
    assert changed.judge(CIRCUS, Tier.WIRE).topics == ("arms",)
    assert ENGINE.judge(CIRCUS, Tier.WIRE).topics == ()


def test_a_rule_takes_the_place_of_the_one_of_its_id() -> None:
    once = with_rule(ENGINE, rule("trampolines"))
    twice = with_rule(once, rule("elephants"))
    assert twice.judge(CIRCUS, Tier.WIRE).topics == ()
    assert len(twice.rules.rules) == len(ENGINE.rules.rules) + 1


def test_words_of_frames_make_an_act_of_a_sentence() -> None:
    title = item(title="EU trampolines new sanctions on Belarus")
    own = '[verb.impose]\nen = ["trampolines"]\n'
    changed = with_lexicon_files(ENGINE, {**LEXICAL, "lexicon/workbench.toml": own})
    after, before = changed.judge(title, Tier.WIRE).event, ENGINE.judge(title, Tier.WIRE).event
    assert after
    assert after != before
    with pytest.raises(ConfigError, match="no such class"):
        with_lexicon_files(ENGINE, {**LEXICAL, "lexicon/workbench.toml": '[verb.x]\nen = ["a"]\n'})


def test_a_watch_list_takes_the_place_of_the_one_of_its_name() -> None:
    once = with_watch_list(ENGINE, "circuses", ("Circus Example",))
    title = "Circus Example bought trampolines; Other Circus did not"
    assert once.annotate(title)["watch:circuses"]
    twice = with_watch_list(once, "circuses", ("Other Circus",))
    (span,) = twice.annotate(title)["watch:circuses"]
    assert span.start > 2
    with pytest.raises(ConfigError, match=r"watch\.circuses\.names"):
        with_watch_list(ENGINE, "circuses", ("…",))
