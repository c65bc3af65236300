"""Who imposes or lifts, and on whom, as the clause tells it."""

import tomllib
from pathlib import Path

import pytest

from tests.match.seeds import judge

CASES = tomllib.loads((Path(__file__).parent / "parties.toml").read_text("utf-8"))["sanctions"]


def code(id: str) -> str:
    """Return an id of a party as the table writes it."""
    return id.removeprefix("country:")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_who_imposes_on_whom_is_told_as_the_title_tells_it(case):
    verdict = judge(case["title"])
    event = verdict.event or verdict.background[0]
    assert (code(event.imposer), list(map(code, event.targets))) == (case["imposer"], case["targets"])


@pytest.mark.parametrize(
    ("title", "imposer", "targets"),
    [
        ("Canada imposes sanctions on two Belarusian banks", "country:CA", ("country:BY",)),
        ("OFAC adds 12 tankers to SDN List", "authority:ofac", ()),
        ("China puts sanctions on 20 US defence firms over Taiwan arms sales", "country:CN", ("country:US",)),
        ("Rosneft was sanctioned by the United Kingdom", "country:GB", ("country:RU",)),
        ("US lifts sanctions on Syria", "country:US", ("country:SY",)),
        ("Security Council extends South Sudan arms embargo", "authority:un-security-council", ("country:SS",)),
        ("Канада ввела санкции против двух банков Белоруссии", "country:CA", ("country:BY",)),
        ("Рада ЄС продовжила санкції проти Росії", "authority:council-of-the-eu", ("country:RU",)),
        ("İngiltere, İran'a yaptırım uyguladı", "country:GB", ("country:IR",)),
        ("كندا تفرض عقوبات على إيران", "country:CA", ("country:IR",)),
        ("Schweiz verhängt Sanktionen gegen Belarus", "country:CH", ("country:BY",)),
        ("Le Canada impose des sanctions contre la Biélorussie", "country:CA", ("country:BY",)),
        ("Canadá impone sanciones contra Bielorrusia", "country:CA", ("country:BY",)),
        ("加拿大宣布对白俄罗斯实施制裁", "country:CA", ("country:BY",)),
        ("New sanctions announced", "", ()),
        ("The EU and Canada impose sanctions on Belarus", "country:EU", ("country:BY",)),
    ],
)  # fmt: skip
def test_the_parties_of_an_event_of_sanctions_are_told_by_role(title, imposer, targets):
    event = judge(title).event
    assert (event.imposer, event.targets) == (imposer, targets)


def test_who_is_asked_to_lift_sanctions_is_their_imposer_and_who_asks_is_not():
    event = judge("Ankara asks Washington to lift CAATSA sanctions").event
    assert (event.type, event.imposer, event.targets) == ("relief_talks", "country:US", ())


def test_a_clause_of_its_own_adds_no_target():
    event = judge("US imposes sanctions on Iran after Iraq protests").event
    assert (event.imposer, event.targets) == ("country:US", ("country:IR",))
