"""`evaluate --pairs`: grouping measured on labelled pairs."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import Cli

SANCTIONS = "US imposes sanctions on Chad president over drug trade"
RETOLD = "US imposes sanctions on the president of Chad over the drug trade"
ORDER = "Poland orders 12 K9 howitzers in $80 million contract"


def side(feed: str, title: str, day: int = 20) -> dict[str, str]:
    return {"feed": feed, "at": f"2026-11-{day}T08:00:00Z", "title": title, "summary": ""}


PAIRS: list[dict[str, Any]] = [
    {"label": "same", "a": side("ap", SANCTIONS), "b": side("bbc", RETOLD)},
    {"label": "same", "a": side("ap", SANCTIONS), "b": side("bbc", ORDER)},
    {"label": "different", "a": side("ap", SANCTIONS), "b": side("bbc", RETOLD)},
    {"label": "different", "a": side("ap", SANCTIONS, day=10), "b": side("bbc", RETOLD)},
    {"label": "related", "a": side("ap", SANCTIONS), "b": side("bbc", RETOLD)},
]


@pytest.fixture
def file(cli: Cli) -> Path:
    path = Path("pairs.jsonl")
    path.write_text("\n".join(map(json.dumps, PAIRS)), "utf-8")
    return path


def test_programs_read_precision_and_recall_without_related_pairs(cli: Cli, file: Path) -> None:
    answer = cli("evaluate", file, "--pairs", "--json")
    assert answer.code == 0
    assert answer.data == {
        "pairs": {"precision": 0.5, "recall": 0.5, "f1": 0.5, "tp": 1, "fp": 1, "fn": 1, "n": 4},
        "mistakes": [],
    }


def test_a_person_reads_the_figures_and_the_wrong_pairs(cli: Cli, file: Path) -> None:
    answer = cli("evaluate", file, "--pairs", "--errors")
    assert "pairs: precision 0.500 recall 0.500 F1 0.500" in answer.flat
    assert "1 rightly joined, 1 wrongly joined, 1 wrongly parted, of 4 pairs; 1 related" in answer.flat
    assert f"wrongly parted 2026-11-20T08:00:00+00:00 ap: {SANCTIONS}" in answer.flat
    listed = cli("evaluate", file, "--pairs", "--errors", "--json").data["errors"]
    assert [each["error"] for each in listed] == ["wrongly parted", "wrongly joined"]
    assert listed[0]["b"] == {"feed": "bbc", "at": "2026-11-20T08:00:00+00:00", "title": ORDER}


def test_a_configured_feed_keeps_its_rank(cli: Cli) -> None:
    """An authority's next notice never joins its last one."""
    notices = {"label": "same", "a": side("ofac", SANCTIONS), "b": side("ofac", RETOLD)}
    Path("own.jsonl").write_text(json.dumps(notices), "utf-8")
    assert cli("evaluate", "own.jsonl", "--pairs", "--json").data["pairs"]["tp"] == 1
    Path("config.toml").write_text('[feeds.ofac]\nurl = "https://wire.example/"\ntier = "official"', "utf-8")
    assert cli("evaluate", "own.jsonl", "--pairs", "--json").data["pairs"]["tp"] == 0


def test_lines_that_are_no_pairs_are_named_and_no_pairs_are_no_measurement(cli: Cli, file: Path) -> None:
    file.write_text(file.read_text("utf-8") + '\n{"label": "same"}', "utf-8")
    answer = cli("evaluate", file, "--pairs", "--json")
    assert (answer.code, answer.data["pairs"]["n"]) == (1, 4)
    assert "pairs.jsonl: line 6: a is an object of feed, at, title and summary" in answer.err
    empty = cli("evaluate", "-", "--pairs")
    assert (empty.code, empty.flat) == (1, "no pairs: nothing was measured")


def test_a_language_cannot_be_chosen_for_pairs(cli: Cli, file: Path) -> None:
    answer = cli("evaluate", file, "--pairs", "--lang", "tr")
    assert (answer.code, answer.err.strip()) == (2, "--lang does not apply to --pairs")
