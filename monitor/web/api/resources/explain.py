"""Judge a text and say why, as `explain --json` does."""

from fastapi import APIRouter, HTTPException, Response

from monitor.alerts.routing import decide_with_alternatives
from monitor.model import Item, Tier
from monitor.render.json import verdict_data
from monitor.web.api.access import Web
from monitor.web.api.answers import answer
from monitor.web.api.models.trials import GivenItem
from monitor.web.api.models.verdicts import Verdict
from monitor.web.base import WebContext

from .common import JUDGED

router = APIRouter(tags=["rules"])


@router.post("/explain", response_model=Verdict, responses=JUDGED, summary="Explain a text")
async def explain(given: GivenItem, web: Web) -> Response:
    """Judge a text by the rules in force; nothing is stored or sent."""
    async with web.turns.explanations.turn():
        return await answer(web, _verdict, web, given)


def _verdict(web: WebContext, given: GivenItem) -> Verdict:
    if web.policy.engine is None:
        raise HTTPException(503, "No rules are loaded.")
    verdict = web.policy.engine.judge(_item(web, given), _tier(web, given.source))
    verdict, decision = decide_with_alternatives(verdict, web.policy.alerts.table)
    return Verdict.model_validate(verdict_data(verdict, decision))


def _item(web: WebContext, given: GivenItem) -> Item:
    return Item(
        feed="explain",
        guid="explain",
        url="",
        title=given.title,
        summary=given.summary,
        first_seen_at=web.clock(),
        published_at=given.date,
        lang=given.lang,
        categories=given.categories,
    )


def _tier(web: WebContext, source: str) -> Tier:
    """Return the tier of a feed by its name or title; that of a regional paper for any other source."""
    wanted = source.casefold()
    for feed in web.policy.alerts.feeds.values():
        if wanted and wanted in {feed.name.casefold(), feed.title.casefold()}:
            return feed.tier
    return Tier.REGIONAL
