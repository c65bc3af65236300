"""Grave items that do not interrupt: live pages, events in an aside, measures aimed at nobody."""

import pytest

from monitor.alerts.interruption import rules_of, without_interruption
from monitor.app.grouping import interruption_rules
from monitor.errors import ConfigError
from monitor.model import Decision, Judged, Placement
from tests.conftest import event, item, verdict
from tests.stories.test_grouping import hear


def placement(title: str, lang: str = "", summary: str = "", **fields) -> Placement:
    field = "summary" if summary else "title"
    quote = fields.pop("quote", title)
    rows = {
        "type": "imposed",
        "stage": "",
        "imposer": "country:NO",
        "polarity": "impose",
        "field": field,
        "quote": quote,
    } | fields
    one, says = item(title=title, lang=lang, summary=summary), verdict(event=event(**rows), entities=())
    judged = Judged(one, says, Decision(Placement.NOW, "grave"))
    return without_interruption(judged, hear(one, says).fingerprint, interruption_rules()).decision.placement


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


@pytest.mark.parametrize(
    ("title", "event"),
    [
        ("Kenyan paper says its assets frozen", {"type": "retaliation", "imposer": ""}),
        ("Oslo imposes travel ban on Kenyan citizens", {"topic": "sanctions"}),
        ("Former minister barred from entering Kenya", {"topic": "sanctions"}),
        ("Kenyan navy boards tanker suspected of breaching blockade", {"type": "enforced"}),
        ("Police seize yachts of man accused of fraud", {"quote": "seize yachts"}),
        (
            "Oslo still delivering weapons to Kenya, minister says",
            {"type": "delivery", "buyer": "country:KE"},
        ),
        ("Minister backs defence budget", {"type": "approval"}),
        ("Kenya revokes licences of lorry drivers", {"type": "licence_revoked"}),
        ("Iran says it seized tanker in Gulf of Oman", {"type": "enforced"}),
        (
            "Oslo has given Kenya $3bn of arms since 2024, report says",
            {"type": "delivery", "buyer": "country:KE"},
        ),
        ("Kenya revokes Norwegian official's visa", {"topic": "sanctions"}),
        ("Kenya imposes new aid restrictions", {"topic": "sanctions"}),
        ("Kenya begins release of oil reserves", {"type": "lifted"}),
        ("Kenya bans exports of rice", {}),
        ("Oslo navy intercepts Kenyan corvette", {"type": "enforced"}),
        ("Kenya commissions largest frigate", {"type": "delivery", "quote": "commissions largest frigate"}),
    ],
)
def test_what_only_looks_like_an_act_does_not_interrupt(title, event):
    assert placement(title, **event) is Placement.TOP


@pytest.mark.parametrize(
    ("title", "event"),
    [
        ("Kenyan commander sanctioned in Norway", {"imposer": ""}),
        ("Oslo imposes travel ban on Kenyan ministers", {"topic": "sanctions"}),
        ("Kenyan navy boards sanctioned tanker after blockade", {"type": "enforced"}),
        ("Police seize sanctioned yacht", {"quote": "seize sanctioned yacht"}),
        ("Iran says Oslo seized its tanker", {"type": "enforced"}),
        ("Oslo approves frigates for Kenya", {"type": "approval", "buyer": "country:KE"}),
        ("Oslo revokes export licences of chip makers", {"type": "licence_revoked"}),
    ],
)
def test_an_act_of_sanctions_or_of_trade_in_arms_interrupts(title, event):
    assert placement(title, **event) is Placement.NOW


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("[a]\nreason = 'x'\ntitle = '('", "unterminated"),
        ("[a]\ntitle = 'x'", "reason"),
        ("[a]\nreason = 'x'\nmissing = ['victim']", "an event has no victim"),
        ("a = 1", "a table is expected"),
        ("[a", "Expected"),
    ],
)
def test_a_mistake_in_the_rules_names_the_file(text, mistake):
    with pytest.raises(ConfigError, match=rf"rules.toml: .*{mistake}"):
        rules_of(text, "rules.toml")


def test_titles_in_other_languages_are_not_judged_by_english_words():
    text = "Oslo verschärft Sanktionen."
    quote = "verschärft Sanktionen"
    assert placement("Minister hofft auf Regen", lang="de", summary=text, quote=quote) is Placement.NOW
    assert placement("Министр надеется на дождь", summary=text, quote=quote) is Placement.NOW


def test_an_item_that_does_not_interrupt_is_unchanged():
    one = item(title="Live: Oslo sanctions bank")
    says = verdict(event=event(), entities=())
    judged = Judged(one, says, Decision(Placement.DIGEST, "small"))
    assert without_interruption(judged, hear(one, says).fingerprint) is judged
