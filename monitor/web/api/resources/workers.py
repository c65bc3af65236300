"""The processes of a cluster, and the shards that none of them polls."""

from fastapi import APIRouter, Response

from monitor.model import Worker
from monitor.web import cluster
from monitor.web.api.access import Web
from monitor.web.api.answers import answer
from monitor.web.api.models import cluster as models
from monitor.web.base import WebContext

from .common import LISTED

router = APIRouter(tags=["cluster"])


@router.get("/workers", response_model=models.Cluster, responses=LISTED, summary="List workers of a cluster")
async def workers(web: Web) -> Response:
    """Return the processes that serve the database together, and the shards that are stuck."""
    return await answer(web, _cluster, web)


def _cluster(web: WebContext) -> models.Cluster:
    found = cluster.cluster_of(web.store, web.clock())
    if found is None:
        return models.Cluster(workers=[], stuck_shards=[])
    stuck = [
        models.StuckShard(
            shard=each.shard, feeds=each.feeds, since=each.since, process=found.process_of(each.shard)
        )
        for each in found.stuck
    ]
    return models.Cluster(workers=[_worker(found, each) for each in found.workers], stuck_shards=stuck)


def _worker(found: cluster.Cluster, worker: Worker) -> models.Worker:
    return models.Worker(
        process=worker.process,
        state=found.state(worker),
        program=worker.program,
        config=worker.config,
        rules=worker.rules,
        lexicon=worker.lexicon,
        lists=worker.lists,
        differs=list(found.differing.get(worker.id, ())),
        started_at=worker.started_at,
        seen_at=worker.seen_at,
        lanes=[models.Lane(kind=each.kind, runs=len(each.runs), limit=each.limit) for each in worker.lanes],
    )
