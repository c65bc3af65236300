"""`silence`, `unsubscribed`, `feedback`: how people control their alerts."""

from datetime import timedelta

import pytest

from monitor.clock import utc_now
from monitor.model import Action, Unsubscription
from monitor.store import open_store
from tests.support.commands import Cli


def alert_id(cli: Cli) -> str:
    rows = cli("outbox", "list", "--json").data
    return next(str(row["ref"]) for row in rows if row["kind"] == "alert")


def story_id(cli: Cli) -> str:
    store = open_store("monitor.db", lock=False)
    alert = store.alert(alert_id(cli))
    store.close()
    assert alert
    return alert.story


def test_a_silence_is_added_listed_and_ended(sampled: Cli) -> None:
    story = story_id(sampled)
    added = sampled(
        "silence", "add", "--story", story, "--reason", "we know", "--for", "7d", "--who", "jan", "--json"
    )
    assert added.code == 0
    assert (added.data["story"], added.data["reason"], added.data["who"]) == (story, "we know", "jan")
    assert sampled("silence", "list", "--json").data == [added.data]
    for word in (f"story {story}", "jan", "we know", added.data["expires_at"]):
        assert word in sampled("silence", "list").flat
    ended = sampled("silence", "end", added.data["id"][:6])
    assert ended.out == f"silence {added.data['id'][:10]} ended: story {story}\n"
    assert sampled("silence", "list").out == "no silences\n"
    assert sampled("silence", "list", "--all", "--json").data[0]["ended_at"] is not None
    assert sampled("silence", "end", added.data["id"]).code == 2


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--story", "s1", "--for", "7d"), "Missing option '--reason'"),
        (("--story", "s1", "--reason", "we know"), "Missing option '--for'"),
        (("--story", "s1", "--reason", " ", "--for", "7d"), "a silence needs a reason"),
        (("--story", "s1", "--reason", "x", "--for", "soon"), "is no duration"),
        (("--story", "s1", "--reason", "x", "--for", "0s"), "needs a time"),
        (("--reason", "x", "--for", "7d"), "say what to silence"),
    ],
)
def test_a_silence_needs_a_reason_an_end_and_something_to_silence(
    sampled: Cli, args: tuple[str, ...], said: str
) -> None:
    answer = sampled("silence", "add", *args)
    assert answer.code == 2
    assert said in answer.err
    assert sampled("silence", "list").out == "no silences\n"


@pytest.mark.parametrize(
    ("criterion", "value", "said"),
    [
        ("story", "s1", "no story 's1'"),
        ("feed", "sampel", "no feed 'sampel'; did you mean sample?"),
        ("entity", "country:XX", "no entity 'country:XX'; did you mean country:"),
        ("entity", "Presidency of Defense Industries", "did you mean Presidency of Defence Industries?"),
        ("entity", "zzz:1", "no entity 'zzz:1'"),
        ("event", "imposd", "no event 'imposd'; did you mean imposed?"),
        ("topic", "oil", "no topic 'oil'; there are arms, sanctions"),
    ],
)
def test_a_silence_of_what_does_not_exist_is_refused(
    criterion: str, value: str, said: str, sampled: Cli
) -> None:
    answer = sampled("silence", "add", f"--{criterion}", value, "--reason", "x", "--for", "7d")
    assert answer.code == 2
    assert said in " ".join(answer.err.replace("│", " ").split())
    assert sampled("silence", "list").out == "no silences\n"


@pytest.mark.parametrize(
    ("criterion", "value", "stored"),
    [
        ("feed", "sample", "sample"),
        ("entity", "country:UK", "country:GB"),
        ("entity", "Russia", "Russia"),
        ("event", "imposed", "imposed"),
        ("topic", "arms", "arms"),
        ("words", "anything at all", "anything at all"),
    ],
)
def test_a_silence_of_what_exists_is_added(criterion: str, value: str, stored: str, sampled: Cli) -> None:
    added = sampled("silence", "add", f"--{criterion}", value, "--reason", "x", "--for", "7d", "--json")
    assert (added.code, added.data[criterion]) == (0, stored)


def test_a_silence_says_what_it_would_have_suppressed_lately(sampled: Cli) -> None:
    store = open_store("monitor.db", lock=False)
    alerts = store.alerts(utc_now() - timedelta(days=1), utc_now())
    store.close()
    arms = [each for each in alerts if "arms" in each.verdict.topics]
    answer = sampled(
        "silence", "add", "--topic", "arms", "--through", "6", "--no-flips", "--reason", "x", "--for", "7d"
    )
    assert f"in the last 30 days it would have suppressed {len(arms)} of {len(alerts)} alerts" in answer.flat
    assert 0 < len(arms) < len(alerts)
    assert all(" ".join(each.item.title.split()) in answer.flat for each in arms[-10:])


def test_who_unsubscribed_is_listed_and_may_be_taken_back(sampled: Cli) -> None:
    assert sampled("unsubscribed", "list").out == "nobody has unsubscribed\n"
    store = open_store("monitor.db", lock=False)
    store.unsubscribe(Unsubscription("desk", "a@example.org", utc_now(), "by one click"))
    store.close()
    (row,) = sampled("unsubscribed", "list", "--json").data
    assert (row["channel"], row["recipient"], row["how"]) == ("desk", "a@example.org", "by one click")
    assert "a@example.org" in sampled("unsubscribed", "list").out
    assert sampled("unsubscribed", "end", "desk", "b@example.org").code == 2
    assert sampled("unsubscribed", "end", "desk", "a@example.org").code == 0
    assert sampled("unsubscribed", "list", "--json").data == []


def test_an_alert_is_acknowledged_and_marked_by_hand(sampled: Cli) -> None:
    id = alert_id(sampled)
    assert sampled("feedback", "list").out == "no feedback yet\n"
    assert sampled("feedback", "add", id[:8], "acknowledge", "--who", "jan").code == 0
    assert sampled("feedback", "add", id, "noise", "--who", "jan").code == 0
    assert sampled("feedback", "add", id, "relevant", "--who", "jan").code == 0  # thought better of it
    rows = sampled("feedback", "list", "--json").data
    assert [(row["alert"], row["act"], row["who"]) for row in rows] == [
        (id, "acknowledge", "jan"),
        (id, "relevant", "jan"),
    ]
    assert sampled("feedback", "add", id, "nonsense").code == 2
    assert sampled("feedback", "add", "zzz", "noise").code == 2


def test_feedback_gives_the_precision_of_each_rule(sampled: Cli) -> None:
    assert sampled("feedback", "stats").out == "no feedback yet\n"
    store = open_store("monitor.db", lock=False)
    alert = store.alert(alert_id(sampled))
    assert alert is not None
    rule = alert.verdict.rules[0]
    for who, mark in (
        ("a", "relevant"),
        ("b", "relevant"),
        ("c", "noise"),
        ("d", "wrong_entity"),
        ("e", "duplicate"),
    ):
        store.add_action(Action(alert.id, mark, "desk", who, utc_now()))
    store.add_action(Action(alert.id, "acknowledge", "desk", "a", utc_now()))
    store.close()
    rows = {row["rule"]: row for row in sampled("feedback", "stats", "--json").data}
    assert rows[rule] == {
        "rule": rule,
        "precision": 0.5,
        "relevant": 2,
        "noise": 1,
        "duplicate": 1,
        "wrong_entity": 1,
    }
    assert "50%" in sampled("feedback", "stats", "--days", "1").flat
