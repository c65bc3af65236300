"""Feedback: how often each rule and event is right, and what could be changed about those often wrong."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from fastapi import Request, Response

from monitor.web.base import WebContext
from monitor.web.feedback import MIN_MARKS, feedback_rows, marks_of
from monitor.web.render import show
from monitor.web.workbench.saved import rules_in_force

from .common import DeskRouter, Web

router = DeskRouter()

#: Periods in days.
PERIODS = (30, 90, 365)

#: Marks listed.
MAX_MARKS = 40


@router.get("/feedback")
async def feedback(request: Request, web: Web, days: str = "90") -> Response:
    """Show the precision of every rule and event that somebody marked alerts of."""
    period = int(days) if days in map(str, PERIODS) else PERIODS[1]
    return await show(request, web, "feedback", _context, web, period)


def _context(web: WebContext, days: int) -> Mapping[str, Any]:
    reviewed = web.store.actions_since(web.clock() - timedelta(days=days))
    engine = web.policy.engine
    rules = engine.rules.rules if engine else ()
    severities = engine.scoring.severity if engine else {}
    queries = rules_in_force(web).queries({rule.id for rule in rules}) if engine else {}
    marks = list(islice(marks_of(reviewed), MAX_MARKS))
    return {
        "rows": feedback_rows(reviewed, rules, queries, severities),
        "marks": marks,
        "days": days,
        "periods": PERIODS,
        "min_marks": MIN_MARKS,
    }
