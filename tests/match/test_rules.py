"""Rule files: how their mistakes are named, how files add up, and that those that ship judge their examples."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ConfigError
from monitor.match.engine import build, mistaken_examples
from monitor.match.rules import TOPICS, RuleSet, load, load_sound
from monitor.model import Polarity
from monitor.resources import SEEDS
from tests.match.seeds import ENGINE, LEXICAL, SCORING, texts

TAGS = frozenset({"buy", "weapon", "country:TR"})
FILES = texts("rules")

RULE = """[rule.r]
topic = "arms"
points = 40
when = "@buy NEAR/5 @weapon"
"""
EVENT = """[event.e]
topic = "arms"
polarity = "acquire"
severity = 4
when = "@buy"
"""


def ruleset(*files: str) -> RuleSet:
    return load({f"{number}.toml": text for number, text in enumerate(files)}, TAGS)


def mistakes(*files: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        ruleset(*files)
    return str(caught.value).splitlines()


def without(text: str, key: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith(f"{key} "))


def changed(text: str, key: str, value: str) -> str:
    return f"{without(text, key)}\n{key} = {value}\n"


def test_all_mistakes_of_a_rule_are_named_and_sound_rules_are_kept():
    wrong = "[rule.w]\ntopik = 'arms'\npoints = 'x'\nwhen = '@bye NEAR x'\nyes = 'y'"
    sound, found = load_sound({"0.toml": f"{RULE}\n{wrong}"}, TAGS)
    assert [rule.id for rule in sound.rules] == ["r"]
    assert found == mistakes(f"{RULE}\n{wrong}")
    assert [each.partition("0.toml: w: ")[2].partition(",")[0].partition(";")[0] for each in found] == [
        "no key topik",
        "the key 'topic' is missing",
        "points is a number between -100 and 100",
        "when: column 1: the lexicon has no @bye",
        "when: column 6: write NEAR/8 with a number of words",
        "yes is a list of texts",
    ]


@pytest.mark.parametrize("key", ["topic", "points", "when"])
def test_a_rule_without_a_key_it_needs_is_a_mistake(key):
    assert mistakes(without(RULE, key)) == [f"0.toml: r: the key '{key}' is missing"]


@pytest.mark.parametrize("key", ["topic", "polarity", "severity", "when"])
def test_an_event_without_a_key_it_needs_is_a_mistake(key):
    assert mistakes(without(EVENT, key)) == [f"0.toml: e: the key '{key}' is missing"]


@pytest.mark.parametrize(
    ("table", "key", "value", "says"),
    [
        (RULE, "topic", '"oil"', "r: topic is one of sanctions, arms, not 'oil'"),
        (RULE, "topic", '["arms", "oil"]', "r: topic is one of sanctions, arms, not 'oil'"),
        (RULE, "topic", "[]", "r: topic is a text"),
        (RULE, "topic", "7", "r: topic is a text"),
        (RULE, "points", "140", "r: points is a number between -100 and 100, not 140"),
        (RULE, "points", "-140.5", "r: points is a number between -100 and 100, not -140.5"),
        (RULE, "points", "nan", "r: points is a number between -100 and 100, not nan"),
        (RULE, "points", '"40"', "r: points is a number between -100 and 100, not '40'"),
        (RULE, "points", "true", "r: points is a number between -100 and 100, not True"),
        (RULE, "when", "7", "r: when is a text"),
        (RULE, "when", '"@bye"', "r: when: column 1: the lexicon has no @bye; did you mean @buy?"),
        (RULE, "when", '"one (two"', "r: when: column 5: this ( is not closed"),
        (RULE, "when", "'''\none\nor two'''", "r: when: column 5: operators are written large"),
        (RULE, "yes", '"one text"', "r: yes is a list of texts"),
        (RULE, "no", "[1]", "r: no is a list of texts"),
        (RULE, "because", "[]", "r: because is a text"),
        (RULE, "point", "40", "r: no key point; known: because, no, off, points"),
        (RULE, "severity", "4", "r: no key severity"),
        (EVENT, "topic", '["arms"]', "e: topic is a text"),
        (EVENT, "topic", '"oil"', "e: topic is one of sanctions, arms, not 'oil'"),
        (EVENT, "polarity", '"up"', "e: polarity is one of impose, relax"),
        (EVENT, "severity", "6", "e: severity is a number between 0 and 5, not 6"),
        (EVENT, "severity", '"high"', "e: severity is a number between 0 and 5, not 'high'"),
        (EVENT, "points", "-5", "e: points is a number between 0 and 100, not -5"),
        (EVENT, "when", '"NOT @buy"', "e: when: column 1: a query of NOT alone"),
        (EVENT, "because", '"x"', "e: no key because"),
        (EVENT, "stage", "4", "e: stage is a text"),
        (EVENT, "stage", '"talk"', "e: stage is one of interest, talks, selection"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_file_rule_and_place(table, key, value, says):
    (mistake,) = mistakes(changed(table, key, value))
    assert mistake.startswith(f"0.toml: {says}")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[rule.r", "0.toml: Expected"),
        ("[rules.r]\npoints = 3", "0.toml: no table [rules.r]; known: rule, event"),
        ("rule = 3", "0.toml: rule: write a table [rule.name], not a value"),
        ("[[rule]]\npoints = 3", "0.toml: rule: write a table [rule.name], not a value"),
        ("[rule]\npoints = 3", "0.toml: rule: write a table [rule.name], not a value"),
    ],
)
def test_a_file_that_holds_no_rules_is_a_mistake(text, says):
    (mistake,) = mistakes(text)
    assert mistake.startswith(says)


def test_every_mistake_of_every_file_is_reported_in_one_error():
    reported = mistakes(without(RULE, "points") + "\n" + changed(EVENT, "severity", "9"), "[broken", RULE)
    assert [line.split(": ")[:2] for line in reported][:2] == [["0.toml", "r"], ["0.toml", "e"]]
    assert reported[2].startswith("1.toml: ")
    assert len(reported) == 3


def test_a_rule_means_what_its_table_says():
    (rule,) = ruleset(
        changed(RULE, "topic", '["arms", "sanctions"]') + 'yes = ["x"]\nbecause = "they buy"'
    ).rules
    assert (rule.id, rule.topics, rule.points, rule.because) == ("r", ("arms", "sanctions"), 40, "they buy")
    assert (rule.yes, rule.no, rule.origin) == (("x",), (), "0.toml")


def test_an_event_is_news_that_may_be_hedged_unless_it_says_otherwise():
    (event,) = ruleset(EVENT).events
    assert (event.type, event.stage, event.points, event.background, event.hedgeable) == (
        "e",
        "",
        25,
        False,
        True,
    )
    (event,) = ruleset(
        EVENT + 'type = "contract"\nstage = "contract"\nbackground = true\nhedgeable = false'
    ).events
    assert (event.type, event.stage, event.background, event.hedgeable) == (
        "contract",
        "contract",
        True,
        False,
    )


def test_a_later_file_replaces_a_rule_and_leaves_the_others():
    rules = ruleset(RULE + RULE.replace("rule.r", "rule.s"), changed(RULE, "points", "10")).rules
    assert [(rule.id, rule.points, rule.origin) for rule in rules] == [
        ("r", 10, "1.toml"),
        ("s", 40, "0.toml"),
    ]


def test_a_rule_or_event_is_switched_off_by_its_name_alone():
    off = ruleset(
        RULE + EVENT + RULE.replace("rule.r", "rule.s"), "[rule.r]\noff = true\n[event.e]\noff = true"
    )
    assert [rule.id for rule in off.rules] == ["s"]
    assert off.events == ()


def test_what_is_not_switched_off_stays():
    assert [rule.id for rule in ruleset(RULE + "off = false").rules] == ["r"]


@given(st.integers(0, len(RULE)), st.sampled_from("# \n"))
def test_the_version_changes_with_any_letter(place, letter):
    longer = RULE[:place] + letter + RULE[place:]
    try:
        version = ruleset(longer).version
    except ConfigError:
        return
    assert version != ruleset(RULE).version


def test_the_version_is_of_all_files_by_name_and_not_of_their_order():
    one, other = {"a": RULE, "b": EVENT}, {"b": EVENT, "a": RULE}
    assert load(one, TAGS).version == load(other, TAGS).version
    assert load({"a": RULE, "c": EVENT}, TAGS).version != load(one, TAGS).version


def test_no_rules_are_no_mistake():
    assert load({}, TAGS).rules == ()


def test_the_rules_that_ship_judge_their_own_examples():
    assert mistaken_examples(ENGINE) == ()


def test_the_rules_that_ship_say_why():
    rows = (row for text in FILES.values() for row in tomllib.loads(text).get("rule", {}).items())
    assert [id for id, row in rows if "because" not in row] == []


def test_the_rules_that_ship_know_both_topics_and_every_direction():
    assert {topic for rule in ENGINE.rules.rules for topic in rule.topics} == set(TOPICS)
    assert {event.polarity for event in ENGINE.rules.events} == set(Polarity) - {Polarity.NONE}


@pytest.mark.parametrize("name", FILES)
def test_every_file_that_ships_loads_alone(name):
    alone = load({name: FILES[name]}, ENGINE.tags)
    assert alone.rules or alone.events


def test_the_starter_file_holds_an_example_that_works_when_its_signs_are_taken_away():
    starter = (SEEDS / "rules.starter.toml").read_text("utf-8")
    assert load({"rules.toml": starter}, ENGINE.tags).rules == ()
    example = starter[starter.index("# [rule.") :].partition("\n\n")[0].replace("# ", "")
    engine = build(LEXICAL, FILES | {"rules.toml": example}, SCORING)
    assert "turkish-missiles" in {rule.id for rule in engine.rules.rules}
    assert mistaken_examples(engine) == ()


def test_a_built_in_rule_can_be_switched_off_by_a_file_of_the_operator():
    engine = build(
        LEXICAL,
        FILES | {"rules.toml": "[rule.quantity]\noff = true"},
        SCORING,
    )
    assert {rule.id for rule in ENGINE.rules.rules} - {rule.id for rule in engine.rules.rules} == {"quantity"}


def test_examples_with_a_wrong_verdict_are_reported_with_file_and_rule():
    wrong = '[rule.x]\ntopic = "arms"\npoints = 1\nwhen = "tanks"\nyes = ["Shells"]\nno = ["Tanks"]'
    engine = build(LEXICAL, {"own.toml": wrong}, SCORING)
    assert mistaken_examples(engine) == (
        "own.toml: x: does not match 'Shells'",
        "own.toml: x: matches 'Tanks'",
    )
