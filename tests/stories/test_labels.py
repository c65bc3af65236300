"""Titles that report decisions, failures and denials, and titles that leave them open."""

import pytest

from monitor.stories.labels import is_decision, is_denial, is_expectation, is_failure


@pytest.mark.parametrize(
    "title",
    [
        "Lawmakers approve loan for Moldova",
        "Oslo picks British frigate",
        "Council votes for the twelfth package",
        "Kenya signs drone deal",
        "Berlin gives go-ahead for tank sale",
        "Kabinett billigt Lieferung",
        "Совет одобрил пакет",
    ],
)
def test_a_title_reports_a_decision(title):
    assert is_decision(title)


@pytest.mark.parametrize(
    "title",
    [
        "Lawmakers to approve loan for Moldova",
        "Leaders decide on whether to fund Moldova",
        "Leaders fail to agree on loan",
        "Minister shows signs of doubt about drone deal",
        "Ministers agree to discuss a loan",
        "Council may back the twelfth package",
    ],
)
def test_what_is_open_is_no_decision(title):
    assert not is_decision(title)


@pytest.mark.parametrize(
    "title",
    [
        "Council rejects last-minute motion to put off sanctions",
        "Lawmakers vote down drone deal",
        "Summit ends without a deal on frozen assets",
        "Senate blocks arms bill",
    ],
)
def test_a_title_reports_a_failure(title):
    assert is_failure(title)


@pytest.mark.parametrize("title", ["Council to vote on plan to delay sanctions", "Iran rejects US sanctions"])
def test_an_intention_and_a_protest_are_no_failure(title):
    assert not is_failure(title)


@pytest.mark.parametrize(
    "title", ["Kenya says US hasn't notified it of any pause", "Oslo says it has no plans to lift ban"]
)
def test_a_party_that_knows_of_nothing_denies(title):
    assert is_denial(title)


def test_a_denial_beside_the_act_of_a_title_denies_nothing():
    assert not is_denial("US eases oil sanctions as Iran denies claim about inspectors")
    assert is_denial("Iran denies claim about inspectors as US eases oil sanctions")


@pytest.mark.parametrize("title", ["Talks due to resume on drone deal", "Oslo could buy frigates"])
def test_a_title_reports_what_is_to_come(title):
    assert is_expectation(title)


@pytest.mark.parametrize(
    "title", ["Oslo drops frigate deal due to costs", "Oslo buys filter that could stop drones"]
)
def test_a_reason_and_an_ability_are_no_expectation(title):
    assert not is_expectation(title)
