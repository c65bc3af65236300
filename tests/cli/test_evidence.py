"""`evidence`: what an alert came from, byte for byte."""

from hashlib import sha256
from pathlib import Path

from monitor.resources import SEEDS
from tests.cli.test_preview import sample_item
from tests.support.commands import Cli

FEED = (SEEDS / "sample" / "feed.xml").read_bytes()


def test_an_alert_leads_to_its_document_and_the_file_is_exactly_what_came(
    sampled: Cli, tmp_path: Path
) -> None:
    item = sample_item(sampled, "shipping")
    answer = sampled("evidence", item[:8], "--out", "was.xml")
    assert answer.code == 0
    assert (tmp_path / "was.xml").read_bytes() == FEED
    assert f"{sha256(FEED).hexdigest()} (checked)" in answer.flat
    assert f"{len(FEED):,} bytes at " in answer.flat
    assert "seed:sample/feed.xml" in answer.flat


def test_programs_get_the_same_facts(sampled: Cli) -> None:
    item = sample_item(sampled, "shipping")
    data = sampled("evidence", item, "--json").data
    (alert,) = data["alerts"]
    assert (data["item"], alert["kind"], alert["sha256"]) == (item, "new", sha256(FEED).hexdigest())
    assert (alert["document"]["bytes"], alert["document"]["url"]) == (len(FEED), "seed:sample/feed.xml")


def test_an_item_without_an_alert_has_no_document(sampled: Cli) -> None:
    item = next(
        each["id"] for each in sampled("search", "s-400", "--json").data if each["verdict"]["topics"] == []
    )
    answer = sampled("evidence", item)
    assert (answer.code, "raised no alert" in answer.flat) == (0, True)
    refused = sampled("evidence", item, "--out", "was.xml")
    assert (refused.code, "none was kept" in refused.err) == (2, True)


def test_an_unknown_item_is_the_callers_mistake(sampled: Cli) -> None:
    answer = sampled("evidence", "nothing")
    assert (answer.code, "no item 'nothing'" in answer.err) == (2, True)
