"""An alert's act and what is new in it, in words."""

from dataclasses import replace

import pytest

from monitor.model import Change, ChangeKind
from monitor.render import samples as sample
from monitor.render.catalogue import catalogue_of
from monitor.render.language import Language, alert_line, alert_news

STEP = Change(ChangeKind.STEP, "relief_talks", "lifted", "event: relief_talks → lifted")
FIRST = Change(ChangeKind.STEP, "", "contract", "stage: none → contract")
AS_EXPECTED = Change(ChangeKind.STEP, "contract", "contract", "done as expected")
TURNED = Change(ChangeKind.DIRECTION, "acquire", "halt", "direction: acquire → halt")
SUM = Change(ChangeKind.SUM, "USD 12m", "USD 3.88m", "amount: USD 12m → USD 3.88m")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (STEP, "talks on relief → delisting or measure lifted"),
        (FIRST, "now: contract"),
        (AS_EXPECTED, "done as expected"),
        (TURNED, "direction: stops"),
        (SUM, "amount: USD 12m → USD 3.88m"),
    ],
)
def test_what_is_new_has_no_codes(change: Change, words: str) -> None:
    alert = replace(sample.TALKS, news=change.words, changes=(change,))
    assert alert_news(alert) == words


def test_what_is_new_is_stored_as_it_was_when_no_changes_are_known() -> None:
    assert alert_news(replace(sample.TALKS, news="confirmed by OFAC", changes=())) == "confirmed by OFAC"


def test_a_heading_without_an_act_begins_with_a_capital() -> None:
    alert = replace(sample.TALKS, verdict=replace(sample.TALKS.verdict, event=None))
    heading = Language(catalogue_of("en")).heading(alert)
    assert heading[0].isupper()
    assert heading[1:] == alert_line(alert)[1:]
