"""A server with something in every resource, and tokens for it."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from monitor.app.evidence import rules_from_files
from monitor.app.rulebook import Rulebook, rulebook
from monitor.config import Settings
from monitor.lists.base import SanctionsList
from monitor.lists.cache import ListCache
from monitor.lists.records import ListDocument
from monitor.model import (
    ApiToken,
    DeliveryState,
    Entity,
    EntityKind,
    Name,
    Strength,
    TokenScope,
)
from monitor.store import SqlStore
from monitor.web.security.tokens import new_token
from tests.conftest import NOW, delivery, item
from tests.store.builders import feed, judged, outcome, raised, state_of
from tests.web.conftest import Served, add_user

LIST = SanctionsList(name="own", title="Our list", format="plain", urls=("https://lists.example/own",))


@cache
def book() -> Rulebook:
    """The rules that ship."""
    return rulebook(Settings())


@dataclass
class Api:
    """A served API, and what a program with a token is answered."""

    served: Served
    token: str

    @property
    def store(self) -> SqlStore:
        return self.served.store

    async def get(self, path: str, token: str | None = None, **params: Any) -> httpx.Response:
        """Read a resource; `params` may be lists."""
        return await self.served.http.get(f"/api/v1{path}", params=params, headers=self._headers(token))

    async def post(
        self, path: str, body: Any = None, token: str | None = None, **headers: str
    ) -> httpx.Response:
        """Change a resource."""
        sent = self._headers(token) | headers
        return await self.served.http.post(f"/api/v1{path}", json={} if body is None else body, headers=sent)

    async def all(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """Return all entries of a list, page by page."""
        found, after = [], {}
        while True:
            page = (await self.get(path, **params, **after)).json()
            found += page["items"]
            if page["next"] is None:
                return found
            after = {"after": page["next"]}

    def _headers(self, token: str | None) -> dict[str, str]:
        given = self.token if token is None else token
        return {"Authorization": f"Bearer {given}"} if given else {}


def add_token(
    store: SqlStore, name: str = "program", scope: TokenScope = TokenScope.WRITE, days: int = 30
) -> str:
    """Store a token that is valid for some days, and return what a program sends."""
    secret, hashed = new_token()
    expires_at = NOW + timedelta(days=days)
    assert store.add_token(
        ApiToken(name=name, scope=scope, token_hash=hashed, created_at=NOW, expires_at=expires_at)
    )
    return secret


def entity(number: int, *names: str, **changes: Any) -> Entity:
    plain: dict[str, Any] = {
        "id": f"e.{number}",
        "list": "own",
        "kind": EntityKind.ORGANISATION,
        "names": tuple(Name(each, Strength.PRIMARY) for each in names or (f"Company {number}",)),
        "countries": ("TR",),
        "programmes": ("OWN-1",),
        "listed_on": NOW.date(),
    }
    return Entity(**plain | changes)


def with_list(served: Served, folder: Path, *entities: Entity) -> None:
    """Put a list with these entries in force."""
    cache = ListCache(folder / "lists")
    hashed = sha256(repr(entities).encode()).hexdigest()
    document = ListDocument(url=LIST.urls[0], sha256=hashed, size=1, proved_at=NOW)
    cache.save(LIST, [b"x"], [document], entities, NOW)
    served.change(lists={"own": LIST}, list_cache=cache)


def dead(served: Served, id: str = "d" * 20) -> None:
    """Store a delivery that was abandoned."""
    served.store.add_deliveries([delivery(id=id, channel="mail", recipient="ayse@desk.example", story="s1")])
    (leased,) = served.store.lease("mail", NOW, NOW + timedelta(minutes=5))
    served.store.close_delivery(leased, NOW, state=DeliveryState.DEAD, code="550", reason="no such mailbox")


def stories(served: Served, count: int) -> None:
    """Raise alerts of stories s1, s2, …, each a minute after the one before."""
    for number in range(1, count + 1):
        at = NOW + timedelta(minutes=number)
        one = item(guid=str(number), title=f"Ministry orders {number} howitzers", first_seen_at=at)
        raised(served.store, one, story=f"s{number}", raised_at=at)


def unflagged(served: Served, *titles: str) -> None:
    """Store items that were flagged for nothing."""
    items = [item(guid=title, title=title, summary="") for title in titles]
    found = tuple(judged(each, topics=(), event=None, rules=()) for each in items)
    served.store.commit([outcome(state_of(served.store), judged=found)])


@pytest.fixture
async def api(served: Served) -> Api:
    """A server that asks for tokens, with the rules that ship."""
    add_user(served.store)
    rules = book()
    served.store.enrol([feed()], NOW)
    served.store.store_rule_files(rules.engine.versions, rules.files, NOW)
    alerts = replace(
        served.server.context.policy.alerts,
        feeds={"wire": feed()},
        judge=rules.engine.judge,
        table=rules.table,
    )
    served.change(alerts=alerts, engine=rules.engine, rules_from=rules_from_files(Settings()))
    return Api(served, add_token(served.store))


def assert_problem(response: httpx.Response, status: int) -> dict[str, Any]:
    """Return the problem details of a refusal."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = json.loads(response.text)
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    return problem
