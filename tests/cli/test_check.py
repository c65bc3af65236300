"""`check`: every mistake at once, with file and place, and exit code 2."""

from pathlib import Path

import pytest

from monitor.resources import TEMPLATES
from tests.support.commands import Cli

RULE = """
[rule.own]
topic = "arms"
points = 60
when = '{when}'
yes = [{yes}]
no = [{no}]
"""


def rules(name: str, when: str = "missile*", yes: str = '"A missile"', no: str = '"A train"') -> None:
    Path("rules").mkdir(exist_ok=True)
    Path(f"rules/{name}.toml").write_text(RULE.format(when=when, yes=yes, no=no), "utf-8")


def template(name: str, text: str) -> None:
    Path("templates.d").mkdir(exist_ok=True)
    Path(f"templates.d/{name}").write_text(text, "utf-8")


@pytest.fixture(autouse=True)
def begun(cli: Cli) -> None:
    cli("init")


def test_what_is_good_is_counted(cli: Cli) -> None:
    answer = cli("check")
    assert answer.code == 0
    assert answer.flat.startswith("good: 5 feeds, 0 lists, 2 channels, 1 digest, ")
    data = cli("check", "--json").data
    assert (data["ok"], data["mistakes"]) == (True, [])
    assert (data["feeds"], data["channels"], data["digests"]) == (5, 2, 1)
    assert data["rules"] > 50
    assert data["lexicon entries"] > 500


def test_all_mistakes_of_the_configuration_are_reported(cli: Cli) -> None:
    Path("config.toml").write_text("databse = 'x'\n[polling]\nhost_gap = 3\n")
    answer = cli("check")
    assert answer.code == 2
    assert sorted(answer.out.splitlines()) == [
        "config.toml: databse: no such key; did you mean database? (line 1)",
        'config.toml: polling.host_gap: write a duration as "30s", "10m", "24h" or "7d" (line 3)',
    ]


def test_mistakes_of_rules_and_of_templates_are_reported_together(cli: Cli) -> None:
    rules("a", when="missile* AND @sanctons")
    rules("b", when="missile* NEAR train")
    template("alert.txt.j2", "one\n{{ alert.nothing }}\n")
    template("digest.html.j2", "{% if %}")
    template("alrt.txt.j2", "never used")
    answer = cli("check")
    assert answer.code == 2
    places = [line.split(": ")[0:4] for line in answer.out.splitlines()]
    known = ", ".join(sorted(path.name for path in TEMPLATES.glob("*.j2")))
    place_of_strangers = (
        f"never used; known names are {known}; a file that others include begins with an underscore"
    )
    assert places[0][:4] == ["rules/a.toml", "own", "when", "column 14"]
    assert places[1][:4] == ["rules/b.toml", "own", "when", "column 10"]
    assert [place[:2] for place in places[2:]] == [
        ["templates.d/alrt.txt.j2", place_of_strangers],
        ["templates.d/alert.txt.j2", "line 2"],
        ["templates.d/digest.html.j2", "line 1"],
    ]
    assert "did you mean" in answer.out.splitlines()[0]


def test_wrong_examples_are_reported_with_their_rule(cli: Cli) -> None:
    rules("a", yes='"A train"', no='"A missile", "Two missiles"')
    template("alert.subject.j2", "{{ 1 / 0 }}")
    answer = cli("check")
    assert answer.code == 2
    assert answer.out.splitlines() == [
        "rules/a.toml: own: does not match 'A train'",
        "rules/a.toml: own: matches 'A missile'",
        "rules/a.toml: own: matches 'Two missiles'",
        "templates.d/alert.subject.j2: line 1: division by zero",
    ]


def test_programs_get_the_same_mistakes(cli: Cli) -> None:
    rules("a", yes='"A train"')
    answer = cli("check", "--json")
    assert answer.code == 2
    assert answer.data["ok"] is False
    assert answer.data["mistakes"] == ["rules/a.toml: own: does not match 'A train'"]


def test_a_missing_configuration_says_what_writes_one(cli: Cli) -> None:
    answer = cli("check", "--config", "none.toml")
    assert answer.code == 2
    assert answer.out == "none.toml: there is no such file; `sanctions-monitor init` writes one\n"


def test_a_rule_that_can_never_match_is_a_warning_and_no_mistake(cli: Cli) -> None:
    rules("a", when="missile* NOT (missile* OR gun)", yes="", no="")
    answer = cli("check")
    assert answer.code == 0
    assert "warning: rules/a.toml: own: can never match: missile* is required and excluded" in answer.out
    data = cli("check", "--json").data
    assert (data["ok"], len(data["warnings"])) == (True, 1)


def test_what_ships_with_the_program_is_looked_at_when_asked_for(cli: Cli) -> None:
    assert "warning:" not in cli("check").out
    assert len(cli("check", "--all", "--json").data["warnings"]) > 0


def test_words_in_square_brackets_are_shown_as_they_are(cli: Cli) -> None:
    Path("config.toml").write_text("[feeds.Wire]\nurl = 'seed:s'\n")
    assert "as in [feeds.ofac-actions]" in cli("check").out


ROUTED = """
[channels.t]
type = "console"
[channels.desk]
type = "email"
host = "smtp.example.org"
sender = "monitor@example.org"
to = ["desk@example.org"]
[feeds.wire]
url = "seed:s"
tier = "official"
[routes.arms]
channels = ["desk"]
topics = ["arms"]
[routes.week]
channels = ["t"]
cadence = "weekly on mon at 02:30"
zone = "Europe/Berlin"
[digests.daily]
channels = ["t"]
"""
EXPECT = """
[[expect]]
item = {{ title = "Poland signs contract for 180 K2 tanks worth $5 billion", source = "wire" }}
channels = {channels}
route = "{route}"
event = "{event}"
"""


def test_what_is_expected_and_comes_is_counted(cli: Cli) -> None:
    Path("config.toml").write_text(ROUTED + EXPECT.format(channels=["desk"], route="arms", event="contract"))
    answer = cli("check")
    assert answer.code == 0, answer.out
    assert "1 expectation" in answer.flat
    assert "warning: config.toml: route:week: 02:30 is about when clocks in Europe/Berlin jump" in answer.out


def test_an_expected_result_that_is_missing_is_reported_with_the_reasons(cli: Cli) -> None:
    Path("config.toml").write_text(ROUTED + EXPECT.format(channels=["t"], route="week", event="delivery"))
    answer = cli("check")
    assert answer.code == 2
    event, route, channels, _ = answer.out.splitlines()
    place = "config.toml: expect[1]: 'Poland signs contract for 180 K2 tanks worth $5 billion': "
    assert event.startswith(f"{place}event delivery expected, but contract found in ")
    came = "(arms: fits, and ends the way; week: not asked: an earlier route ended the way)"
    assert route == f"{place}route week expected, but arms taken {came}"
    assert channels == f"{place}channels t expected, but desk alerted {came}"


def test_words_that_no_rule_says_are_mistakes(cli: Cli) -> None:
    preferences = (
        '[routes.x]\nchannels = ["t"]\nevents = ["contrat"]\nstages = ["talk"]\nentities = ["country:XX"]\n'
    )
    Path("config.toml").write_text(ROUTED + preferences)
    assert [line.partition(";")[0] for line in cli("check").out.splitlines()[:-1]] == [
        "config.toml: routes.x.events: no event 'contrat'",
        "config.toml: routes.x.stages: no stage 'talk'",
        "config.toml: routes.x.entities: no entity 'country:XX'",
    ]


@pytest.mark.parametrize("code", ["GB", "UK"])
def test_a_route_by_country_gets_what_the_lexicon_and_the_lists_say_of_it(code: str, cli: Cli) -> None:
    Path("config.toml").write_text(f"""
[channels.out]
type = "console"
[routes.r]
channels = ["out"]
at_least = "tail"
countries = ["{code}", "EL"]
[[expect]]
item = {{ title = "UK adds 15 ships to Russia sanctions list" }}
route = "r"
[[expect]]
item = {{ title = "Greece signs contract for 20 F-35 jets" }}
route = "r"
""")
    answer = cli("check")
    assert (answer.code, answer.err) == (0, "")
    assert "2 expectations" in answer.flat


SEVERAL = """
[rule.a]
topic = "arms"
points = 60
when = "missile* AND (export* OR"
[rule.b]
topic = "armss"
points = "60"
when = "(@wath:foo NEAR missile* AND 'x'"
[rule.c]
topic = "arms"
points = 60
when = "missile*"
yes = ["tank sold", "a missile"]
no = ["missile tested"]
"""


def test_all_mistakes_of_each_rule_are_reported_and_the_examples_of_sound_rules_run(cli: Cli) -> None:
    Path("rules/own.toml").write_text(SEVERAL, "utf-8")
    answer = cli("check")
    assert answer.code == 2
    assert answer.out.splitlines() == [
        "rules/own.toml: a: when: column 25: the query ends where a word is expected",
        "rules/own.toml: b: topic is one of sanctions, arms, not 'armss'; did you mean arms?",
        "rules/own.toml: b: points is a number between -100 and 100, not '60'",
        "rules/own.toml: b: when: column 1: this ( is not closed",
        "rules/own.toml: b: when: column 2: the lexicon has no @wath:foo",
        "rules/own.toml: b: when: column 12: write NEAR/8 with a number of words",
        'rules/own.toml: b: when: column 30: no operator "\'x\'"; did you mean "x"?',
        "rules/own.toml: c: does not match 'tank sold'",
        "rules/own.toml: c: matches 'missile tested'",
    ]


def test_mistakes_of_lexicon_scoring_and_rules_are_reported_together(cli: Cli) -> None:
    Path("lexicon").mkdir()
    Path("lexicon/own.toml").write_text("[concept.ours]\nen = ['a*']\n[weapon.x]\nnick = 'X'\n")
    Path("scoring.toml").write_text("[relevance]\nflagged = 400\n")
    rules("a", when="@ours AND missile* AND @weapon:x AND @misspelt", yes="", no="")
    answer = cli("check")
    assert answer.code == 2
    assert [line.partition(": ")[0] for line in answer.out.splitlines()] == [
        "lexicon/own.toml", "lexicon/own.toml", "scoring.toml", "rules/a.toml",
    ]  # fmt: skip
    assert "the lexicon has no @misspelt" in answer.out


BASE = """
[channels.t]
type = "console"
[feeds.wire]
url = "https://wire.example/feed"
tier = "wire"
lang = "en"
[routes.all]
channels = ["t"]
"""


def found(cli: Cli, text: str) -> tuple[list[str], list[str]]:
    Path("config.toml").write_text(BASE.lstrip() + text, "utf-8")
    data = cli("check", "--json").data
    return data["mistakes"], data["warnings"]


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (
            '[feeds.again]\nurl = "http://WIRE.example/feed/"\n',
            "feeds.again.url: the same address as [feeds.wire], polled twice: http://WIRE.example/feed/ (line 10)",
        ),
        (
            '[channels.idle]\ntype = "console"\n',
            "channels.idle: nothing uses it: no route, digest, recipient, escalation or [health] (line 9)",
        ),
        (
            '[web]\nlisten = "0.0.0.0:8080"\n',
            "web.listen: 0.0.0.0:8080 is open to everyone who can reach this machine, and /alerts.atom needs no"
            " token; listen at 127.0.0.1 behind a proxy, or set web.feed_token (line 10)",
        ),
        (
            '[routes.tr]\nchannels = ["t"]\nlanguages = ["tr"]\n',
            "routes.tr.languages: no enabled feed is in tr (line 11)",
        ),
    ],
)
def test_an_unlikely_configuration_is_a_warning(text: str, warning: str, cli: Cli) -> None:
    assert found(cli, text) == ([], [f"config.toml: {warning}"])


@pytest.mark.parametrize(
    "text",
    [
        '[feeds.off]\nurl = "https://wire.example/feed"\nenabled = false\n',
        '[channels.used]\ntype = "console"\n[health]\nchannels = ["used"]\n',
        '[web]\nlisten = "0.0.0.0:8080"\nfeed_token = "0123456789abcdef"\n',
        '[web]\nlisten = "0.0.0.0:8080"\nenabled = false\n',
        '[web]\nlisten = "[::1]:8080"\n',
        '[routes.en]\nchannels = ["t"]\nlanguages = ["tr", "en"]\n',
        '[routes.some]\nchannels = ["t"]\nevents = ["contract"]\npolarity = ["acquire"]\ntiers = ["wire"]\n',
    ],
)
def test_a_plausible_configuration_is_no_warning(text: str, cli: Cli) -> None:
    assert found(cli, text) == ([], [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('events = ["contract"]\npolarity = ["impose"]', "no event has type contract, polarity impose"),
        ('events = ["imposed"]\nstages = ["contract"]', "no event has type imposed, stage contract"),
        ('feeds = ["off"]', "all its feeds are disabled"),
        ('feeds = ["wire"]\ntiers = ["official"]', "none of its feeds is of tier official"),
        ('tiers = ["official"]', "none of the enabled feeds is of tier official"),
    ],
)
def test_criteria_that_no_alert_can_meet_are_mistakes(text: str, reason: str, cli: Cli) -> None:
    off = '[feeds.off]\nurl = "https://off.example/feed"\ntier = "official"\nenabled = false\nlang = "en"\n'
    mistakes, _ = found(cli, f'{off}[routes.x]\nchannels = ["t"]\n{text}\n')
    assert mistakes == [f"config.toml: routes.x: fits nothing: {reason} (line 14)"]


@pytest.mark.parametrize(
    ("lang", "why"),
    [
        ("Klingon", "'Klingon' is no language: write an ISO 639 code such as en or ko"),
        ("ko", "items in 'ko' are not judged, only ar, de, en"),
    ],
)
def test_a_feed_in_a_language_that_is_not_judged_is_a_warning(lang: str, why: str, cli: Cli) -> None:
    mistakes, warnings = found(cli, f'[feeds.far]\nurl = "https://far.example/feed"\nlang = "{lang}"\n')
    assert mistakes == []
    assert len(warnings) == 1
    assert f"feeds.far.lang: {why}" in warnings[0]
