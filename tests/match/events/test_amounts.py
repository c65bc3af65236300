"""Sums of money as news writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match.events.amounts import amounts


def quoted(raw: str) -> list[str]:
    return [raw[start:stop] for start, stop in amounts(raw)]


@pytest.mark.parametrize(
    "amount",
    [
        "$2.5bn", "$2.5 billion", "$2.5-billion", "$ 80 million", "$80m", "$80k", "$930", "$1,250,000", "$3,000.50",
        "US$12 million", "A$3.4bn", "C$700 million", "NT$240 billion", "€1.2bn", "€1,2 Mrd", "£450m", "¥9 trillion",
        "₹4,000 crore", "₺12 bln", "₴5bn", "₩3 trillion", "Rs 4,000 crore", "Rs. 500 lakh", "Rs 2 lakh crore",
        "USD 40 million", "EUR 3bn", "TRY 900 million", "RUB 5bn", "PLN 12 billion",
        "930 million dollars", "40 million US dollars", "2.5bn euros", "4.5 billion-euro", "300 roubles",
        "825 млн доларів", "55 мільярдів гривень", "2,5 млрд долларов", "500 миллионов рублей", "$725 млн", "650 млн евро",
        "1,2 milyar dolar", "1,2 milyar dolarlık", "900 milyon TL", "2,5 Milliarden Euro", "930 Mio. Euro",
        "2,5 milliards d'euros", "930 millions de dollars", "2.500 millones de dólares", "1.250.000 euros",
        "١٠٠ مليار دولار", "12 مليار دولار", "۲٫۵ میلیارد دلار", "111亿美元", "9.3億美元", "2,5 miljarder kronor",
        "29.4-mln-dlr", "53 mln dlrs", "50 milioni di euro", "1,5 miliardi di dollari", "3 mld euro", "20 milionów euro",
        "40 million crowns",
        "1 000 000 euros", "12,500 pounds", "7 billion yuan", "900 million lira", "3 trillion won", "6bn SEK",
    ],
)  # fmt: skip
def test_a_sum_is_found_whole_wherever_it_stands(amount):
    assert quoted(amount) == [amount]
    assert quoted(f"A deal (worth {amount}), it said.") == [amount]
    assert quoted(f"{amount}: that is the price") == [amount]


@pytest.mark.parametrize(
    "raw",
    [
        "2,500 shells", "in 2019", "S-400", "four batteries", "12 per cent", "$", "dollars", "billion-dollar deal",
        "5 billion people", "try 500 launchers", "rub 3 times", "He won 12 medals", "section 231", "M142 $",
        "a pound of flesh", "AUSD 7", "x$7", "66架", "5 миллионов человек", "3 millions de personnes",
    ],
)  # fmt: skip
def test_other_figures_are_no_money(raw):
    assert quoted(raw) == []


def test_several_sums_come_in_reading_order():
    assert quoted("From $2.5bn to €3 billion, or 900 million lira") == [
        "$2.5bn",
        "€3 billion",
        "900 million lira",
    ]


@given(st.text("$€ 0125,.\n-mbn dollars", max_size=60))
def test_sums_lie_in_the_text_one_after_another(raw):
    before = 0
    for start, stop in amounts(raw):
        assert before <= start < stop <= len(raw)
        assert any(char.isdigit() for char in raw[start:stop])
        before = stop


@pytest.mark.parametrize("piece", ["000 ", "1,000", "1.", "$", "$1 ", "9 million ", "1 "])
def test_hostile_repetition_costs_no_more_than_its_length(piece):
    assert len(quoted(piece * (40_000 // len(piece)))) <= 40_000
