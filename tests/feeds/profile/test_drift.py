from dataclasses import replace

import pytest

from monitor.feeds.profile.drift import FADING_LATELY, FADING_USUAL, drift, with_items, with_usual_items
from monitor.model import ContentProfile
from tests.conftest import item

SUBJECTS = "howitzers frigates radars missiles drones helicopters munitions sonar engines armour".split()
NEWS = [
    item(
        url=f"https://defence.example/{n}",
        title=f"The ministry orders {n} {SUBJECTS[n % 10]} from the maker in the north",
        summary=f"The contract for {SUBJECTS[(n * 3) % 10]} is worth {n} million and the first is due in {2026 + n % 5}.",
    )
    for n in range(60)
]
BETS = [
    "kasino daring terbaik dengan bonus besar",
    "situs slot gacor hari ini menang mudah",
    "daftar poker online pasti cuan",
]
CASINO = [
    item(url=f"https://slots.example/{n}", title=BETS[n % 3], summary=BETS[(n + 1) % 3]) for n in range(20)
]
DIETS = [
    "The best recipes for the summer in the kitchen",
    "The ten foods that burn fat and the three that do not",
]
RECIPES = [
    item(
        url=f"https://recipes.example/{n}",
        title=DIETS[n % 2],
        summary="Cook with garlic, honey and lemon peel",
    )
    for n in range(20)
]
CHINESE = [
    item(
        url=f"https://gov.example/{n}",
        title=f"商务部公布不可靠实体清单第{n}号公告",
        summary="依照有关法律规定予以公布",
    )
    for n in range(60)
]


def profiles_after(*batches):
    usual = lately = ContentProfile()
    for batch in batches:
        usual, lately = with_items(usual, batch, FADING_USUAL), with_items(lately, batch, FADING_LATELY)
    return usual, lately


def later(usual_items, lately_items):
    """What drifts when these items come after those, which alone count as usual."""
    usual, lately = profiles_after(usual_items)
    return drift(usual, with_items(lately, lately_items, FADING_LATELY))


@pytest.mark.parametrize(
    ("usual", "lately", "said"),
    [
        (NEWS[:40], NEWS[40:], ""),
        (CHINESE[:40], CHINESE[40:], ""),
        (NEWS[:40], CASINO, "another language"),
        (CHINESE[:40], NEWS[40:], "another language"),
        (NEWS[:40], RECIPES, "other things"),
        (NEWS[:40], CASINO[:2], ""),  # two odd items are odd items
        (NEWS[:10], CASINO, ""),  # nothing is usual yet
    ],
)
def test_items_of_another_language_or_of_other_things_elsewhere_are_no_longer_this_feeds(usual, lately, said):
    found = later(usual, lately)
    assert (said in found) if said else found == ""


def test_the_same_things_on_another_site_are_a_move_and_no_drift():
    moved = [replace(each, url=each.url.replace("defence.example", "new.example")) for each in NEWS[40:]]
    assert later(NEWS[:40], moved) == ""


def test_a_strange_language_that_comes_item_by_item_is_noticed_too():
    usual, lately = profiles_after(NEWS[:40])
    for each in CASINO:
        usual, lately = with_usual_items(usual, [each]), with_items(lately, [each], FADING_LATELY)
    assert "another language" in drift(usual, lately)


def test_what_is_remembered_stays_small():
    usual, _ = profiles_after(NEWS * 20, CHINESE * 20)
    assert (len(usual.words) <= 500, len(usual.hosts) <= 40) == (True, True)
