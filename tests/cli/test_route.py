"""`route test`: the way of a stored item."""

from pathlib import Path

import pytest

from tests.cli.conftest import CONFIG
from tests.support.commands import Cli

ROUTES = """
[routes.grave]
channels = ["hook"]
min_severity = 5
[routes.weapons]
channels = ["hook"]
topics = ["arms"]
feeds = ["sample"]
at_least = "tail"
continue = true
[routes.all]
channels = ["hook"]
at_least = "tail"
[routes.rest]
channels = ["hook"]
at_least = "tail"
"""


@pytest.fixture
def routed(sampled: Cli) -> Cli:
    kept, _, after = CONFIG.partition("[routes.all]")
    Path("config.toml").write_text(f"{kept}{ROUTES}[digests{after.partition('[digests')[2]}", "utf-8")
    return sampled


def item(cli: Cli, words: str) -> str:
    return str(cli("search", words, "--json").data[0]["id"])


def test_the_reason_at_each_route_is_printed(routed: Cli) -> None:
    answer = routed("route", "test", item(routed, "working group on")[:12])
    assert answer.code == 0
    assert "severity 3, credibility B" in answer.flat
    assert "✗ grave hook now placement top is below now; severity 3 is below 5" in answer.flat
    assert "✓ weapons hook now fits, and the next ones are asked too" in answer.flat
    assert "✓ all hook now fits, and ends the way" in answer.flat
    assert "– rest hook now not asked: an earlier route ended the way" in answer.flat
    assert answer.flat.endswith("at once: hook in digests: daily (every day at 08:00 UTC)")


def test_json_lists_every_route_with_whether_it_was_asked_and_taken(routed: Cli) -> None:
    data = routed("route", "test", item(routed, "working group on"), "--json").data
    assert [(each["route"], each["asked"], each["taken"]) for each in data["routes"]] == [
        ("grave", True, False),
        ("weapons", True, True),
        ("all", True, True),
        ("rest", False, False),
    ]
    assert (data["channels"], data["digests"]) == (["hook"], ["daily"])
    assert data["placement"] == "top"


def test_what_is_not_flagged_goes_nowhere(routed: Cli) -> None:
    answer = routed("route", "test", item(routed, "FIFA"))
    assert answer.flat.endswith("archive: relevance below the threshold at once: to nobody in digests: none")


def test_an_item_that_is_not_there_is_named(routed: Cli) -> None:
    answer = routed("route", "test", "nothing")
    assert answer.code == 2
    assert "no item 'nothing'" in answer.err
