"""Material changes in a retelling, and the parsers of sums, labels and days."""

from dataclasses import replace
from datetime import date

import pytest

from monitor.model import Mention
from monitor.stories.changes import changes_in, in_words
from monitor.stories.deadlines import SOON, deadlines
from monitor.stories.fingerprint import headline
from monitor.stories.grouping import Match, story_after, with_retelling
from monitor.stories.index import StoryIndex
from monitor.stories.labels import is_correction, is_denial
from monitor.text.sums import sums
from tests.conftest import NOW, event, item, verdict
from tests.stories.test_grouping import hear, judged

EVENT = event(start=0, stop=4, quote="Some", amounts=("$2.5bn",))
TITLE = "Denmark orders 16 F-35 jets"
STORY = story_after(Match("s1"), hear(*judged(TITLE, EVENT, guid="1")), NOW)


def news(title: str = TITLE, official: bool = False, known=STORY, **changes) -> str:
    what = hear(
        item(guid="9", feed="other", title=title),
        verdict(entities=(), **{"event": EVENT} | changes),
        official,
    )
    return in_words(changes_in(what, known, NOW))


@pytest.mark.parametrize(
    ("amount", "said"),
    [("$4bn", "amount: USD 2.5bn → USD 4bn"), ("$2.8bn", ""), ("€9bn", ""), ("2,5 Milliarden Dollar", "")],
)
def test_a_sum_is_news_when_it_differs_by_a_fifth_in_its_currency(amount, said):
    assert news(event=replace(EVENT, amounts=(amount,))) == said


def test_after_an_authority_a_rewrite_is_news_only_with_a_later_step_or_a_denial():
    known = replace(STORY, official=True)
    assert news(known=known, event=replace(EVENT, amounts=("$4bn",))) == ""
    assert news(known=known, event=replace(EVENT, type="talks", stage="talks")) == ""
    later = replace(EVENT, type="delivery", stage="delivery")
    assert news(known=known, event=later) == "stage: contract → delivery"
    assert news("Copenhagen denies ordering jets", known=known) == "denied"


def test_a_denial_is_news_once():
    denied = replace(STORY, steps=(*STORY.steps, "denied"))
    assert news("Copenhagen denies ordering jets", known=denied) == ""


def test_a_listed_party_in_the_title_is_news_once():
    party = Mention(id="ofac:1", name="Acme Shipping", kind="company", quote="Acme Shipping", lists=("ofac",))
    says = verdict(event=EVENT, entities=(party,))
    what = hear(item(guid="9", feed="other", title="Acme Shipping orders jets"), says)
    assert in_words(changes_in(what, STORY, NOW)) == "also names Acme Shipping"
    assert in_words(changes_in(what, replace(STORY, parties=("ofac:1",)), NOW)) == ""


@pytest.mark.parametrize(
    "title",
    ["CORRECTION: Denmark orders jets", "Düzeltme: Bakanlık", "Исправление — Дания", "RETRACTED-Denmark orders",
     "Denmark orders jets (corrected)", "更正：丹麦"],
)  # fmt: skip
def test_a_label_marks_a_correction(title):
    assert is_correction(title)


@pytest.mark.parametrize(
    "title", ["UPDATE 1-Denmark orders jets", "US withdraws sanctions on bank", "Denmark: 16 jets"]
)
def test_another_version_or_a_withdrawal_that_is_the_news_is_no_correction(title):
    assert not is_correction(title)


@pytest.mark.parametrize(
    "title",
    ["Ankara denies S-400 talks", "Анкара опровергает переговоры", "Ankara iddiaları yalanladı", "Berlin dementiert Bericht",
     "أنقرة تنفي المحادثات", "土耳其否认谈判"],
)  # fmt: skip
def test_a_denial_is_known_in_many_languages(title):
    assert is_denial(title)
    assert not is_denial("Denmark orders 16 jets")


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("UPDATE 1-Denmark orders jets", "Denmark orders jets"),
        ("Denmark orders F-35 jets - Reuters", "Denmark orders F-35 jets"),
        ("Denmark orders F-35 jets | Naval News", "Denmark orders F-35 jets"),
        ("Дания заказала самолеты F-35 — ТАСС", "Дания заказала самолеты F-35"),
        ("US imposes sanctions – Iran", "US imposes sanctions – Iran"),
    ],
)
def test_a_publisher_and_a_wires_label_are_no_part_of_a_headline(title, plain):
    assert headline(title) == plain


@pytest.mark.parametrize(
    ("text", "sum"),
    [("$4.5 billion", "USD 4500000000"), ("4,5 Milliarden Dollar", "USD 4500000000"), ("价值65亿美元", "USD 6500000000"),
     ("7 milliards d'euros", "EUR 7000000000"), ("10 млрд долларов", "USD 10000000000"), ("Rs 4,000 crore", "INR 40000000000"),
     ("8 milyar sterlinlik", "GBP 8000000000")],
)  # fmt: skip
def test_a_sum_is_the_same_in_every_language(text, sum):
    assert [str(each) for each in sums(text)] == [sum]


@pytest.mark.parametrize(
    "text",
    [
        "until 28 November",
        "до 28 ноября 2026",
        "bis zum 28.11.2026",
        "28 Kasım'a kadar",
        "by November 28, 2026",
    ],
)
def test_a_deadline_is_read_in_every_language(text):
    assert deadlines(text, NOW) == (date(2026, 11, 28),)


@pytest.mark.parametrize("text", ["on 28 November", "until 31 November", "28 banks", "until 18 April 2026"])
def test_other_days_are_no_deadlines(text):
    assert deadlines(text, NOW) == ()


@pytest.mark.parametrize(
    "text",
    [
        "wind-down until 12 March 2027",
        "expires at 12:01 a.m. eastern daylight time, March 12, 2027",
        "through 11:59 pm on 12 March 2027",
        "bis zum 12. März 2027",
    ],
)
def test_a_deadline_may_be_years_ahead(text):
    assert deadlines(text, NOW) == (date(2027, 3, 12),)
    assert deadlines(text, NOW, SOON) == ()


def test_a_deadline_of_another_clause_is_the_storys():
    title = "Denmark orders 16 F-35 jets; old licence allows wind-down until 12 March 2027"
    story = story_after(Match("s1"), hear(*judged(title, EVENT, guid="1")), NOW)
    assert story.deadlines == ("2027-03-12",)


def test_a_later_report_adds_its_deadline_without_being_news():
    retelling = hear(*judged(f"{TITLE}, offer open until 12 March 2027", EVENT, guid="2"))
    assert changes_in(retelling, STORY, NOW) == ()
    assert with_retelling(Match("s1", STORY), retelling, STORY, NOW).deadlines == ("2027-03-12",)


def test_what_reports_no_act_has_no_deadline():
    assert hear(*judged("Museum shows old jets until 12 March 2027", None, guid="3")).deadlines == ()


def test_what_is_put_over_an_index_leaves_it_as_it_was():
    base = StoryIndex([STORY])
    over = StoryIndex(base=base)
    over.add(replace(STORY, silent=3))
    assert [story.silent for story in over.candidates(STORY.fingerprints[0])] == [3]
    assert [story.silent for story in base.candidates(STORY.fingerprints[0])] == [0]


def test_a_story_that_is_closed_is_found_no_more():
    index = StoryIndex([STORY])
    index.update((), NOW.replace(year=2027))
    assert (index.candidates(STORY.fingerprints[0]), index.of_item(STORY.item_ids[0]), index.versions()) == (
        [],
        None,
        {},
    )
