"""Build the variables that templates may use, with every text from feeds sanitized."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from monitor.model import LATE, Alert, Attachment, Digest, HealthReport

from . import samples
from .attachments import attached, canonical
from .chart import chart_of
from .digest_layout import Budget, Layout, entries_of, lay_out
from .json import digest_data
from .sanitize import sanitized

TemplateContext = Mapping[str, Any]

#: Takes an action and the id of an alert or digest; returns the address that performs it, or "" if none does.
LinkBuilder = Callable[[str, str], str]


def no_link(action: str, ref: str) -> str:
    """Return no address."""
    return ""


#: Tried in order until the mail is small enough that no client clips it; the last always fits.
BUDGETS = (
    *(Budget(55, rows) for rows in (240, 160, 100, 60, 40)),
    *(Budget(cards, 40) for cards in (48, 40, 32, 24, 16, 8)),
    Budget(5, 20),
    Budget(5, 0),
)

#: Slack shows the first stories; the others are counted by heading.
SLACK_BUDGET = Budget(5, 5)


@dataclass(frozen=True, slots=True)
class DigestPayload:
    """A digest's JSON data, its SHA-256, the attached files, and the names of files that are too large."""

    digest: Digest
    data: TemplateContext
    sha256: str
    attached: tuple[Attachment, ...] = ()
    refused: tuple[str, ...] = ()

    def with_files(self) -> "DigestPayload":
        """Return the payload with the files that the subscription asks for."""
        files, refused = attached(self.digest, self.data)
        return replace(self, attached=files, refused=refused)


def digest_payload(digest: Digest) -> DigestPayload:
    """Return a digest's JSON data and its SHA-256, without files."""
    data = digest_data(digest)
    return DigestPayload(digest, data, hashlib.sha256(canonical(data).encode("utf-8", "replace")).hexdigest())


def alert_context(alert: Alert, link: LinkBuilder = no_link) -> TemplateContext:
    """Return the variables of an alert's templates."""
    return {"alert": sanitized(alert), "id": alert.id, "item_id": alert.item.id, "action_link": link}


def digest_context(payload: DigestPayload, layout: Layout, link: LinkBuilder = no_link) -> TemplateContext:
    """Return the variables of a digest's templates; `layout` holds its alerts, as many as fit."""
    digest = payload.digest
    late = digest.planned_at - digest.occasion.due_at
    zone = ZoneInfo(digest.subscription.zone)
    return {
        "digest": sanitized(replace(digest, alerts=(), so_far={})),
        "layout": layout,
        "zone": digest.subscription.zone,
        "hours_late": round(late.total_seconds() / 3600) if late > LATE else 0,
        "days": days_of(digest),
        "chart": chart_of(digest.history, digest.planned_at.astimezone(zone).date()),
        "versions": _versions(digest),
        "sha256": payload.sha256,
        "files": tuple(file.name for file in payload.attached),
        "refused": payload.refused,
        "action_link": link,
    }


def health_context(report: HealthReport) -> TemplateContext:
    """Return the variables of a health report's templates."""
    return {"report": sanitized(report), "id": report.id}


def days_of(digest: Digest) -> str:
    """Return the local dates that a digest covers: "23 Nov", or "3 days: 20–23 Nov" after downtime."""
    zone = ZoneInfo(digest.subscription.zone)
    last = digest.occasion.due_at.astimezone(zone).date()
    covered = len(digest.occasion.covers)
    if covered < 2:
        return _day(last)
    first = min(_local(digest.since, zone), date.fromisoformat(digest.occasion.covers[0]))
    begin = f"{first.day}" if (first.year, first.month) == (last.year, last.month) else _day(first)
    return f"{covered} days: {begin}–{_day(last)}"


def sample_contexts() -> Iterator[tuple[str, str, TemplateContext]]:
    """Yield kind, template and context for samples that use every feature of a template."""
    kinds = ("subject", "txt", "console", "html", "slack", "card")
    for alert in samples.ALERTS:
        for kind in kinds:
            yield "alert", f"alert.{kind}.j2", {**alert_context(alert), "subject": "A subject"}
    for kind in kinds:
        yield "report", f"health.{kind}.j2", {**health_context(samples.HEALTH), "subject": "A subject"}
    for digest in (samples.DIGEST, samples.EMPTY_DIGEST):
        for budget in (BUDGETS[0], BUDGETS[-1]):
            layout = lay_out(entries_of(digest.alerts, digest.so_far), budget)
            context = digest_context(digest_payload(digest).with_files(), layout)
            for kind in kinds:
                yield "digest", f"digest.{kind}.j2", {**context, "subject": "A subject"}


def _versions(digest: Digest) -> Mapping[str, str]:
    """Return the versions of the last alert: those in force when the digest was planned."""
    return sanitized(digest.alerts[-1].verdict.versions) if digest.alerts else {}


def _local(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
