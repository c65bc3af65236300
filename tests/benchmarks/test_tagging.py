"""The measurement of finding names gives each program the same names and texts, and asks for the same offsets."""

import json
import re
from pathlib import Path

import pytest

from benchmarks import report_matching
from benchmarks.taggers import PROGRAMS, normalized, ours, patterns, places, timed
from benchmarks.tagging import OURS, PEERS, made_up, times_as_fast, write_samples

COSTS = {"short_per_s": 10.0, "long_per_s": 1.0, "build_s": 1.0, "resident_mb": 1.0, "peak_mb": 2.0}


def test_every_program_that_is_measured_is_known() -> None:
    assert set(PROGRAMS) == {OURS, *PEERS}


def test_offsets_in_joined_words_are_those_of_the_text_as_written(tmp_path: Path) -> None:
    write_samples(tmp_path / "some", 50)
    names = (tmp_path / "some" / "names.txt").read_text("utf-8").splitlines()
    assert names == list(made_up(50))
    texts = json.loads((tmp_path / "some" / "short.json").read_text("utf-8"))
    find = ours(names, tmp_path).find
    known, count = list(patterns(names)), 0
    for raw in (*texts[:40], f"“{names[0].upper()},  {names[1]}’s."):
        text, joined = normalized(raw)
        hits = [hit.span() for each in known for hit in re.finditer(each, joined)]
        assert {found[:2] for found in find(raw)} == set(places(text, joined, hits))
        count += len(hits)
    assert count > 20


def test_a_round_is_repeated_until_it_can_be_measured() -> None:
    assert timed(lambda: None) > 0


def test_the_report_has_both_builds_and_their_ratios() -> None:
    fast = COSTS | {"short_per_s": 60.0, "reload_s": 0.5}
    programs = {OURS: {"pure": COSTS, "compiled": fast}, "other": {"pure": COSTS, "compiled": COSTS}}
    assert times_as_fast(programs, "compiled", "short_per_s") == pytest.approx(6)
    assert times_as_fast({OURS: {"pure": COSTS}}, "pure", "short_per_s") == 0
    page = report_matching.tagging({"1000": programs})
    assert f"| {OURS} | 10 · 60 | 1 · 1 | 1.0 · 1.0 | – · 0.50 |" in page
    assert "compiled 6.0 times as many short texts and 1.0 times as many long ones" in page
    assert "Beside the fastest" not in report_matching.tagging({"1000": {OURS: {"pure": COSTS}}})
