"""Routing: the placement of a verdict, and the routes and channels of an alert."""

import tomllib
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.routing import (
    Route,
    channel_targets_for,
    channels_for,
    decide,
    lowered,
    route_trace,
    table_of,
    would_move,
)
from monitor.errors import ConfigError
from monitor.model import (
    ChannelTarget,
    Credibility,
    Decision,
    Mention,
    Placement,
    Recipient,
    Subscription,
)
from monitor.resources import SEEDS
from tests.conftest import NOW, alert, item, verdict

TEXT = (SEEDS / "scoring.toml").read_text("utf-8")
TABLE = table_of(tomllib.loads(TEXT), "scoring.toml")

#: severity → by credibility A, B, C, D; "!" for UNCONFIRMED.
CELLS = {
    5: ("now", "now", "now!", "top!"),
    4: ("now", "now", "top", "digest"),
    3: ("top", "top", "digest", "tail"),
    2: ("digest", "digest", "tail", "archive"),
    1: ("digest", "digest", "tail", "archive"),
    0: ("digest", "digest", "tail", "archive"),
}
ROUTES = st.builds(
    Route,
    st.just("r"),
    st.lists(st.sampled_from(["desk", "hook", "slack"]), max_size=3).map(tuple),
    topics=st.lists(st.sampled_from(["arms", "sanctions"]), max_size=2).map(tuple),
    min_severity=st.integers(0, 5),
    at_least=st.sampled_from(Placement),
    continue_=st.booleans(),
)


def believed(letter: str, severity: int, **changes: object):
    event = replace(verdict().event, severity=severity) if severity else None
    return verdict(event=event, credibility=Credibility(letter, 50, ("a source",)), **changes)


@pytest.mark.parametrize("severity", CELLS)
@pytest.mark.parametrize(("letter", "column"), list(zip("ABCD", range(4), strict=True)))
def test_severity_and_credibility_say_where_a_verdict_belongs(severity, letter, column):
    cell = CELLS[severity][column]
    decision = decide(believed(letter, severity), TABLE)
    assert decision.placement is Placement[cell.rstrip("!").upper()]
    assert decision.unconfirmed is cell.endswith("!")
    assert decision.because == f"severity {severity}, credibility {letter}"


def test_what_is_only_possible_is_a_line_at_the_end_of_the_digest():
    decision = decide(believed("A", 5, topics=(), possible=("arms",)), TABLE)
    assert (decision.placement, decision.because) == (
        Placement.TAIL,
        "relevance below the threshold, but possible",
    )


def test_what_is_not_ours_is_archived_however_grave():
    decision = decide(believed("A", 5, topics=(), possible=()), TABLE)
    assert (decision.placement, decision.because) == (Placement.ARCHIVE, "relevance below the threshold")


@given(st.sampled_from("ABC"), st.integers(0, 4))
def test_more_credible_or_graver_is_never_less_urgent(letter, severity):
    here = decide(believed(letter, severity), TABLE).placement
    assert here >= decide(believed(chr(ord(letter) + 1), severity), TABLE).placement
    assert here <= decide(believed(letter, severity + 1), TABLE).placement


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[routing]", "[routes]", "a table [routing] is expected"),
        ('3 = { A = "top"', '33 = { A = "top"', "3: a placement for each of A, B, C, D is expected"),
        ('3 = { A = "top", ', "3 = { ", "3.A: '' is none of archive, tail, digest, top, now"),
        ('D = "top!"', 'D = "soon!"', "5.D: 'soon!' is none of archive, tail, digest, top, now"),
        ('D = "top!"', 'D = "top!!"', "5.D: 'top!!' is none of archive, tail, digest, top, now"),
        ('D = "top!"', "D = 4", "5.D: '4' is none of archive, tail, digest, top, now"),
    ],
)
def test_a_mistake_in_the_table_is_named(old, new, says):
    assert old in TEXT
    with pytest.raises(ConfigError) as caught:
        table_of(tomllib.loads(TEXT.replace(old, new, 1)), "scoring.toml")
    assert str(caught.value).startswith(f"scoring.toml: routing: {says}")


@pytest.mark.parametrize(
    ("route", "fits"),
    [
        ({}, True),
        ({"events": ("contract", "talks")}, True),
        ({"events": ("delivery",)}, False),
        ({"stages": ("contract",)}, True),
        ({"stages": ("talks",)}, False),
        ({"polarity": ("acquire",)}, True),
        ({"polarity": ("impose",)}, False),
        ({"credibility": "B"}, True),
        ({"credibility": "C"}, True),
        ({"credibility": "A"}, False),
        ({"entities": ("watch:ssb", "weapon:howitzer")}, True),
        ({"entities": ("watch:ssb",)}, False),
        ({"tiers": ("wire", "official")}, True),
        ({"tiers": ("official",)}, False),
        ({"languages": ("tr", "en")}, True),
        ({"languages": ("tr",)}, False),
        ({"countries": ("SE",)}, True),
        ({"countries": ("US", "PL")}, True),
        ({"countries": ("DE",)}, False),
        ({"topics": ("arms",)}, True),
        ({"topics": ("sanctions", "arms")}, True),
        ({"topics": ("sanctions",)}, False),
        ({"feeds": ("wire",)}, True),
        ({"feeds": ("other",)}, False),
        ({"min_severity": 4}, True),
        ({"min_severity": 5}, False),
        ({"at_least": Placement.TOP}, True),
        ({"at_least": Placement.NOW}, True),
        ({"topics": ("arms",), "feeds": ("other",)}, False),
    ],
)
def test_a_route_takes_what_fits_all_it_asks(route, fits):
    event = replace(verdict().event, buyer="country:PL")
    parties = (
        Mention(
            id="weapon:howitzer",
            name="howitzer",
            kind="weapon",
            quote="howitzers",
            lists=(),
            countries=("DE",),
        ),
        Mention(
            id="ofac-sdn:1",
            name="A maker",
            kind="company",
            quote="Maker",
            lists=("ofac-sdn",),
            countries=("SE",),
        ),
    )
    raised = alert(verdict=verdict(event=event, entities=parties), item=item(lang="en-GB"), tier="wire")
    assert Route("r", ("desk",), **route).fits(raised) is fits
    assert bool(Route("r", ("desk",), **route).refusals(raised)) is not fits


def test_a_list_is_asked_for_by_its_name():
    named = Mention(
        id="ofac-sdn:1", name="A maker", kind="company", quote="Maker", lists=("ofac-sdn", "watch:makers")
    )
    raised = alert(verdict=verdict(entities=(named,)))
    for name in ("ofac-sdn", "watch:makers", "ofac-sdn:1"):
        assert Route("r", ("desk",), entities=(name,)).fits(raised)
    assert not Route("r", ("desk",), entities=("un",)).fits(raised)


def test_a_route_with_a_cadence_takes_the_alert_without_sending_it_at_once():
    weekly = Subscription(name="route:a", at="08:00", zone="UTC", channels=("desk",), days=(1,), every="week")
    routes = [Route("a", ("desk",), digest=weekly), Route("b", ("hook",))]
    assert channels_for(alert(), routes) == ()
    assert [stop.taken for stop in route_trace(alert(), routes)] == [True, False]


RECIPIENTS = (
    Recipient(name="ayse", addresses=(("desk", "ayse@x.example"),), immediate=True),
    Recipient(
        name="bo",
        addresses=(("desk", "bo@x.example"), ("hook", "")),
        plain=True,
        immediate=True,
        topics=("arms",),
    ),
    Recipient(name="cem", addresses=(("desk", "cem@x.example"),), immediate=True, topics=("sanctions",)),
    Recipient(name="dana", addresses=(("desk", "dana@x.example"),)),
)
CHANNELS = {"desk": ChannelTarget("desk", "mail", ("all@x.example",)), "hook": ChannelTarget("hook", "json")}


def test_recipients_with_immediate_alerts_get_them_at_their_own_address():
    channel_targets = list(channel_targets_for(alert(), [Route("r", ("hook",))], RECIPIENTS, CHANNELS))
    assert channel_targets == [
        ChannelTarget("hook", "json"),
        ChannelTarget("desk", "mail", ("ayse@x.example",)),
        ChannelTarget("desk", "mail", ("bo@x.example",), plain=True),
        ChannelTarget("hook", "json", ("",), plain=True),
    ]
    quiet = alert(decision=Decision(Placement.TOP, ""))
    assert list(channel_targets_for(quiet, [], RECIPIENTS, CHANNELS)) == []


def test_a_route_takes_only_what_is_urgent_unless_it_says_otherwise():
    quiet = alert(decision=Decision(Placement.TOP, "severity 3, credibility A"))
    assert not Route("r", ("desk",)).fits(quiet)
    assert Route("r", ("desk",), at_least=Placement.DIGEST).fits(quiet)


def test_the_first_route_that_fits_ends_the_search():
    routes = [Route("a", ("desk",), topics=("sanctions",)), Route("b", ("hook",)), Route("c", ("slack",))]
    assert channels_for(alert(), routes) == ("hook",)


def test_a_route_with_continue_lets_later_routes_fit_too():
    routes = [
        Route("a", ("desk", "hook"), continue_=True),
        Route("b", ("hook", "slack"), continue_=True),
        Route("c", ("desk",)),
    ]
    assert channels_for(alert(), routes) == ("desk", "hook", "slack")


def test_an_alert_that_no_route_fits_goes_to_no_channel():
    assert channels_for(alert(), []) == ()
    assert channels_for(alert(), [Route("a", ("desk",), min_severity=5)]) == ()


@given(st.lists(ROUTES, max_size=5), st.lists(ROUTES, max_size=3))
def test_channels_are_named_once_and_by_routes_that_fit(routes, more):
    raised = alert()
    channels = channels_for(raised, routes)
    assert len(set(channels)) == len(channels)
    assert set(channels) <= {name for route in routes if route.fits(raised) for name in route.channels}
    assert channels_for(raised, [*routes, *more])[: len(channels)] == channels


def test_every_reason_against_a_route_is_named():
    route = Route(
        "r", ("desk",), topics=("sanctions",), feeds=("ofac",), min_severity=5, at_least=Placement.NOW
    )
    quiet = alert(decision=Decision(Placement.DIGEST, ""))
    assert route.refusals(quiet) == (
        "placement digest is below now",
        "severity 4 is below 5",
        "topic arms is not sanctions",
        "feed wire is not ofac",
    )
    picky = Route(
        "r",
        (),
        events=("talks",),
        entities=("watch:ssb",),
        countries=("TR",),
        credibility="A",
        tiers=("wire",),
    )
    assert picky.refusals(alert()) == (
        "credibility B is below A",
        "event contract is not talks",
        "source tier none is not wire",
        "names no entity watch:ssb",
        "names no country TR",
    )
    assert Route("r", ("desk",)).refusals(alert()) == ()


def test_routes_after_one_that_fits_are_not_asked_unless_it_continues():
    routes = [
        Route("a", ("x",), continue_=True),
        Route("b", ("x",), min_severity=5),
        Route("c", ("y",)),
        Route("d", ()),
    ]
    stops = list(route_trace(alert(), routes))
    assert [(stop.asked, stop.taken) for stop in stops] == [
        (True, True),
        (True, False),
        (True, True),
        (False, False),
    ]
    assert channels_for(alert(), routes) == ("x", "y")


def test_an_explanation_names_what_would_change_the_placement():
    assert list(would_move(verdict(), TABLE)) == [
        "severity 3 or credibility C would place it: top",
        "credibility D would place it: digest",
    ]
    assert list(would_move(verdict(topics=()), TABLE)) == []


def test_what_lowers_a_decision_stands_in_a_field_of_its_own_and_ends_its_reasons():
    now, week = Decision(Placement.NOW, "severity 4, credibility B"), timedelta(days=7)
    doubted = lowered(now, item(), week, doubt="one of a burst; odd")
    assert (doubted.placement, doubted.doubt) == (Placement.DIGEST, "one of a burst; odd")
    assert doubted.because == "severity 4, credibility B; one of a burst; odd"
    old = lowered(now, item(published_at=NOW - timedelta(days=30)), week, first_poll=True)
    assert (old.placement, old.doubt, old.from_backlog) == (Placement.ARCHIVE, "", True)


def test_a_doubt_that_lowers_nothing_is_not_kept():
    tail = Decision(Placement.TAIL, "relevance below the threshold, but possible")
    assert lowered(tail, item(), None, doubt="one of a burst") == tail
