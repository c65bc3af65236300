"""`outbox`: deliveries, their recipients and every attempt."""

import pytest

from monitor.store import open_store
from tests.conftest import delivery
from tests.support.commands import Cli

OWED = delivery(id="aaaa1111", channel="hook", reason="mail.example answered '451' at rcpt", attempts=2)


@pytest.fixture
def owing(sampled: Cli) -> Cli:
    """The sample, and one delivery owed."""
    store = open_store("monitor.db", lock=True)
    store.add_deliveries([OWED])
    store.close()
    return sampled


def ids(cli: Cli, *args: str) -> list[str]:
    return [row["id"] for row in cli("outbox", "list", "--json", *args).data]


def state(cli: Cli, id: str) -> tuple[str, str]:
    shown = cli("outbox", "show", id, "--json").data
    return shown["state"], shown["note"]


def test_deliveries_are_listed_newest_first(owing: Cli) -> None:
    rows = owing("outbox", "list", "--json").data
    assert len(rows) == 12
    assert rows[0]["id"] == "aaaa1111"
    assert [row["kind"] for row in rows[1:]] == ["digest", *["alert"] * 10]
    answer = owing("outbox", "list", "--limit", "2")
    assert len(answer.out.splitlines()) == 3


def test_only_some_states_are_listed_if_asked(owing: Cli) -> None:
    assert ids(owing, "--state", "owed") == ["aaaa1111"]
    assert len(ids(owing, "--state", "sent")) == 11
    assert len(ids(owing, "--state", "sent", "--state", "owed")) == 12
    assert owing("outbox", "list", "--state", "dead").out == "nothing in the outbox\n"


def test_a_list_says_what_is_owed_and_why_it_waits(owing: Cli) -> None:
    answer = owing("outbox", "list", "--state", "owed")
    for word in ("aaaa1111", "owed", "hook", "2026-11-23T09:00:00Z", "2", "A subject", OWED.reason):
        assert word in answer.flat


def test_one_delivery_is_shown_with_its_words_and_attempts(sampled: Cli) -> None:
    (id,) = [row["id"] for row in sampled("outbox", "list", "--json").data if row["kind"] == "digest"]
    answer = sampled("outbox", "show", id[:6])
    assert answer.code == 0
    assert "[Digest]" in answer.out.splitlines()[0]
    assert "attempt 1 at " in answer.flat
    assert "came to done: sent" in answer.flat
    data = sampled("outbox", "show", id, "--json").data
    assert (data["id"], data["state"], data["attempts"]) == (id, "sent", 1)
    assert [attempt["outcome"] for attempt in data["attempts_made"]] == ["sent"]
    assert "OFAC adds 14 shipping companies" in data["text"]
    assert data["data"]["type"] == "digest"


def test_a_delivery_is_made_due_now(owing: Cli) -> None:
    answer = owing("outbox", "retry", "aaaa")
    assert (answer.code, answer.out) == (0, "due now; a running service sends it within seconds\n")
    assert state(owing, "aaaa1111")[0] == "owed"
    assert owing("outbox", "list", "--state", "owed", "--json").data[0]["due_at"] > "2026-11-23T09:00:00Z"


def test_a_delivery_is_given_up_for_a_reason(owing: Cli) -> None:
    answer = owing("outbox", "discard", "aaaa1111", "--reason", "sent by hand")
    assert (answer.code, answer.out) == (0, "discarded\n")
    assert state(owing, "aaaa1111") == ("discarded", "sent by hand")
    assert owing("outbox", "retry", "aaaa1111").code == 0
    assert state(owing, "aaaa1111")[0] == "owed"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["show", "ffff"], "no delivery 'ffff'; see `sanctions-monitor outbox list`"),
        (["retry", "ffff"], "no delivery 'ffff'; see `sanctions-monitor outbox list`"),
        (["discard", "ffff", "--reason", "x"], "no delivery 'ffff'; see `sanctions-monitor outbox list`"),
        (["discard", "aaaa1111"], "Missing option '--reason'"),
        (
            ["list", "--state", "lost"],
            "no state 'lost'; there are owed, leased, sent, uncertain, dead, discarded",
        ),
    ],
)
def test_what_names_nothing_is_a_mistake_of_usage(args: list[str], said: str, owing: Cli) -> None:
    answer = owing("outbox", *args)
    assert answer.code == 2
    assert said in " ".join(answer.err.replace("│", " ").split())


@pytest.mark.parametrize("command", [["retry"], ["discard", "--reason", "x"]])
def test_what_was_sent_stays_sent(command: list[str], sampled: Cli) -> None:
    id = ids(sampled, "--limit", "1")[0]
    answer = sampled("outbox", command[0], id, *command[1:])
    assert answer.code == 2
    assert "deliveries sent or under way stay as they are" in answer.err
    assert state(sampled, id)[0] == "sent"
