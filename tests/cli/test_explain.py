"""`explain`: the verdict on one text, for people and for programs."""

import json
from pathlib import Path
from typing import Any

import feedparser
import pytest

from monitor.resources import SEEDS
from tests.support.commands import Cli
from tests.support.servers import Reply, Site

#: The keys that programs may rely on, in this order; and the keys of every possible event.
KEYS = [
    *(
        "topics",
        "possible",
        "relevance",
        "event",
        "background",
        "entities",
        "evidence",
        "penalties",
        "credibility",
    ),
    *("route", "rules", "would_change", "versions"),
]
LISTING = "OFAC adds 14 shipping companies to SDN List over Iranian oil trade"
MORE = "The US Treasury designated 14 companies and blocked six tankers."
FOOTBALL = "FIFA sanctions club over unpaid transfer fees"


def sample(guid: str) -> dict[str, str]:
    """Return the fields of one item of the sample."""
    feed = feedparser.parse((SEEDS / "sample" / "feed.xml").read_text("utf-8"))
    (entry,) = (entry for entry in feed.entries if entry.id == guid)
    return {"title": entry.title, "summary": entry.summary}


def quotes(verdict: dict[str, Any]) -> list[dict[str, Any]]:
    """Return everything in a verdict that quotes the text."""
    events = [*verdict["background"], *([verdict["event"]] if verdict["event"] else [])]
    return [*verdict["evidence"], *verdict["penalties"], *events]


# ---------------------------------------------------------------- ways to give a text


def test_a_text_a_file_and_standard_input_get_the_same_verdict(cli: Cli) -> None:
    text = f"{LISTING}\n{MORE}"
    Path("item.txt").write_text(text, "utf-8")
    Path("item.json").write_text(json.dumps({"title": LISTING, "summary": MORE}), "utf-8")
    ways = [
        cli("explain", text, "--json"),
        cli("explain", "item.txt", "--json"),
        cli("explain", "item.json", "--json"),
        cli("explain", "-", "--json", stdin=text),
        cli("explain", "-", "--json", stdin=json.dumps({"title": LISTING, "summary": MORE})),
    ]
    assert {answer.code for answer in ways} == {0}
    assert len({answer.out for answer in ways}) == 1
    assert ways[0].data["topics"] == ["sanctions"]


def test_a_web_page_is_judged_where_it_may_be_asked(cli: Cli) -> None:
    with Site({"/page": Reply(f"<title>{LISTING}</title><body><p>{MORE}</p></body>")}) as site:
        refused = cli("explain", site.url("/page"))
        assert refused.code == 1
        assert "allow_hosts" in refused.err
        assert site.requests == []
        Path("config.toml").write_text(f'[polling]\nallow_hosts = ["{site.host}"]', "utf-8")
        answer = cli("explain", site.url("/page"), "--json")
    assert answer.code == 0
    assert answer.data["event"]["type"] == "imposed"
    assert {each["field"] for each in answer.data["evidence"]} == {"title", "summary"}


def test_a_text_longer_than_any_name_of_a_file_is_a_text(cli: Cli) -> None:
    text = f"{LISTING}. {'The companies had shipped oil. ' * 20}"
    assert cli("explain", text, "--json").data["topics"] == ["sanctions"]


def test_no_configuration_is_needed_but_a_named_one_must_be_there(cli: Cli) -> None:
    assert cli("explain", LISTING).code == 0
    missing = cli("explain", LISTING, "--config", "none.toml")
    assert missing.code == 2
    assert "none.toml: there is no such file" in missing.err


def test_the_source_gives_the_credibility(cli: Cli) -> None:
    Path("config.toml").write_text(
        '[feeds.ofac]\nurl = "https://wire.example/"\ntitle = "OFAC Recent Actions"\ntier = "official"',
        "utf-8",
    )
    letters = {
        source: cli("explain", json.dumps({"title": LISTING, "source": source}), "--json").data[
            "credibility"
        ]["letter"]
        for source in ("ofac", "OFAC recent actions", "somebody")
    }
    assert letters == {"ofac": "A", "OFAC recent actions": "A", "somebody": "C"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is nothing to judge: the text is empty"),
        (" \n ", "there is nothing to judge: the text is empty"),
        ("{}", "there is nothing to judge: the text is empty"),
        ('{"title": " ", "source": "ofac"}', "there is nothing to judge: the text is empty"),
        ('{"title": ', "the text begins like JSON, but Expecting value: line 1 column 10 (char 9)"),
    ],
)
def test_a_text_that_cannot_be_judged_is_a_mistake_of_usage(text: str, said: str, cli: Cli) -> None:
    given, typed = cli("explain", text), cli("explain", "-", stdin=text)
    assert (given.code, given.err.strip()) == (2, said)
    assert (typed.code, typed.err.strip()) == (2, said)


def test_a_file_that_is_no_text_is_named(cli: Cli) -> None:
    Path("item.bin").write_bytes(b"\xff\xfe\x00")
    answer = cli("explain", "item.bin")
    assert answer.code == 2
    assert answer.err.startswith("item.bin: ")


# ---------------------------------------------------------------- for programs


@pytest.mark.parametrize("text", [LISTING, "A quiet day"])
def test_the_json_keys_are_the_same_for_every_input(text: str, cli: Cli) -> None:
    verdict = cli("explain", text, "--json").data
    assert list(verdict) == KEYS
    assert list(verdict["relevance"]) == ["sanctions", "arms"]
    assert list(verdict["credibility"]) == ["letter", "score", "reasons"]
    assert list(verdict["versions"]) == ["rules", "lexicon", "lists"]
    assert list(verdict["route"]) == ["placement", "because", "unconfirmed"]
    for each in (*verdict["evidence"], *verdict["penalties"]):
        assert list(each) == ["field", "start", "stop", "quote", "because", "points"]
    for each in verdict["entities"]:
        assert list(each) == ["id", "name", "kind", "lists", "countries", "quote"]
    for event in (verdict["event"], *verdict["background"]):
        assert event is None or {"topic", "type", "stage", "polarity", "severity", "status"} <= set(event)


@pytest.mark.parametrize("guid", ["sample-s400", "sample-football"])
def test_every_offset_leads_into_the_field_as_it_was_given(guid: str, cli: Cli) -> None:
    fields = sample(guid)
    verdict = cli("explain", json.dumps(fields), "--json").data
    assert quotes(verdict)
    for each in quotes(verdict):
        assert fields[each["field"]][each["start"] : each["stop"]] == each["quote"]


def test_offsets_count_code_points_whatever_stands_before(cli: Cli) -> None:
    title = f"🇹🇷 İstanbul: {LISTING}"
    for each in quotes(cli("explain", title, "--json").data):
        assert title[each["start"] : each["stop"]] == each["quote"]


def test_the_story_that_this_was_made_for_is_news_of_talks_and_nothing_else(cli: Cli) -> None:
    verdict = cli("explain", json.dumps(sample("sample-s400")), "--json").data
    assert verdict["topics"] == ["sanctions", "arms"]
    assert (verdict["event"]["type"], verdict["event"]["severity"]) == ("relief_talks", 3)
    behind = [(event["type"], event["year"]) for event in verdict["background"]]
    assert ("contract", 2017) in behind
    assert ("delivery", 2019) in behind
    assert ("imposed", 2020) in behind
    assert len([type for type, _ in behind if type == "imposed"]) >= 2
    assert {event["type"] for event in verdict["background"]} == {"contract", "delivery", "imposed"}
    names = {each["id"] for each in verdict["entities"]}
    assert {
        "country:TR",
        "country:US",
        "weapon:s-400-triumf",
        "agency:presidency-of-defence-industries",
    } <= names


# ---------------------------------------------------------------- for people


def test_a_person_reads_at_most_three_reasons_without_rule_ids_and_points(cli: Cli) -> None:
    answer = cli("explain", f"{LISTING}\n{MORE}")
    assert answer.flat.count("Why The ") == 3
    assert "Act OFAC lists 14 shipping companies" in answer.flat
    assert "The title says “adds 14 shipping companies to SDN List”: listing or new measure." in answer.flat
    assert "The title has “SDN List”: names a sanctions programme, list or statute." in answer.flat
    assert "sanctions 100 of 100 (sum 233, counted as 100; 60 flags)" in answer.flat
    for hidden in ("listing-act", "+62.0", "Versions", "▸"):
        assert hidden not in answer.out


def test_a_person_who_asks_reads_which_rule_which_words_where_and_how_many_points(cli: Cli) -> None:
    answer = cli("explain", f"{LISTING}\n{MORE}", "--full")
    assert answer.out.startswith(LISTING)
    assert "sanctions, severity 4 of 5" in answer.flat
    line = "+62.0 listing-act: somebody is put on or taken off a list: “OFAC adds 14 shipping companies to SDN List” in the title"
    assert line in answer.flat
    assert "Event imposed (imposes) “adds 14 shipping companies to SDN List” in the title" in answer.flat
    assert "Source C (60): source of ordinary standing" in answer.flat
    assert "Goes to top: severity 4, credibility C" in answer.flat


def test_a_person_reads_what_speaks_against(cli: Cli) -> None:
    answer = cli("explain", FOOTBALL)
    assert "Verdict not flagged" in answer.flat
    assert "Why Against it: the title has “FIFA" in answer.flat
    assert "Against -" in cli("explain", FOOTBALL, "--full").flat


def test_a_person_reads_what_is_background_and_why(cli: Cli) -> None:
    answer = cli("explain", json.dumps(sample("sample-s400")))
    assert "Verdict both: sanctions and arms, severity 3 of 5" in answer.flat
    assert "Event relief_talks (stage talks, eases) “working group on S-400” in the title" in answer.flat
    assert (
        "Not new contract (stage contract, buys, recalled) “bought four S-400” in the summary — tells of 2017"
        in answer.flat
    )


def test_a_person_reads_status_and_parties_of_the_event(cli: Cli) -> None:
    answer = cli("explain", "Poland orders 12 K9 howitzers from South Korea in $80 million contract")
    assert "Status done: an act" in answer.flat
    assert "Parties buyer: Poland; supplier: South Korea; system: K9 Thunder; quantity: 12" in answer.flat


def test_the_text_says_that_an_announced_event_has_not_happened_yet(cli: Cli) -> None:
    answer = cli("explain", "EU wird Sanktionen gegen Georgien verhängen")
    assert "Status future: will impose; not an act yet" in answer.flat
    assert "Parties imposer: European Union; target: Georgia" in answer.flat
    event = cli("explain", "EU wird Sanktionen gegen Georgien verhängen", "--json").data["event"]
    assert (event["type"], event["status"]) == ("proposed", "future")


def test_the_text_says_that_a_mention_of_sanctions_is_no_new_event(cli: Cli) -> None:
    answer = cli("explain", "Western sanctions harm trade in grain, Lukashenko says")
    assert "Act mentions sanctions; no new act found" in answer.flat
    assert "Status" not in answer.flat
    assert "no new act found" not in cli("explain", FOOTBALL).flat


def test_markup_in_a_text_is_shown_and_not_obeyed(cli: Cli) -> None:
    assert "[red]OFAC[/red] adds" in cli("explain", "[red]OFAC[/red] adds 14 companies to SDN List").out


def test_a_person_sees_the_cell_that_places_it_and_what_would_move_it(cli: Cli) -> None:
    answer = cli("explain", LISTING, "--full")
    assert "Severity × credibility of the source → placement" in answer.out
    assert "4 now now ▸top digest" in answer.flat
    assert "Would change severity 5 would place it: now, UNCONFIRMED" in answer.flat
    assert "credibility A or credibility B would place it: now" in answer.flat
    assert "▸" not in cli("explain", FOOTBALL, "--full").out


def test_what_would_steer_the_terminal_is_shown_and_not_obeyed(cli: Cli) -> None:
    text = f"\u202e{LISTING}\x1b]0;x\x07\n\x1b[31mOFAC\x00 added \x9b31m 14 \u200bcompanies to the SDN List\ud800"
    answer = cli("explain", text)
    assert answer.code == 0
    assert {char for char in answer.out if not char.isprintable()} == {"\n"}
    assert "“adds 14 shipping companies to SDN List”" in answer.flat
