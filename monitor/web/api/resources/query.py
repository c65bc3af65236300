"""Evaluate a query on the stored items of the last days, as the workbench does."""

from fastapi import APIRouter, HTTPException, Response

from monitor.web.api.access import Web
from monitor.web.api.answers import answer
from monitor.web.api.models.trials import QueryHit, QueryRequest, QueryResult
from monitor.web.base import WebContext
from monitor.web.workbench.trial import RowKind, Trial, TrialRow, since_of, try_query

from .common import JUDGED

router = APIRouter(tags=["rules"])


@router.post("/query", response_model=QueryResult, responses=JUDGED, summary="Evaluate a query")
async def evaluate_query(given: QueryRequest, web: Web) -> Response:
    """Return the items that fit a query and those that nearly do, the newest first, within seconds."""
    async with web.turns.trials.turn():
        return await answer(web, _result, web, given)


def _result(web: WebContext, given: QueryRequest) -> QueryResult:
    if web.policy.engine is None:
        raise HTTPException(503, "No rules are loaded.")
    since = since_of(web.clock(), given.days)
    trial = try_query(web.store, web.policy.engine, " ".join(given.query.split()), since)
    return _model(trial)


def _model(trial: Trial) -> QueryResult:
    return QueryResult(
        mistakes=[*trial.mistakes],
        hit_count=trial.counts[RowKind.HIT],
        miss_count=trial.counts[RowKind.MISS],
        unflagged=trial.unflagged,
        examined=trial.examined,
        by_day=dict(sorted(trial.by_day.items())),
        reached=trial.reached,
        hits=[_hit(row) for row in trial.of(RowKind.HIT)],
        missed=[_hit(row) for row in trial.of(RowKind.MISS)],
    )


def _hit(row: TrialRow) -> QueryHit:
    return QueryHit(
        id=row.id,
        title="".join(piece.text for piece in row.title),
        feed=row.source,
        url=row.link,
        first_seen_at=row.at,
        flagged=row.flagged,
        lacks=row.note,
    )
