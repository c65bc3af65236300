"""Users of the desk and their sessions, in SQL."""

from datetime import datetime

from sqlalchemy import delete, exists, select

from monitor.model import Session, User

from . import tables as t
from .database import SqlPart, insert_missing
from .rows import columns_of, row_of, value_of

_USER = columns_of(t.users, User)


class SqlUsers(SqlPart):
    """The `UserStore` of one database."""

    def users(self) -> tuple[User, ...]:
        with self.database.read_transaction() as connection:
            rows = connection.execute(select(*_USER).order_by(t.users.c.name))
            return tuple(value_of(User, row) for row in rows)

    def user(self, name: str) -> User | None:
        with self.database.read_transaction() as connection:
            row = connection.execute(select(*_USER).where(t.users.c.name == name)).first()
        return value_of(User, row) if row else None

    def has_users(self) -> bool:
        with self.database.read_transaction() as connection:
            return bool(connection.scalar(select(exists().select_from(t.users))))

    def put_user(self, user: User) -> bool:
        with self.database.write_transaction() as connection:
            replaced = connection.execute(delete(t.users).where(t.users.c.name == user.name)).rowcount
            insert_missing(connection, t.users, [row_of(user)])
        return not replaced

    def remove_user(self, name: str) -> bool:
        with self.database.write_transaction() as connection:
            return connection.execute(delete(t.users).where(t.users.c.name == name)).rowcount == 1

    def add_session(self, session: Session) -> None:
        expired = delete(t.sessions).where(t.sessions.c.expires_at <= session.created_at)
        with self.database.write_transaction() as connection:
            connection.execute(expired)
            insert_missing(connection, t.sessions, [row_of(session)])

    def session_user(self, id_hash: str, now: datetime) -> User | None:
        s = t.sessions.c
        query = select(*_USER).join_from(t.sessions, t.users, s.user == t.users.c.name)
        with self.database.read_transaction() as connection:
            row = connection.execute(query.where(s.id_hash == id_hash, s.expires_at > now)).first()
        return value_of(User, row) if row else None

    def end_session(self, id_hash: str) -> None:
        with self.database.write_transaction() as connection:
            connection.execute(delete(t.sessions).where(t.sessions.c.id_hash == id_hash))
