"""Incidents, and the health of the whole on one page for people."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from fastapi import Request, Response

from monitor.channels.breaker import is_degraded
from monitor.model import Incident, IncidentKind
from monitor.web.base import WebContext
from monitor.web.cluster import cluster_of
from monitor.web.render import show

from .common import DeskRouter, Web

router = DeskRouter()

#: How far back closed incidents are shown.
PERIOD = timedelta(days=30)

#: Kinds of incidents by which news may be missed, or messages not arrive; they come first.
GRAVE = frozenset(
    {
        IncidentKind.DETECTION,
        IncidentKind.OFFLINE,
        IncidentKind.UNACCOUNTED,
        IncidentKind.CHANNEL,
        IncidentKind.CANARY,
        IncidentKind.MISSING,
    }
)


@router.get("/incidents")
async def incidents(request: Request, web: Web) -> Response:
    """Show open incidents, the gravest first, and those closed lately."""
    return await show(request, web, "incidents", _incidents, web)


@router.get("/health")
async def health(request: Request, web: Web) -> Response:
    """Show on one page whether the watch is working."""
    return await show(request, web, "health", _health, web)


def _incidents(web: WebContext) -> Mapping[str, Any]:
    found = web.store.incidents(web.clock() - PERIOD, 500)
    opened = sorted((each for each in found if each.closed_at is None), key=_gravity)
    return {"opened": opened, "closed": [each for each in found if each.closed_at], "grave": GRAVE}


def _gravity(incident: Incident) -> tuple[bool, Any]:
    return (incident.kind not in GRAVE, incident.opened_at)


def _health(web: WebContext) -> Mapping[str, Any]:
    store, now = web.store, web.clock()
    states, backlog = store.channel_states(), store.backlog()
    counts: Counter[str] = Counter()
    for each in backlog.values():
        counts.update(each)
    known = {name: states.get(name) for name in sorted({*web.policy.channels, *states})}
    degraded = [name for name, state in known.items() if state and is_degraded(state, now)]
    return {
        **_incidents(web),
        "channels": known,
        "degraded": degraded,
        "counts": counts,
        "accounts": store.accounting(now - PERIOD),
        "lists": sorted(web.policy.lists),
        "cluster": cluster_of(store, now),
    }
