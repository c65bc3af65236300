"""Users, sessions, the audit log and saved views."""

from datetime import timedelta

import pytest

from monitor.errors import StoreError
from monitor.model import (
    ApiToken,
    AuditEntry,
    Role,
    SavedView,
    Session,
    TokenScope,
    User,
)
from monitor.store import SqlStore
from tests.conftest import NOW

AYSE = User(name="ayse", role=Role.EDIT, password_hash="h", created_at=NOW)
DAY = timedelta(days=1)


def session(id: str = "1", user: str = "ayse", since: timedelta = timedelta()) -> Session:
    return Session(id_hash=id, user=user, created_at=NOW + since, expires_at=NOW + since + DAY)


def test_a_user_is_stored_replaced_and_removed(store: SqlStore) -> None:
    assert not store.has_users()
    assert store.put_user(AYSE)
    assert store.has_users()
    assert store.user("ayse") == AYSE
    changed = User(name="ayse", role=Role.READ, password_hash="i", created_at=NOW)
    assert not store.put_user(changed)
    assert store.users() == (changed,)
    assert store.remove_user("ayse")
    assert not store.remove_user("ayse")
    assert store.user("ayse") is None


def test_a_session_is_its_users_until_it_expires_or_ends(store: SqlStore) -> None:
    store.put_user(AYSE)
    store.add_session(session())
    assert store.session_user("1", NOW) == AYSE
    assert store.session_user("2", NOW) is None
    assert store.session_user("1", NOW + DAY) is None
    store.end_session("1")
    assert store.session_user("1", NOW) is None


def test_sessions_end_with_the_user_and_with_another_password(store: SqlStore) -> None:
    for change in (lambda: store.put_user(AYSE), lambda: store.remove_user("ayse")):
        store.put_user(AYSE)
        store.add_session(session())
        change()
        assert store.session_user("1", NOW) is None


def token(name: str = "backup", hash: str = "1") -> ApiToken:
    return ApiToken(name=name, scope=TokenScope.READ, token_hash=hash, created_at=NOW, expires_at=NOW + DAY)


def test_a_token_is_found_by_its_hash_until_it_expires_or_is_removed(store: SqlStore) -> None:
    assert store.add_token(token())
    assert store.token("1", NOW) == token()
    assert store.token("2", NOW) is None
    assert store.token("1", NOW + DAY) is None
    assert store.tokens() == (token(),)
    assert store.remove_token("backup")
    assert not store.remove_token("backup")
    assert store.token("1", NOW) is None


def test_a_token_does_not_replace_another_of_the_same_name(store: SqlStore) -> None:
    assert store.add_token(token())
    assert not store.add_token(token(hash="2"))
    assert store.add_token(token("alerts", "2"))
    assert [each.name for each in store.tokens()] == ["alerts", "backup"]
    assert store.token("1", NOW) == token()


def test_the_audit_log_is_read_from_its_end(store: SqlStore) -> None:
    for number in range(3):
        store.add_audit(
            AuditEntry(at=NOW, who="ayse", what="note", subject=f"s{number % 2}", detail=str(number))
        )
    newest, *_ = entries = store.audit(limit=2)
    assert [entry.detail for entry in entries] == ["2", "1"]
    assert [entry.detail for entry in store.audit(before=entries[-1].number)] == ["0"]
    assert [entry.detail for entry in store.audit_of("s0")] == ["2", "0"]
    assert newest.who == "ayse"


def test_a_view_is_kept_replaced_and_deleted(store: SqlStore) -> None:
    view = SavedView(name="grave", query="severity=5", by="ayse", at=NOW)
    store.put_view(view)
    store.put_view(SavedView(name="grave", query="severity=4..", by="jan", at=NOW))
    assert [each.query for each in store.views()] == ["severity=4.."]
    assert store.remove_view("grave")
    assert not store.remove_view("grave")


def test_a_store_for_reading_sees_what_is_written_and_cannot_write(store: SqlStore) -> None:
    other = store.for_reading()
    store.put_user(AYSE)
    assert other.has_users()
    with pytest.raises(StoreError, match="cannot be written"):
        other.remove_user("ayse")
    other.close()
    assert store.has_users()
