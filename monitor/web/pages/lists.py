"""Sanctions lists: the state of each copy, and a name or number looked up in all of them."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from fastapi import Request, Response

from monitor.feeds.links import display_url
from monitor.lists.find import find_in_all_scripts, find_number
from monitor.lists.similar import similar_names
from monitor.web.base import WebContext
from monitor.web.list_entries import ListEntries, list_record
from monitor.web.render import show

from .common import DeskRouter, Web

router = DeskRouter()

#: Entries shown for a name.
MOST = 50


@router.get("/lists")
async def lists(request: Request, web: Web, find: str = "") -> Response:
    """Show every list, and the entries with a name or number if one is given."""
    name = find.strip()[:200]
    if not name:
        return await show(request, web, "lists", _lists, web, "")
    async with web.turns.list_searches.turn():
        return await show(request, web, "lists", _lists, web, name)


def _lists(web: WebContext, name: str) -> Mapping[str, Any]:
    policy = web.policy
    rows = [(each, list_record(policy.list_cache, each.name)) for each in policy.lists.values()]
    urls = {each.name: [display_url(url) for url in each.urls] for each in policy.lists.values()}
    entries = ListEntries(policy.list_cache, tuple(policy.lists))
    numbered = tuple(islice(find_number(name, entries), MOST)) if name else ()
    found = find_in_all_scripts(name, entries)[:MOST] if name and not numbered else ()
    similar = similar_names(name, entries) if name and not (found or numbered) else ()
    return {
        "rows": rows,
        "urls": urls,
        "name": name,
        "found": found,
        "numbered": numbered,
        "similar": similar,
        "trouble": "; ".join(entries.problems),
    }
