"""Entries of sanctions lists: in order, or those with a name."""

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from monitor.errors import ListError
from monitor.jobs.policy import Policy
from monitor.lists.find import find, other_scripts
from monitor.model import Entity
from monitor.web.api.access import Web
from monitor.web.api.answers import answer
from monitor.web.api.cursors import ListKey
from monitor.web.api.models import sources as models
from monitor.web.api.parameters import After, Limit, Name, Word
from monitor.web.stories.filters import DEFAULT_LIMIT

from .common import READ, key_of_list

router = APIRouter(tags=["entities"])

#: A request reads lists from their beginning, so one at a time is enough.
_reading = asyncio.Semaphore(1)


class EntityQuery(BaseModel):
    """Filters of entries; all must fit."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Word | None, Field(description="With all words of this name, in any order.")] = None
    list: Annotated[Word | None, Field(description="Of this list.")] = None
    limit: Limit = DEFAULT_LIMIT
    after: After = ""


@dataclass(slots=True)
class ListEntries:
    """The entries of lists in order; what cannot be read is named in `problems`."""

    policy: Policy
    names: tuple[str, ...]
    problems: "list[str]" = field(default_factory=list)

    def __iter__(self) -> Iterator[Entity]:
        for name in self.names:
            try:
                yield from self.policy.list_cache.entities(name)
            except ListError as error:
                self.problems.append(str(error))

    @property
    def version(self) -> str:
        """What the copies of all lists are; another copy may have its entries in another order."""
        return " ".join(f"{name} {_version(self.policy, name)}" for name in self.names)


@router.get("/entities", response_model=models.EntityPage, responses=READ, summary="List entries of lists")
async def entities(query: Annotated[EntityQuery, Query()], request: Request, web: Web) -> Response:
    """Return entries of the sanctions lists; with a name, those that have it."""
    entries = entries_of(web.policy, query.list)
    key = key_of_list(request)
    async with _reading:
        versioned = await web.read(_versioned, key, entries)
        return await answer(web, _page, query, entries, versioned, versioned.number(query.after))


@router.get(
    "/entities/{list}/{id:path}", response_model=models.Entity, responses=READ, summary="Read an entry"
)
async def entity(list: Name, id: Name, web: Web) -> Response:
    """Return the entry of a list with an id."""
    entries = entries_of(web.policy, list)
    async with _reading:
        return await answer(web, _entity, entries, id)


def entries_of(policy: Policy, name: str | None) -> ListEntries:
    """Return the entries of one list, or of all.

    Raises:
        HTTPException: 404, no such list is configured.
    """
    if name and name not in policy.lists:
        raise HTTPException(404, "No such list is configured.")
    return ListEntries(policy, (name,) if name else tuple(sorted(policy.lists)))


def entity_model(entity: Entity) -> models.Entity:
    """Return an entry as the API has it."""
    names = [models.EntityName.model_validate(each, from_attributes=True) for each in entity.names]
    return models.Entity(
        list=entity.list,
        id=entity.id,
        kind=entity.kind,
        name=entity.name,
        names=names,
        countries=[*entity.countries],
        programmes=[*entity.programmes],
        listed_on=entity.listed_on,
        ends_on=entity.ends_on,
    )


def _page(query: EntityQuery, entries: ListEntries, key: ListKey, place: int) -> models.EntityPage:
    fitting = _named(query.name, entries) if query.name else iter(entries)
    found = [*islice(fitting, place, place + query.limit + 1)]
    shown = found[: query.limit]
    return models.EntityPage(
        items=[entity_model(each) for each in shown],
        next=key.cursor(place + query.limit) if len(found) > query.limit else None,
        problems=list(dict.fromkeys(entries.problems)),
    )


def _named(name: str, entries: ListEntries) -> Iterator[Entity]:
    """Yield entries with a name, then those that have its spelling in another script only."""
    found = sorted(find([name], entries), key=lambda each: not each.exact)
    yield from (each.entity for each in found)
    known = {(each.entity.list, each.entity.id) for each in found}
    spellings = other_scripts(found)
    for more in find(spellings, entries) if spellings else ():
        if (more.entity.list, more.entity.id) not in known:
            yield more.entity


def _versioned(key: ListKey, entries: ListEntries) -> ListKey:
    version = hashlib.sha256(entries.version.encode()).hexdigest()[:12]
    return ListKey(f"{key.digest}-{version}")


def _entity(entries: ListEntries, id: str) -> models.Entity:
    for each in entries:
        if each.id == id:
            return entity_model(each)
    raise HTTPException(404, "The list has no such entry.")


def _version(policy: Policy, name: str) -> str:
    try:
        return policy.list_cache.record(name).version
    except ListError:
        return ""
