"""Parties that one sentence leaves out come from the other sentences about the same act."""

from monitor.match.events.completing import completed
from tests.match.events.test_find import event
from tests.match.seeds import judge


def test_a_title_without_a_supplier_takes_it_from_the_summary():
    told = judge("Oman orders six frigates", "Oman ordered the frigates from Spain on Monday.").event
    assert (told.buyer, told.supplier) == ("country:OM", "country:ES")


def test_another_act_of_the_same_type_adds_nothing():
    first = event(buyer="country:OM")
    other = event(buyer="country:QA", supplier="country:ES")
    assert completed(first, (other,)) == first


def test_a_party_has_one_role_only():
    first = event(buyer="country:OM")
    assert completed(first, (event(supplier="country:OM"),)) == first


def test_what_is_told_stays_as_it_is():
    first = event(buyer="country:OM", supplier="country:ES")
    assert completed(first, (event(buyer="country:OM", supplier="country:FR"),)) == first


def test_an_act_told_in_the_text_alone_has_the_imposer_of_the_title():
    told = judge("US tightens grip on Cuban trade", "New sanctions were imposed on Cuban hotels.").event
    assert (told.imposer, told.targets) == ("country:US", ("country:CU",))


def test_a_title_without_a_system_takes_those_of_the_first_sentence():
    told = judge(
        "Oman buys fighter jets", "Oman bought 12 Rafale jets. It looked at the Gripen before."
    ).event
    assert told.systems == ("weapon:rafale",)


def test_a_deal_has_the_supplier_of_what_it_is_to_buy():
    told = judge("Oman signs deal to buy Swedish-made tanks").event
    assert (told.type, told.buyer, told.supplier) == ("contract", "country:OM", "country:SE")
