"""Build the variables that templates may use, with every text from feeds sanitized."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from monitor.model import (
    LATE,
    WEEKDAYS,
    Alert,
    Attachment,
    Counts,
    DeliveryKind,
    Digest,
    DigestPeriod,
    HealthReport,
    Subscription,
)

from . import samples
from .attachments import attached, canonical
from .catalogue import ENGLISH, catalogue_of
from .chart import chart_of
from .deadlines import deadline_rows
from .digest_layout import Budget, Layout, entries_of, lay_out
from .json import digest_data
from .language import Language
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

#: A digest begins with a warning if more than one in so many feeds does not answer.
MANY_FEEDS = 20

#: Slack shows the first stories; the others are counted by heading.
SLACK_BUDGET = Budget(5, 25)


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


def alert_context(alert: Alert, link: LinkBuilder = no_link, language: str = "") -> TemplateContext:
    """Return the variables of an alert's templates."""
    return {
        "alert": sanitized(alert),
        "id": alert.id,
        "item_id": alert.item.id,
        "action_link": link,
        "language": language or ENGLISH,
    }


def digest_context(
    payload: DigestPayload, layout: Layout, link: LinkBuilder = no_link, language: Language | None = None
) -> TemplateContext:
    """Return the variables of a digest's templates; `layout` holds its alerts, as many as fit."""
    digest = payload.digest
    words = language or Language(catalogue_of(digest.subscription.language))
    late = digest.planned_at - digest.occasion.due_at
    zone = ZoneInfo(digest.subscription.zone)
    return {
        "digest": sanitized(replace(digest, alerts=(), so_far={}, deadlines=())),
        "deadlines": deadline_rows(digest.deadlines, digest.planned_at.astimezone(zone).date()),
        "layout": layout,
        "zone": digest.subscription.zone,
        "is_summary": digest.silence is not None or digest.occasion.key == DeliveryKind.STORM,
        "hours_late": round(late.total_seconds() / 3600) if late > LATE else 0,
        "days": days_of(digest, words),
        "feeds_troubled": is_troubled(digest.counts),
        "times_of": partial(times_of, words),
        "chart": chart_of(digest.history, digest.planned_at.astimezone(zone).date()),
        "versions": _versions(digest),
        "sha256": payload.sha256,
        "files": tuple(file.name for file in payload.attached),
        "refused": payload.refused,
        "action_link": link,
        "language": words.code,
    }


def health_context(report: HealthReport, language: str = "") -> TemplateContext:
    """Return the variables of a health report's templates."""
    return {"report": sanitized(report), "id": report.id, "language": language or ENGLISH}


def is_troubled(counts: Counts) -> bool:
    """Say whether so many feeds do not answer that a digest says so before its news."""
    return len(counts.feeds_failing) * MANY_FEEDS > counts.feeds


def times_of(language: Language, sub: Subscription) -> str:
    """Return when a digest is sent, in words."""
    if sub.every == DigestPeriod.HOUR:
        return language.text("every_hour")
    if sub.every == DigestPeriod.MONTH:
        return language.text("on_month_day", day=sub.days[0], at=sub.at)
    if len(sub.days) == len(WEEKDAYS):
        return language.text("every_day", at=sub.at)
    names = [language.catalogue.word("weekdays_short", str(day)) for day in sub.days]
    return language.text("on_days", days=", ".join(names), at=sub.at)


def days_of(digest: Digest, language: Language) -> str:
    """Return the local dates that a digest covers: "23 Nov", or "3 days: 20–23 Nov" after downtime."""
    zone = ZoneInfo(digest.subscription.zone)
    last = digest.occasion.due_at.astimezone(zone).date()
    covered = len(digest.occasion.covers)
    if covered < 2 and digest.subscription.every == DigestPeriod.MONTH:
        return f"{language.day(_local(digest.since, zone))}–{language.day(last)}"
    if covered < 2:
        return language.day(last)
    first = min(_local(digest.since, zone), date.fromisoformat(digest.occasion.covers[0]))
    same_month = (first.year, first.month) == (last.year, last.month)
    begin = f"{first.day}" if same_month else language.day(first)
    return language.text("days", n=covered, days=f"{begin}–{language.day(last)}")


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
