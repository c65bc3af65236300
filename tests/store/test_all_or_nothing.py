"""A commit that does not end well never happened, on every database."""

import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from monitor.model import Message, PollOutcome
from monitor.store import SqlStore, open_store
from tests.conftest import NOW, alert, delivery, item
from tests.store.builders import feed, full, state_of, stored, stories_of
from tests.support.archive import found

ROOT = Path(__file__).parents[2]
LATER = NOW + timedelta(hours=1)


def unwritable_in_json(poll: PollOutcome) -> PollOutcome:
    return replace(poll, deliveries=(delivery(message=Message(subject="s", text="t", data={"a": object()})),))


def unwritable_moment(poll: PollOutcome) -> PollOutcome:
    return replace(poll, deliveries=(delivery(due_at=NOW.replace(tzinfo=None)),))


def alert_without_item(poll: PollOutcome) -> PollOutcome:
    return replace(poll, alerts=(alert(item=item(guid="never stored")),))


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (unwritable_in_json, Exception),
        (unwritable_moment, Exception),
        (alert_without_item, IntegrityError),
    ],
)
def test_a_mistake_in_the_middle_undoes_everything(store: SqlStore, spoil: Any, error: type[Exception]):
    names = ("a", "b", "c")
    store.enrol([feed(name) for name in names], NOW)
    before = store.feed_states()
    polls = [full(state_of(store, name), name) for name in names]
    with pytest.raises(error):
        store.commit([polls[0], spoil(polls[1]), polls[2]])
    assert store.feed_states() == before
    assert store.deliveries() == ()
    assert store.last_seq() == 0
    assert stories_of(store) == {}
    assert store.counts(NOW, LATER).read == 0
    assert store.next_due() == NOW
    assert store.commit(polls) == names


WRITER = """
import sys
from sqlalchemy import event
from monitor.store import open_store
from tests.store.builders import full, state_of

store = open_store(sys.argv[1], lock=True)

def stop(connection, cursor, statement, *rest):
    if statement.startswith(sys.argv[2]):
        print("in the middle", flush=True)
        sys.stdin.read()

event.listen(store.database.engine, "after_cursor_execute", stop)
store.commit([full(state_of(store))])
"""


def test_a_writer_killed_before_the_end_leaves_nothing_half_written(url: str):
    """Killed when the last statement was executed and the transaction not yet committed."""
    with_feed = open_store(url, lock=True)
    with_feed.enrol([feed()], NOW)
    with_feed.close()
    writer = [sys.executable, "-c", WRITER, url, "INSERT INTO deliveries"]
    with subprocess.Popen(
        writer, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "in the middle\n"
        process.kill()
    assert process.returncode == -signal.SIGKILL
    store = open_store(url, lock=True)
    assert state_of(store).version == 0
    assert stored(store, item()) == []
    assert store.deliveries() == ()
    assert stories_of(store) == {}
    assert store.commit([full(state_of(store))]) == ("wire",)
    assert found(store, "howitzers") == full(state_of(store)).judged
    store.close()
