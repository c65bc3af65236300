"""The workbench: try a query on the archive, see what it finds and nearly finds, and save it as a rule."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from monitor.errors import ConfigError
from monitor.match.engine import Engine
from monitor.model import AuditEntry
from monitor.web.base import WebContext
from monitor.web.render import show
from monitor.web.sparkline import last_days, sparkline
from monitor.web.stories.actions import NOBODY
from monitor.web.workbench.rule_file import NewRule, RuleFolder, text_of
from monitor.web.workbench.trial import (
    ExampleResult,
    Trial,
    mistakes_of,
    since_of,
    try_examples,
    try_query,
)

from .common import DeskForm, DeskRouter, Form, Web

router = DeskRouter()

PERIODS = (7, 30, 90)
TOPICS = ("sanctions", "arms")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

#: Queries to begin with.
SUGGESTIONS = ("howitzer* NEAR/8 contract", "@country:TR AND @listed", "title:(delist* OR remov*) @authority")

_MAX_QUERY = 2_000
_MAX_EXAMPLES = 40

#: A trial keeps a processor busy for seconds, so one at a time is enough.
_trying = asyncio.Semaphore(1)


@router.get("/workbench")
async def workbench(request: Request, web: Web) -> Response:
    """Show the workbench, with the result of a query if one is given."""
    given = request.query_params
    if not given.get("q", "").strip():
        return await show(request, web, "workbench", _context, web, given)
    async with _trying:
        return await show(request, web, "workbench", _context, web, given)


@router.post("/workbench/rules")
async def save_rule(web: Web, form: Form) -> Response:
    """Save a query as a rule of the operator's; it counts from the next reload, which is asked for."""
    rule = _rule(form)
    engine, folder = _engine(web), _folder(web)
    if mistakes := mistakes_of(rule.when, engine):
        raise HTTPException(422, f"The query: {mistakes[0]}")
    examples = {True: rule.yes, False: rule.no}
    failing = [each for each in await web.read(_results, engine, rule.when, examples) if not each.good]
    if failing:
        raise HTTPException(422, f"An example has the wrong result: {failing[0].text}: {failing[0].why}")
    try:
        version = await asyncio.to_thread(folder.save, rule, engine.tags)
    except ConfigError as error:
        raise HTTPException(422, str(error)) from error
    await _done(web, form, "rule saved", rule.id, rule.when)
    return RedirectResponse(f"/workbench?saved={rule.id}&version={version}", 303)


@router.post("/workbench/undo")
async def undo_rule(web: Web, form: Form) -> Response:
    """Put an earlier version of the file of rules in place again."""
    version = form.one("version")
    if not version.isascii() or not version.isdigit():
        raise HTTPException(422, "Say which version.")
    try:
        await asyncio.to_thread(_folder(web).restore, int(version[:9]))
    except ConfigError as error:
        raise HTTPException(422, str(error)) from error
    await _done(web, form, "rules restored", f"version {version}", "")
    return RedirectResponse("/workbench", 303)


async def _done(web: WebContext, form: DeskForm, what: str, subject: str, detail: str) -> None:
    who = form.by.name or NOBODY
    entry = AuditEntry(at=web.clock(), who=who, what=what, subject=subject, detail=detail)
    await web.write(web.jobs.store.add_audit, entry)
    web.request_reload()


def _results(
    engine: Engine, query: str, examples: Mapping[bool, tuple[str, ...]]
) -> tuple[ExampleResult, ...]:
    return tuple(try_examples(engine, query, examples))


def _rule(form: DeskForm) -> NewRule:
    id, topic, points = form.one("id"), form.one("topic"), form.one("points") or "60"
    if not _ID.fullmatch(id) or len(id) > 60:
        raise HTTPException(
            422, "The name of a rule has small letters, digits and single -, as weapon-bought."
        )
    if topic not in TOPICS:
        raise HTTPException(422, "Choose a topic.")
    if not points.isascii() or not points.isdigit() or not 1 <= int(points[:4]) <= 100:
        raise HTTPException(422, "Points are 1 to 100; 60 flag an item.")
    return NewRule(
        id=id,
        topic=topic,
        points=int(points),
        because=form.one("because")[:200],
        when=form.one("q")[:_MAX_QUERY],
        yes=_examples(form.one("yes")),
        no=_examples(form.one("no")),
    )


def _context(web: WebContext, given: Mapping[str, str]) -> Mapping[str, Any]:
    engine, now = _engine(web), web.clock()
    query = " ".join(given.get("q", "").split())[:_MAX_QUERY]
    days = int(given.get("days", "30")) if given.get("days", "30") in map(str, PERIODS) else 30
    trial = _trial(web, engine, query, days, given) if query else None
    folder = web.policy.rules_folder
    return {
        "query": query,
        "days": days,
        "periods": PERIODS,
        "yes": given.get("yes", "")[:8_000],
        "no": given.get("no", "")[:8_000],
        "trial": trial,
        "spark": sparkline(trial.by_day, now) if trial else None,
        "by_day": [(day, trial.by_day[day.isoformat()]) for day in last_days(now, days)[::-1]]
        if trial
        else [],
        "suggestions": SUGGESTIONS,
        "saved": given.get("saved", "")[:60],
        "version": given.get("version", "")[:9],
        "own": RuleFolder(folder).tables() if folder else {},
        "can_save": folder is not None,
        "toml": text_of({"new-rule": {"topic": "arms", "points": 60, "when": query}}).partition("\n\n")[2],
    }


def _trial(web: WebContext, engine: Engine, query: str, days: int, given: Mapping[str, str]) -> Trial:
    trial = try_query(web.store, engine, query, since_of(web.clock(), days))
    if not trial.mistakes:
        examples = {True: _examples(given.get("yes", "")), False: _examples(given.get("no", ""))}
        trial.examples = tuple(try_examples(engine, query, examples))
    return trial


def _examples(text: str) -> tuple[str, ...]:
    """Return the lines of a field of examples."""
    lines = (line.strip()[:400] for line in text.splitlines())
    return tuple(line for line in lines if line)[:_MAX_EXAMPLES]


def _engine(web: WebContext) -> Engine:
    if web.policy.engine is None:
        raise HTTPException(503, "No rules are loaded.")
    return web.policy.engine


def _folder(web: WebContext) -> RuleFolder:
    if web.policy.rules_folder is None:
        raise HTTPException(422, "No folder of rules is configured.")
    return RuleFolder(web.policy.rules_folder)
