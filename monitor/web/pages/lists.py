"""Sanctions lists: the state of each copy, and a name looked up in all of them."""

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response

from monitor.errors import ListError
from monitor.feeds.links import display_url
from monitor.jobs.policy import Policy
from monitor.lists.find import Found, find, other_scripts
from monitor.model import Entity
from monitor.web.base import WebContext
from monitor.web.render import show

from .common import DeskRouter, Web

router = DeskRouter()

#: Entries shown for a name.
MOST = 50

#: A look-up reads every entry of every list, so one at a time is enough.
_looking_up = asyncio.Semaphore(1)


@router.get("/lists")
async def lists(request: Request, web: Web, find: str = "") -> Response:
    """Show every list, and the entries with a name if one is given."""
    name = find.strip()[:200]
    if not name:
        return await show(request, web, "lists", _lists, web, "")
    async with _looking_up:
        return await show(request, web, "lists", _lists, web, name)


def _lists(web: WebContext, name: str) -> Mapping[str, Any]:
    policy = web.policy
    rows = [(each, policy.list_cache.record(each.name)) for each in policy.lists.values()]
    urls = {each.name: [display_url(url) for url in each.urls] for each in policy.lists.values()}
    found, trouble = _found(policy, name) if name else ((), "")
    return {"rows": rows, "urls": urls, "name": name, "found": found, "trouble": trouble}


def _found(policy: Policy, name: str) -> tuple[tuple[Found, ...], str]:
    """Return entries with a name, then those with its spelling in another script only; and what was wrong."""
    trouble: list[str] = []
    entities: list[Entity] = []
    for each in policy.lists:
        try:
            entities += policy.list_cache.entities(each)
        except ListError as error:
            trouble.append(str(error))
    found = [*find([name], entities)]
    known = {(each.entity.list, each.entity.id) for each in found}
    more = find(other_scripts(found), entities)
    found += (each for each in more if (each.entity.list, each.entity.id) not in known)
    return tuple(sorted(found, key=lambda each: not each.exact)[:MOST]), "; ".join(trouble)
