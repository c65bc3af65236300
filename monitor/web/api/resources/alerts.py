"""Alerts: the list, and one alert."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from monitor import model
from monitor.model import Filter, StoryFilter, StoryView, Topic
from monitor.render.json import alert_data
from monitor.store import Store
from monitor.web.api.access import Web
from monitor.web.api.answers import answer
from monitor.web.api.cursors import ListKey
from monitor.web.api.models.news import Alert, AlertPage
from monitor.web.api.parameters import After, Id, Limit, Severity, Since, Until, Word
from monitor.web.base import WebContext
from monitor.web.stories.filters import DEFAULT_LIMIT

from .common import LISTED, READ, key_of_list, moment

router = APIRouter(tags=["alerts"])

#: Alerts read for one page.
MAX_EXAMINED = 2_000

_BATCH = 200
_Words = Annotated[list[Word], Field(max_length=20)]


class AlertQuery(BaseModel):
    """Filters of alerts; of one that is repeated, one value must fit."""

    model_config = ConfigDict(extra="forbid")

    topic: Annotated[list[Topic], Field(max_length=2, description="Flagged for one of these topics.")] = []
    event: Annotated[_Words, Field(description="With one of these types of event.")] = []
    direction: Annotated[_Words, Field(description="impose, relax, enforce, supply, …")] = []
    party: Annotated[_Words, Field(description="That name one of these ids, or one of these lists.")] = []
    country: Annotated[_Words, Field(description="That name one of these countries, by code.")] = []
    feed: Annotated[_Words, Field(description="Of one of these feeds.")] = []
    lang: Annotated[_Words, Field(description="In one of these languages: en, tr.")] = []
    severity: Severity = 0
    story: Annotated[Word | None, Field(description="Of this story.")] = None
    since: Since = None
    until: Until = None
    limit: Limit = DEFAULT_LIMIT
    after: After = ""

    @property
    def stories(self) -> StoryFilter | None:
        """The conditions that stories of such alerts meet, by which the store finds them."""
        given = (*self.topic, *self.event, *self.direction, *self.feed, *self.lang)
        if not given and not self.severity:
            return None
        return StoryFilter(
            view=StoryView.ALL,
            topics=tuple(self.topic),
            events=tuple(self.event),
            polarity=tuple(self.direction),
            feeds=tuple(self.feed),
            languages=tuple(self.lang),
            min_severity=self.severity,
        )

    def filter(self) -> Filter:
        """Return the conditions that an alert is tested for."""
        return Filter(
            topics=tuple(self.topic),
            events=tuple(self.event),
            polarity=tuple(self.direction),
            entities=tuple(self.party),
            countries=tuple(self.country),
            feeds=tuple(self.feed),
            languages=tuple(self.lang),
            min_severity=self.severity,
            at_least=model.Placement.ARCHIVE,
        )


@dataclass(frozen=True, slots=True)
class FoundAlerts:
    """Alerts that fit, and the place behind which the next page begins; 0 at the end."""

    alerts: list[model.Alert]
    next: int


@router.get("/alerts", response_model=AlertPage, responses=LISTED, summary="List alerts")
async def alerts(query: Annotated[AlertQuery, Query()], request: Request, web: Web) -> Response:
    """Return alerts, the newest first, each with its verdict."""
    key = key_of_list(request)
    return await answer(web, _page, web, query, key, key.number(query.after))


@router.get("/alerts/{id}", response_model=Alert, responses=READ, summary="Read an alert")
async def alert(id: Id, web: Web) -> Response:
    """Return an alert with its verdict."""
    return await answer(web, _alert, web.store, id)


def find_alerts(web: WebContext, query: AlertQuery, before: int) -> FoundAlerts:
    """Return the newest alerts that fit; at most `MAX_EXAMINED` are read.

    Raises:
        HTTPException: 422, a moment cannot be read.
    """
    now, filter, found, examined = web.clock(), query.filter(), list[model.Alert](), 0
    since, until = moment("since", query.since, now), moment("until", query.until, now)
    size = query.limit + 1
    while examined < MAX_EXAMINED:
        batch = web.store.alert_page(
            since=since,
            until=until,
            story=query.story or "",
            filter=query.stories,
            before=before,
            limit=size,
        )
        for each in batch:
            if len(found) == query.limit:
                return FoundAlerts(found, before)
            before = each.seq
            if filter.fits(each):
                found.append(each)
        if len(batch) < size:
            return FoundAlerts(found, 0)
        examined, size = examined + len(batch), _BATCH
    return FoundAlerts(found, before)


def alert_model(alert: model.Alert) -> Alert:
    """Return an alert as the API has it."""
    return Alert.model_validate({**alert_data(alert), "seq": alert.seq})


def _page(web: WebContext, query: AlertQuery, key: ListKey, before: int) -> AlertPage:
    found = find_alerts(web, query, before)
    items = [alert_model(each) for each in found.alerts]
    return AlertPage(items=items, next=key.cursor(found.next) if found.next else None)


def _alert(store: Store, id: str) -> Alert:
    found = store.alert(id)
    if found is None:
        raise HTTPException(404, "There is no such alert; it may have left the archive.")
    return alert_model(found)
