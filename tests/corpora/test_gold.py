"""The labelled headlines that the user stories name: noise stays in the archive, relief counts as much as a listing."""

import csv
import os
from functools import cache
from pathlib import Path

import pytest

from monitor.alerts.routing import decide
from monitor.app.rulebook import Rulebook, rulebook
from monitor.config import Settings
from monitor.model import Placement, Tier, Verdict
from tests.conftest import item

FILE = Path(os.environ.get("CORPORA", "."), "facts/lexicon/gold_headlines.csv")

#: Delistings and licences of the third user story.
RELIEF = ("g004", "g005", "g037", "g041", "g053", "g061", "g078", "g081", "g088")

pytestmark = pytest.mark.corpora


@cache
def book() -> Rulebook:
    return rulebook(Settings())


@cache
def rows() -> dict[str, dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def judged(row: dict[str, str]) -> Verdict:
    one = item(title=row["headline"], summary="", lang=row["lang"], published_at=None)
    return book().engine.judge(one, Tier.OFFICIAL)


@pytest.mark.parametrize("id", RELIEF)
def test_a_delisting_or_a_licence_is_sent_at_once(id: str) -> None:
    verdict = judged(rows()[id])
    assert verdict.event is not None
    assert (verdict.event.type, verdict.event.polarity) == (rows()[id]["event"], "relax")
    assert verdict.severity >= 4
    assert decide(verdict, book().table).placement is Placement.NOW


def test_what_is_none_of_our_topics_stays_below_40() -> None:
    none = [row for row in rows().values() if row["topic"] == "none"]
    assert len(none) == 27
    assert [row["id"] for row in none if max(judged(row).relevance.values()) >= 40] == []
