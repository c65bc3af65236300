"""How many of a thing."""

import pytest

from monitor.match.events.quantities import quantities
from tests.match.seeds import ENGINE


def counted(title: str) -> list[str]:
    doc = ENGINE.annotate(title)
    things = sorted((*doc["weapon"], *doc["platform"], *doc["materiel"]), key=lambda span: span.start)
    return list(quantities(doc, doc.texts["title"], things))


@pytest.mark.parametrize(
    ("title", "quantity"),
    [
        ("Oman buys 12 howitzers", "12 howitzers"),
        ("Oman buys 1,200 guided missiles", "1,200 guided missiles"),
        ("Oman buys three frigates", "three frigates"),
        ("Maskat bestellt 18 Panzerhaubitzen", "18 Panzerhaubitzen"),
        ("Оман купил 40 танков", "40 танков"),
        ("阿曼订购66架F-16V", "66架F-16V"),
    ],
)
def test_a_number_before_arms_is_a_quantity_as_written(title, quantity):
    assert counted(title)[:1] == [quantity]


@pytest.mark.parametrize(
    "title",
    [
        "Oman buys S-400 missiles",
        "Oman spends $3 on missiles",
        "Oman bought in 2019 missiles",
        "12 arrested over missiles",
    ],
)
def test_a_name_a_sum_a_year_and_a_far_number_are_none(title):
    assert counted(title) == []
