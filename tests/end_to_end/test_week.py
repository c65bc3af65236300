"""A week of feeds that do what feeds do: nobody is paged by a storm, and nothing is lost without a word."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.shared import shared_value
from tests.support.simulation import BEGIN, BEHAVIOURS, Source, Week, run

GAP = timedelta(seconds=2)

#: The incidents that a week of each behaviour opens; nothing else is reported to an operator.
REPORTED = {
    "dump": {"burst"},
    "frozen": {"silent"},
    "hijacked": {"drift", "gap"},
    "broken": {"failing"},
    "gone": {"failing", "gap"},
    "quiet": {"silent"},
    "scrolled": {"gap"},
    "moved": {"moved"},
    "emptied": {"failing"},
}

#: Whether a quiet spell is unusual depends on the spells before: from this length on it may be reported.
QUIET_SPELL = timedelta(hours=12)

#: What hangs on the minute at which a feed is asked: whether after a day without an answer the window still
#: reaches back, whether six hours of refusals are one in a row or two.
MAYBE = {"broken": {"gap"}, "emptied": {"gap"}, "throttled": {"failing"}, "frozen": {"silent"}}


def assert_invariants(week: Week, sources: list[Source]) -> None:
    """Check what must hold of any week, whatever the sources did and whenever they were asked."""
    assert week.closest >= GAP
    for source in sources:
        alerted_titles = week.alerted_titles(source.name)
        assert all(times == 1 for times in alerted_titles.values()), source
        published = {entry.title for entry in source.entries}
        assert alerted_titles.keys() <= published, source
        unseen = week.unseen.get(source.name, ())
        if unseen:
            assert week.kinds(source.name), f"{source.name} lost {len(unseen)} without a word"


def longest_quiet_spell(source: Source) -> timedelta:
    """Return how long a source published nothing at the longest, within the week."""
    end = BEGIN + timedelta(days=7)
    times = (BEGIN, *(entry.at for entry in source.entries if BEGIN < entry.at < end), end)
    return max(later - earlier for earlier, later in pairwise(times))


@pytest.fixture(scope="session")
def week(tmp_path_factory: pytest.TempPathFactory) -> tuple[Week, dict[str, Source]]:
    sources = [Source(does, f"{does}.example", does) for does in BEHAVIOURS]
    folder = tmp_path_factory.mktemp("week")
    made = shared_value(tmp_path_factory, "week", lambda: anyio.run(lambda: run(folder, sources, every="4h")))
    return made, {each.name: each for each in sources}


def test_every_week_keeps_the_invariants(week: tuple[Week, dict[str, Source]]) -> None:
    assert_invariants(week[0], list(week[1].values()))


@pytest.mark.parametrize("does", BEHAVIOURS)
def test_each_behaviour_is_reported_as_what_it_is_or_not_at_all(
    does: str, week: tuple[Week, dict[str, Source]]
) -> None:
    kinds, reported = week[0].kinds(does), REPORTED.get(does, set())
    has_quiet_spell = longest_quiet_spell(week[1][does]) >= QUIET_SPELL
    maybe = MAYBE.get(does, set()) | ({"silent"} if has_quiet_spell else set())
    assert kinds - maybe == reported - maybe


@pytest.mark.parametrize("does", sorted(BEHAVIOURS.keys() - {"hijacked", "gone", "scrolled"}))
def test_all_news_that_a_feed_listed_to_us_is_reported_whatever_else_it_does(
    does: str, week: tuple[Week, dict[str, Source]]
) -> None:
    unseen = week[0].unseen.get(does, ())
    news = {
        entry.title
        for entry in week[1][does].entries
        if entry.news and BEGIN < entry.at <= BEGIN + timedelta(days=6) and entry not in unseen
    }
    assert len(news) >= 5
    assert news <= week[0].alerted_titles(does).keys()


def test_a_hijacked_feed_raises_no_alert_after_the_takeover(week: tuple[Week, dict[str, Source]]) -> None:
    turned = {entry.title for entry in week[1]["hijacked"].entries if entry.at <= BEGIN + timedelta(days=3)}
    assert week[0].alerted_titles("hijacked").keys() <= turned


def test_our_own_outage_is_one_incident_and_no_feed_is_blamed(week: tuple[Week, dict[str, Source]]) -> None:
    assert [each.kind for each in week[0].incidents if each.subject == ""] == ["offline"]
    assert week[0].kinds("steady") <= {"silent"}


SOURCES = st.lists(
    st.builds(
        Source,
        name=st.sampled_from([f"f{n}" for n in range(12)]),
        host=st.sampled_from(["a.example", "b.example"]),
        does=st.sampled_from(sorted(BEHAVIOURS)),
        daily=st.floats(2, 30),
        window=st.integers(5, 40),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda source: source.name,
)


ANY = given(SOURCES, st.sampled_from(["1h", "3h", "6h"]), st.booleans())


def assert_week_keeps_invariants(sources: list[Source], every: str, outage: bool) -> None:
    with TemporaryDirectory() as folder:
        assert_invariants(
            anyio.run(lambda: run(Path(folder), sources, days=5, every=every, outage=outage)), sources
        )


@pytest.mark.slow
@pytest.mark.timeout(1800)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@ANY
def test_forty_schedules_of_any_sources_keep_the_promises(
    sources: list[Source], every: str, outage: bool
) -> None:
    assert_week_keeps_invariants(sources, every, outage)
