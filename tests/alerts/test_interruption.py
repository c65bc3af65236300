"""Grave items that do not interrupt: live pages, events in an aside, measures aimed at nobody."""

import pytest

from monitor.alerts.interruption import without_interruption
from monitor.model import Decision, Judged, Placement
from tests.conftest import event, item, verdict
from tests.stories.test_grouping import hear


def placement(title: str, lang: str = "", summary: str = "", **fields) -> Placement:
    field = "summary" if summary else "title"
    quote = fields.pop("quote", title)
    rows = {"type": "imposed", "stage": "", "polarity": "impose", "field": field, "quote": quote} | fields
    one, says = item(title=title, lang=lang, summary=summary), verdict(event=event(**rows), entities=())
    judged = Judged(one, says, Decision(Placement.NOW, "grave"))
    return without_interruption(judged, hear(one, says).fingerprint).decision.placement


@pytest.mark.parametrize(
    "title",
    ["Video: Oslo sanctions bank", "Kenya war day 12: Oslo sanctions bank", "Live: Oslo sanctions bank"],
)
def test_a_video_or_a_live_page_does_not_interrupt(title):
    assert placement(title) is Placement.TOP


def test_an_act_that_only_the_text_below_another_title_tells_does_not_interrupt():
    text = "Oslo has tightened sanctions over the years."
    assert placement("Minister hopes for rain", summary=text, quote="tightened sanctions") is Placement.TOP
    assert placement("Bank hit by sanctions", summary=text, quote="tightened sanctions") is Placement.NOW
    trade = {"type": "contract", "polarity": "acquire", "quote": "signed"}
    assert placement("Air base opens", summary="Oslo signed for jets.", **trade) is Placement.TOP
    assert placement("Oslo buys jets", summary="Oslo signed for jets.", **trade) is Placement.NOW


def test_measures_aimed_at_nobody_do_not_interrupt():
    assert placement("Oslo orders austerity measures") is Placement.TOP
    assert placement("Oslo orders austerity measures", targets=("country:KE",)) is Placement.NOW
    assert placement("Oslo orders sanctions and other measures") is Placement.NOW


def test_a_tariff_is_no_sanction():
    assert placement("Ghana's cocoa wins tariff exemption", topic="sanctions") is Placement.TOP
    assert placement("Ghana's cocoa wins exemption from sanctions", topic="sanctions") is Placement.NOW


def test_titles_in_other_languages_are_not_judged_by_english_words():
    text = "Oslo verschärft Sanktionen."
    quote = "verschärft Sanktionen"
    assert placement("Minister hofft auf Regen", lang="de", summary=text, quote=quote) is Placement.NOW
    assert placement("Министр надеется на дождь", summary=text, quote=quote) is Placement.NOW


def test_a_lower_placement_stays():
    one = item(title="Live: Oslo sanctions bank")
    says = verdict(event=event(), entities=())
    judged = Judged(one, says, Decision(Placement.DIGEST, "small"))
    assert without_interruption(judged, hear(one, says).fingerprint) is judged
