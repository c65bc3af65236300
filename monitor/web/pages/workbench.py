"""The workbench: try a rule, words of frames or a watch list on the archive, and explain a text."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.responses import StreamingResponse

from monitor.errors import ConfigError
from monitor.jobs.replay import Rules
from monitor.web.base import WebContext
from monitor.web.render import show
from monitor.web.sparkline import last_days, sparkline
from monitor.web.workbench.fields import PERIODS, WorkbenchFields, WorkbenchKind, read_fields
from monitor.web.workbench.proposal import propose
from monitor.web.workbench.saved import files_of, rules_in_force, saved_of
from monitor.web.workbench.trial import (
    MAX_SECONDS,
    MAX_STREAM_SECONDS,
    Trial,
    TrialRun,
    since_of,
    try_examples,
)

from .common import DeskRouter, Web

router = DeskRouter()

#: Queries to begin with.
SUGGESTIONS = ("howitzer* NEAR/8 contract", "@country:TR AND @listed", "title:(delist* OR remov*) @authority")

#: A stream works for this long and then lets others work.
STEP_S, PAUSE_S = 0.08, 0.02


@router.get("/workbench")
async def workbench(request: Request, web: Web, live: str = "", changed: int = 0) -> Response:
    """Show the workbench, with the result of a trial if something is given and it is not to be streamed."""
    fields = _fields(request)
    if fields.is_empty or live:
        return await show(request, web, "workbench", _context, web, fields, None, changed)
    async with web.turns.trials.turn():
        return await show(request, web, "workbench", _tried, web, fields)


@router.get("/workbench/stream")
async def stream(request: Request, web: Web) -> Response:
    """Stream the results of a trial as events: ``rows``, ``state`` and ``end``."""
    web.turns.trials.check()
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(web, _fields(request)), media_type="text/event-stream", headers=headers)


async def _events(web: WebContext, fields: WorkbenchFields) -> AsyncIterator[bytes]:
    yield b": begun\n\n"
    async with web.turns.trials.turn():
        try:
            run = await web.read(_run, web, fields, MAX_STREAM_SECONDS)
        except ConfigError as error:
            yield _event("state", await _html(web, "trial_state", _summary(web, fields, _mistaken(error))))
            yield _event("end", "")
            return
        while not run.trial.is_done:
            if rows := await web.read(run.step, STEP_S):
                yield _event("rows", await _html(web, "trial_rows", {"rows": rows}))
            yield _event("state", await _html(web, "trial_state", _summary(web, fields, run.trial)))
            await asyncio.sleep(PAUSE_S)
        yield _event("end", "")


async def _html(web: WebContext, name: str, context: Mapping[str, Any]) -> str:
    return await web.read(web.policy.renderer.desk_page, name, context)


def _event(name: str, html: str) -> bytes:
    return f"event: {name}\ndata: {json.dumps(html)}\n\n".encode()


def _fields(request: Request) -> WorkbenchFields:
    return read_fields(lambda name: request.query_params.get(name, ""))


def _tried(web: WebContext, fields: WorkbenchFields) -> Mapping[str, Any]:
    try:
        run = _run(web, fields, MAX_SECONDS)
    except ConfigError as error:
        return _context(web, fields, _mistaken(error))
    while not run.trial.is_done:
        run.step(MAX_SECONDS)
    return _context(web, fields, run.trial)


def _run(web: WebContext, fields: WorkbenchFields, max_seconds: float) -> TrialRun:
    """Return a trial that can be run.

    Raises:
        ConfigError: something in the fields is wrong.
    """
    force, alerts = rules_in_force(web), web.policy.alerts
    proposal = propose(fields, force)
    run = TrialRun(
        store=web.store,
        engine=force.engine,
        rules=Rules(force.engine.judge, alerts.table, alerts.feeds),
        proposal=proposal,
        since=since_of(web.clock(), fields.days),
        max_seconds=max_seconds,
    )
    if fields.kind is WorkbenchKind.RULE:
        run.trial.examples = tuple(
            try_examples(force.engine, fields.query, {True: fields.yes, False: fields.no})
        )
    return run


def _mistaken(error: ConfigError) -> Trial:
    return Trial(mistakes=tuple(str(error).splitlines()), is_done=True)


def _summary(web: WebContext, fields: WorkbenchFields, trial: Trial) -> Mapping[str, Any]:
    now = web.clock()
    days = last_days(now, fields.days)[::-1]
    return {
        "trial": trial,
        "days": fields.days,
        "spark": sparkline(trial.by_day, now),
        "by_day": [(day, trial.by_day[day.isoformat()]) for day in days],
    }


def _context(
    web: WebContext, fields: WorkbenchFields, trial: Trial | None, changed: int = 0
) -> Mapping[str, Any]:
    if web.policy.engine is None:
        raise HTTPException(503, "No rules are loaded.")
    force = rules_in_force(web)
    own = saved_of(web, fields, force)
    return {
        **(_summary(web, fields, trial) if trial else {"trial": None}),
        "fields": fields,
        "periods": PERIODS,
        "kinds": tuple(WorkbenchKind),
        "suggestions": SUGGESTIONS,
        "own": own,
        "changed": next((each for each in own.changes if each.number == changed), None),
        "can_save": files_of(web, fields.kind) is not None,
        "stream": f"/workbench/stream?{fields.address}" if trial is None and not fields.is_empty else "",
    }
