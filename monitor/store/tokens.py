"""Tokens of the API, in SQL."""

from datetime import datetime

from sqlalchemy import delete, exists, select

from monitor.model import ApiToken

from . import tables as t
from .database import SqlPart
from .rows import columns_of, row_of, value_of

_TOKEN = columns_of(t.tokens, ApiToken)


class SqlTokens(SqlPart):
    """The `TokenStore` of one database."""

    def add_token(self, token: ApiToken) -> bool:
        with self.database.write_transaction() as connection:
            if connection.scalar(select(exists().where(t.tokens.c.name == token.name))):
                return False
            connection.execute(t.tokens.insert(), [row_of(token)])
        return True

    def tokens(self) -> tuple[ApiToken, ...]:
        with self.database.read_transaction() as connection:
            rows = connection.execute(select(*_TOKEN).order_by(t.tokens.c.name))
            return tuple(value_of(ApiToken, row) for row in rows)

    def token(self, token_hash: str, now: datetime) -> ApiToken | None:
        query = select(*_TOKEN).where(t.tokens.c.token_hash == token_hash, t.tokens.c.expires_at > now)
        with self.database.read_transaction() as connection:
            row = connection.execute(query).first()
        return value_of(ApiToken, row) if row else None

    def remove_token(self, name: str) -> bool:
        with self.database.write_transaction() as connection:
            return connection.execute(delete(t.tokens).where(t.tokens.c.name == name)).rowcount == 1
