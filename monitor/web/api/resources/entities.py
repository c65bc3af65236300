"""Entries of sanctions lists: in order, or those with a name."""

import hashlib
from collections.abc import Iterable
from itertools import islice
from typing import Annotated, Self

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from monitor.jobs.policy import Policy
from monitor.lists.find import find_in_all_scripts, find_number
from monitor.lists.similar import similar_names
from monitor.model import Entity
from monitor.web.api.access import Web
from monitor.web.api.answers import answer
from monitor.web.api.cursors import ListKey
from monitor.web.api.models import sources as models
from monitor.web.api.parameters import After, Limit, Name, Word
from monitor.web.list_entries import ListEntries
from monitor.web.stories.filters import DEFAULT_LIMIT

from .common import READ, key_of_list

router = APIRouter(tags=["entities"])


class EntityQuery(BaseModel):
    """Filters of entries; all must fit."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Self:
        if self.similar and (self.name or self.number):
            raise ValueError("similar is asked alone: similar names are no matches")
        return self

    name: Annotated[Word | None, Field(description="With all words of this name, in any order.")] = None
    number: Annotated[
        Word | None, Field(description="With this reference, passport, register or ship's number.")
    ] = None
    similar: Annotated[
        Word | None, Field(description="With a similar name: suggestions, and never matches.")
    ] = None
    list: Annotated[Word | None, Field(description="Of this list.")] = None
    limit: Limit = DEFAULT_LIMIT
    after: After = ""


@router.get("/entities", response_model=models.EntityPage, responses=READ, summary="List entries of lists")
async def entities(query: Annotated[EntityQuery, Query()], request: Request, web: Web) -> Response:
    """Return entries of the sanctions lists; with a name, those that have it."""
    entries = entries_of(web.policy, query.list)
    key = key_of_list(request)
    async with web.turns.list_searches.turn():
        versioned = await web.read(_versioned, key, entries)
        return await answer(web, _page, query, entries, versioned, versioned.number(query.after))


@router.get(
    "/entities/{list}/{id:path}", response_model=models.Entity, responses=READ, summary="Read an entry"
)
async def entity(list: Name, id: Name, web: Web) -> Response:
    """Return the entry of a list with an id."""
    entries = entries_of(web.policy, list)
    async with web.turns.list_searches.turn():
        return await answer(web, _entity, entries, id)


def entries_of(policy: Policy, name: str | None) -> ListEntries:
    """Return the entries of one list, or of all.

    Raises:
        HTTPException: 404, no such list is configured.
    """
    if name and name not in policy.lists:
        raise HTTPException(404, "No such list is configured.")
    return ListEntries(policy.list_cache, (name,) if name else tuple(sorted(policy.lists)))


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
        identifiers=[models.EntityIdentifier(number=n.number, kind=n.kind) for n in entity.identifiers],
    )


def _page(query: EntityQuery, entries: ListEntries, key: ListKey, place: int) -> models.EntityPage:
    fitting = _fitting(query, entries)
    found = [*islice(fitting, place, place + query.limit + 1)]
    shown = found[: query.limit]
    return models.EntityPage(
        items=[entity_model(each) for each in shown],
        next=key.cursor(place + query.limit) if len(found) > query.limit else None,
        problems=[*entries.problems],
    )


def _fitting(query: EntityQuery, entries: Iterable[Entity]) -> Iterable[Entity]:
    if query.similar:
        return (each.entity for each in similar_names(query.similar, entries))
    if query.number and query.name:
        named = [each.entity for each in find_in_all_scripts(query.name, entries)]
        return (each.entity for each in find_number(query.number, named))
    if query.number:
        return (each.entity for each in find_number(query.number, entries))
    if query.name:
        return (each.entity for each in find_in_all_scripts(query.name, entries))
    return entries


def _versioned(key: ListKey, entries: ListEntries) -> ListKey:
    version = hashlib.sha256(entries.version.encode()).hexdigest()[:12]
    return ListKey(f"{key.digest}-{version}")


def _entity(entries: ListEntries, id: str) -> models.Entity:
    for each in entries:
        if each.id == id:
            return entity_model(each)
    raise HTTPException(404, "The list has no such entry.")
