"""How the news of an item is chosen among all that it tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match.events.choose import COMMENTARY, choose, comments
from tests.match.events.test_find import event
from tests.match.seeds import ENGINE


def test_the_first_act_of_the_title_leads_however_grave_another_is():
    first = event("talks", severity=2, start=0)
    graver = event("delivery", severity=5, start=30)
    assert choose([graver, first])[0] == first


def test_the_title_leads_before_the_text():
    title, text = event("talks", severity=2), event("delivery", field="summary", severity=5)
    assert choose([text, title])[0] == title


def test_without_an_act_in_the_title_the_first_done_act_of_the_text_leads():
    planned = event("interest", field="summary", start=3, status="future")
    done = event("delivery", field="summary", start=40)
    assert choose([event("contract", field="summary", start=90), done, planned])[0] == done


@pytest.mark.parametrize("status", ["future", "wished", "threatened"])
def test_a_title_may_lead_with_what_is_not_done(status):
    assert choose([event("proposed", status=status)])[0].status == status


@pytest.mark.parametrize("status", ["denied", "asked", "recalled"])
def test_what_a_title_denies_asks_or_recalls_is_no_news_and_leaves_none_to_the_text(status):
    main, background = choose([event("imposed", status=status), event("delivery", field="summary")])
    assert main is None
    assert [each.why for each in background] == [status, "beside the main event"]


@pytest.mark.parametrize(
    "older",
    [
        {"background": True, "why": "tells of 2017", "year": 2017},
        {"background": True, "why": "a standing state"},
        {"background": True, "why": 'told as what came before ("after …")', "field": "summary"},
    ],
)
def test_what_is_recalled_or_standing_is_never_the_news(older):
    main, background = choose([event("imposed", severity=5, **older)])
    assert main is None
    assert [(each.type, each.background, each.why) for each in background] == [
        ("imposed", True, older["why"])
    ]


def test_an_act_that_a_title_tells_only_behind_after_is_background():
    beside = event("lifted", background=True, why='told as what came before ("after …")')
    assert choose([beside])[0] is None
    assert choose([beside, event("talks", start=40)])[0].type == "talks"


def test_a_commentary_is_a_commentary_whatever_it_tells():
    main, background = choose([event(), event(COMMENTARY, severity=1)])
    assert main.type == COMMENTARY
    assert [each.type for each in background] == ["contract"]


def test_a_title_that_comments_leaves_no_news():
    assert choose([event()], comments=True)[0] is None


def test_the_same_event_told_again_is_no_background():
    again = [event(field="summary"), event("bought", stage="contract", field="summary")]
    main, background = choose([event(stage="contract"), *again])
    assert (main.type, background) == ("contract", ())


def test_another_event_stands_beside_the_main_one():
    assert [each.why for each in choose([event(), event("talks", start=9)])[1]] == ["beside the main event"]


@pytest.mark.parametrize(
    ("title", "comment"),
    [
        ("Why did Oslo order new frigates?", True),
        ("How arms sales fuel a war", True),
        ("Warum Oslo neue Fregatten bestellt", True),
        ("Почему Осло заказал фрегаты", True),
        ("Oslo neden firkateyn sipariş etti", True),
        ("¿Compra Oslo fragatas?", True),
        ("Oslo orders new frigates", False),
        ("Осло заказал новые фрегаты", False),
    ],
)
def test_titles_that_ask_or_explain_comment(title, comment):
    assert comments(ENGINE.annotate(title), ENGINE.tables) is comment


EVENTS = st.builds(
    event,
    st.sampled_from(["contract", "talks", "imposed", COMMENTARY]),
    field=st.sampled_from(["title", "summary"]),
    start=st.integers(0, 50),
    severity=st.integers(0, 5),
    stage=st.sampled_from(["", "talks", "contract"]),
    status=st.sampled_from(["done", "future", "denied", "recalled"]),
    background=st.booleans(),
    why=st.sampled_from(["", "tells of 2017", 'told as what came before ("after …")']),
)


@given(st.lists(EVENTS, max_size=6))
def test_the_news_is_one_of_what_was_told_and_the_rest_is_background(events):
    main, background = choose(events)
    assert all(each.background and each.why for each in background)
    assert len(background) + (main is not None) <= max(len(events), 1)
    if main:
        assert not main.background
        assert main.type in {each.type for each in events}
        assert main.type == COMMENTARY or main.status in {"done", "future"}
