"""`evaluate`: the figures, for people and for programs."""

import json
from pathlib import Path

import pytest

from tests.support.commands import Cli

LISTING = "OFAC adds 14 shipping companies to SDN List over Iranian oil trade"
ORDER = "Poland orders 12 K9 howitzers in $80 million contract"
PICNIC = "A quiet day at the lake"

ROWS = [
    {"id": "a", "title": LISTING, "lang": "en", "sanctions": 1, "arms": 0, "bucket": "S", "weight": 0.5},
    {"id": "b", "title": ORDER, "lang": "en", "sanctions": 0, "arms": 0, "unsure": 1},
    {"id": "c", "title": PICNIC, "summary": "", "lang": "tr", "sanctions": 1, "arms": 0},
]
RATES = {"precision", "recall", "f1", "tp", "fp", "fn"}


@pytest.fixture
def file(cli: Cli) -> Path:
    path = Path("labelled.jsonl")
    path.write_text("\n".join(map(json.dumps, ROWS)), "utf-8")
    return path


def test_programs_read_the_figures_of_each_topic(cli: Cli, file: Path) -> None:
    answer = cli("evaluate", file, "--json")
    assert answer.code == 0
    assert set(answer.data) >= {"topics", "items", "seconds"}
    assert answer.data["items"] == 3
    sanctions, arms = (answer.data["topics"][topic] for topic in ("sanctions", "arms"))
    assert set(sanctions) == {"all", "sure", "weighted", "by_lang", "by_bucket"}
    assert sanctions["all"] == {"precision": 1.0, "recall": 0.5, "f1": 0.6667, "tp": 1, "fp": 0, "fn": 1}
    assert sanctions["weighted"] == {
        "precision": 1.0,
        "recall": 0.3333,
        "f1": 0.5,
        "tp": 0.5,
        "fp": 0,
        "fn": 1,
    }
    assert sanctions["by_lang"]["tr"]["fn"] == 1
    assert (arms["all"]["fp"], arms["sure"]["fp"]) == (1, 0)
    assert all(set(each) == RATES for each in (*sanctions["by_lang"].values(), arms["all"], arms["sure"]))


def test_a_person_reads_a_table_for_each_topic(cli: Cli, file: Path) -> None:
    answer = cli("evaluate", file)
    assert answer.out.startswith("sanctions")
    assert "all 1.000 0.500 0.667 1 0 1" in answer.flat
    assert "tr – 0.000 0.000 0 0 1" in answer.flat
    assert "3 items in" in answer.flat


def test_what_was_judged_wrong_is_named_with_its_reasons(cli: Cli, file: Path) -> None:
    answer = cli("evaluate", file, "--errors")
    assert "sanctions: false negative c tr relevance 0" in answer.flat
    assert "arms: false positive b en relevance" in answer.flat
    assert f"unsure {ORDER}" in answer.flat
    assert "“Poland orders" in answer.flat
    listed = cli("evaluate", file, "--errors", "--json").data["errors"]
    assert [(each["id"], each["error"]) for each in listed] == [
        ("c", "false negative"),
        ("b", "false positive"),
    ]


def test_only_what_may_be_known_beforehand_is_read_when_judging(cli: Cli, file: Path) -> None:
    event_rows = [
        {**row, "bucket": LISTING, "id": LISTING, "url": LISTING, "event": "imposed"} for row in ROWS
    ]
    Path("events.jsonl").write_text("\n".join(map(json.dumps, event_rows)), "utf-8")
    one, other = (cli("evaluate", name, "--json").data["topics"] for name in (file, "events.jsonl"))
    assert all(one[topic]["by_lang"] == other[topic]["by_lang"] for topic in one)


def test_one_language_can_be_asked_for_and_standard_input_read(cli: Cli, file: Path) -> None:
    answer = cli("evaluate", "-", "--lang", "tr", "--json", stdin=file.read_text("utf-8"))
    assert answer.data["items"] == 1
    assert list(answer.data["topics"]["arms"]["by_lang"]) == ["tr"]


def test_mistakes_in_the_file_are_named_and_the_other_lines_are_measured(cli: Cli, file: Path) -> None:
    file.write_bytes(b'{"title": \xff}\n' + file.read_bytes() + b'\n{"id": "d"}')
    answer = cli("evaluate", file, "--json")
    assert answer.code == 1
    assert answer.data["items"] == 3
    assert "labelled.jsonl: line 1: " in answer.err
    assert "labelled.jsonl: line 5: neither title nor summary" in answer.err
    assert len(answer.data["mistakes"]) == 2


def test_a_file_that_is_not_there_or_empty_is_no_measurement(cli: Cli) -> None:
    missing = cli("evaluate", "none.jsonl")
    assert (missing.code, missing.err.strip()) == (2, "none.jsonl: No such file or directory")
    empty = cli("evaluate", "-")
    assert (empty.code, empty.flat) == (1, "no items: nothing was measured")


def test_hostile_words_change_nothing_on_the_terminal(cli: Cli) -> None:
    row = {
        "id": "\x1b[31m",
        "title": f"{LISTING} \x1b]0;x\x07 \ud800 [red]",
        "lang": "\u202e",
        "sanctions": 0,
        "arms": 0,
    }
    Path("odd.jsonl").write_text(json.dumps(row), "utf-8")
    answer = cli("evaluate", "odd.jsonl", "--errors")
    assert answer.code == 0
    assert not {"\x1b", "\x07", "\u202e"} & set(answer.out)
    assert "[red]" in answer.out
    assert cli("evaluate", "odd.jsonl", "--errors", "--json").code == 0


LABEL = {"types": ["imposed"], "polarity": ["impose"], "severity": [4, 4], "kind": "news"}
EVENT_ROWS = [
    {"id": "a", "title": LISTING, "lang": "en", "event": LABEL | {"parties": {"imposer": ["US"]}}},
    {"id": "b", "title": ORDER, "lang": "en", "sanctions": None, "event": {"types": ["delivery"]}},
    {"id": "c", "title": PICNIC, "lang": "tr", "arms": 0, "event": {"types": ["none"], "kind": "commentary"}},
]


@pytest.fixture
def events(cli: Cli) -> Path:
    path = Path("events.jsonl")
    path.write_text("\n".join(map(json.dumps, EVENT_ROWS)), "utf-8")
    return path


def test_programs_read_the_figures_of_events(cli: Cli, events: Path) -> None:
    answer = cli("evaluate", events, "--json")
    assert answer.code == 0
    figures = answer.data["events"]
    assert {key: figures[key] for key in ("n", "type", "polarity", "opposite")} == {
        "n": 3,
        "type": 0.6667,
        "polarity": 1.0,
        "opposite": 0,
    }
    assert figures["by_lang"] == {"en": {"n": 2, "type": 0.5}, "tr": {"n": 1, "type": 1.0}}
    assert set(figures["parties"]) == {"imposer", "target", "buyer", "supplier", "system"}
    assert figures["parties"]["imposer"] == {"precision": 1.0, "recall": 1.0}
    assert answer.data["confusions"] == [{"expected": "delivery", "found": "contract", "n": 1}]
    assert answer.data["topics"]["arms"]["by_lang"].keys() == {"tr"}


def test_files_without_event_labels_have_no_figures_of_events(cli: Cli, file: Path) -> None:
    assert not {"events", "confusions"} & set(cli("evaluate", file, "--json").data)


def test_a_person_reads_the_figures_of_events_and_what_was_confused(cli: Cli, events: Path) -> None:
    answer = cli("evaluate", events)
    assert "type right 0.667 0.667 of 3 sure items" in answer.flat
    assert "1 delivery contract" in answer.flat
    clean = cli("evaluate", events, "--lang", "tr")
    assert "type right 1.000" in clean.flat
    assert "confusions" not in clean.flat


def test_events_that_were_judged_wrong_are_named_with_what_was_expected(cli: Cli, events: Path) -> None:
    event_rows = json.loads(events.read_text("utf-8").splitlines()[0])
    event_rows["event"] |= {"severity": [1, 2], "types_if_hedged": ["agreed"], "parties": {"imposer": ["CN"]}}
    silent = {"id": "d", "title": PICNIC, "unsure": 1, "event": LABEL}
    lines = [events.read_text("utf-8"), json.dumps(event_rows | {"id": "e"}), json.dumps(silent)]
    events.write_text("\n".join(lines), "utf-8")
    answer = cli("evaluate", events, "--errors")
    assert "event: type b en" in answer.flat
    assert "expected delivery; found contract acquire severity 4 (done) “" in answer.flat
    assert "event: severity, false urgent, imposer e en" in answer.flat
    assert "expected imposed (if hedged agreed) impose severity 1–2; found imposed" in answer.flat
    assert "imposer: expected CN; found authority:ofac" in answer.flat
    assert "event: type, polarity, severity, missed urgent d" in answer.flat
    listed = cli("evaluate", events, "--errors", "--json").data["event_errors"]
    assert [(each["id"], each["expected"], each["found"]) for each in listed] == [
        ("b", "delivery", "contract"),
        ("e", "imposed", "imposed"),
        ("d", "imposed", "none"),
    ]
    assert listed[1]["parties"] == {"imposer": {"expected": "CN", "found": "authority:ofac"}}
    assert (listed[2]["status"], listed[2]["severity"], listed[2]["quote"]) == (None, 0, None)
