"""Erasing a person leaves nothing of theirs, and the account of all deliveries whole."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Text, cast, select

from monitor.model import (
    Action,
    ActionKind,
    Assignment,
    AuditEntry,
    ChannelState,
    DeliveryState,
    Message,
    Note,
    Role,
    SavedView,
    Silence,
    StoryAssignment,
    StoryChanges,
    Undo,
    Unsubscription,
    User,
)
from monitor.store import SqlStore
from monitor.store.tables import metadata
from tests.conftest import NOW, alert, delivery, item
from tests.store.builders import feed, outcome, state_of

HOUR = timedelta(hours=1)
PERSON, OTHER = "Ayse@x.example", "bo@x.example"


@pytest.fixture
def filled(store: SqlStore) -> SqlStore:
    """A store in which one person has left traces everywhere."""
    store.enrol([feed()], NOW)
    raised = alert(item=item())
    store.commit([outcome(state_of(store), item(), alerts=(raised,))])
    message = Message(subject="For you", text="https://desk.example/a/acknowledge")
    store.add_deliveries(
        [
            delivery(id="sent", recipient=PERSON, ref=raised.id, message=message),
            delivery(id="pending", recipient=PERSON.lower(), channel="b", message=message),
            delivery(id="others", recipient=OTHER, channel="b", message=message),
        ]
    )
    (leased,) = store.lease("desk", NOW, NOW + HOUR)
    store.close_delivery(leased, NOW, state=DeliveryState.DEAD, reason=f"550 no mailbox {PERSON}", code="550")
    store.add_action(Action(raised.id, ActionKind.NOISE, "desk", PERSON, NOW))
    store.unsubscribe(Unsubscription("desk", PERSON, NOW, "by link"))
    store.add_silence(Silence(id="s", who=PERSON, reason="holiday", created_at=NOW, expires_at=NOW + HOUR))
    store.put_user(User(name=PERSON, role=Role.EDIT, password_hash="x", created_at=NOW))
    store.add_audit(AuditEntry(at=NOW, who=PERSON, what="signed in", detail=f"as {PERSON}"))
    store.record_channel_fault(ChannelState(channel="desk", faults=1, reason=f"535 no {PERSON}", since=NOW))
    store.put_view(SavedView(name="own", query=f"assigned={PERSON}&severity=4", by=PERSON, at=NOW))
    note = Note(id="n", story="s1", who=PERSON, at=NOW, text=f"ask {PERSON}")
    assignment = Assignment(story="s1", who=PERSON, by=PERSON, at=NOW)
    undo = Undo(token="t", who=PERSON, until=NOW + HOUR, words="1 story assigned.", stories=("s1",))
    changes = StoryChanges(
        undo=undo, notes=(note,), assignments=(StoryAssignment(story="s1", assignment=assignment),)
    )
    store.change_stories(changes, NOW)
    store.change_stories(StoryChanges(undo=replace(undo, token="u", who=OTHER)), NOW)
    return store


def everything(store: SqlStore) -> str:
    """Return all that is stored as text."""
    with store.database.read_transaction() as connection:
        return "\n".join(
            str(row)
            for table in metadata.sorted_tables
            for row in connection.execute(
                select(*(cast(column, Text) for column in table.columns if column.name != "body"))
            )
        )


def test_nothing_of_the_person_is_left_and_others_are_untouched(filled: SqlStore) -> None:
    assert PERSON in everything(filled)
    filled.erase(PERSON.upper(), "erased-1", NOW, dry_run=False)
    assert PERSON.lower() not in everything(filled).lower()
    assert [filled.undo(token, NOW) is not None for token in "tu"] == [False, True]
    others = filled.delivery("others")
    assert others
    assert (others[0].recipient, others[0].state, others[0].message.subject) == (OTHER, "owed", "For you")


def test_deliveries_stay_in_the_account_without_their_text(filled: SqlStore) -> None:
    before = filled.accounting(NOW - HOUR)
    filled.erase(PERSON, "erased-1", NOW, dry_run=False)
    after = filled.accounting(NOW - HOUR)
    assert (after.owed, after.missing) == (before.owed, before.missing)
    states = {each.id: (each.state, each.recipient) for each in filled.deliveries() if each.id != "others"}
    assert states == {"sent": ("dead", "erased-1"), "pending": ("discarded", "erased-1")}
    assert {each.message.text for each in filled.deliveries() if each.id != "others"} == {""}
    assert filled.owed_channels(NOW + HOUR) == ("b",)  # for the other recipient


def test_the_erasure_is_in_the_audit_log_under_the_pseudonym(filled: SqlStore) -> None:
    counts = filled.erase(PERSON, "erased-1", NOW, dry_run=False)
    (entry,) = filled.audit_of("erased-1")
    assert entry.what == "person erased"
    assert f"deliveries: {counts['deliveries']}" in entry.detail
    assert filled.erase(PERSON, "erased-2", NOW, dry_run=False) == {}


def test_a_dry_run_counts_the_same_and_changes_nothing(filled: SqlStore) -> None:
    before = everything(filled)
    counts = filled.erase(PERSON, "erased-1", NOW, dry_run=True)
    assert everything(filled) == before
    assert counts == filled.erase(PERSON, "erased-1", NOW, dry_run=False)
    assert counts["users"] == counts["unsubscriptions"] == 1


@pytest.mark.parametrize(
    ("text", "erased"),
    [
        ("a mail to al failed", "a mail to X failed"),
        ("ask @al, or Al.", "ask @X, or X."),
        ("assigned=al&severity=4", "assigned=X&severity=4"),
        ("al-2, al_2, al@x.example, mail.al and x@al", "al-2, al_2, al@x.example, mail.al and x@al"),
        ("100% of al\\b", "100% of X\\b"),
    ],
)
def test_a_name_is_erased_from_texts_as_a_whole_word_only(store: SqlStore, text: str, erased: str) -> None:
    store.add_audit(AuditEntry(at=NOW, who="jan", what="note", subject="s1", detail=text))
    store.erase("al", "X", NOW, dry_run=False)
    assert store.audit_of("s1")[0].detail == erased


def test_an_address_is_not_erased_from_a_longer_one(store: SqlStore) -> None:
    text = "to <AL@x.example>: not al@x.example.org, val@x.example nor p.al@x.example"
    store.add_audit(AuditEntry(at=NOW, who="jan", what="note", subject="s1", detail=text))
    store.erase("al@x.example", "X", NOW, dry_run=False)
    assert store.audit_of("s1")[0].detail == text.replace("AL@x.example", "X")
