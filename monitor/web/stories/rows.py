"""What a row of the list shows: severity, act, topic and direction, sources, age. Pure."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.alerts.suppression import matching_silence
from monitor.model import Alert, AlertKind, Polarity, Silence, StoryRow
from monitor.render.event_line import is_specific
from monitor.render.headline import headline_of
from monitor.render.language import alert_line, alert_news
from monitor.render.reasons import Reason, reasons_of
from monitor.render.sanitize import clip, href, sanitized
from monitor.render.terms import DIRECTIONS

MAX_LINE = 220


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a line; `bold` for the names of parties."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """A row as the template shows it.

    `headline` is "" unless it is in another language or the line names nobody. `reasons` and `excerpt` are
    shown on request.
    """

    story: str
    alert: Alert
    severity: int
    line: tuple[Run, ...]
    kind: str
    source: str
    at: datetime
    age: str
    is_update: bool
    news: str
    headline: str
    lang: str
    link: str
    is_listed: bool
    is_answered: bool
    is_silenced: bool
    assigned: str
    seq: int = 0
    reasons: tuple[Reason, ...] = ()
    excerpt: str = ""

    @property
    def plain(self) -> str:
        """The line as text."""
        return "".join(run.text for run in self.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """What a row shows of its alert alone, which never changes; every text of a feed is sanitized."""

    alert: Alert
    line: tuple[Run, ...]
    kind: str
    is_update: bool
    news: str
    headline: str
    lang: str
    link: str
    is_listed: bool
    reasons: tuple[Reason, ...]
    excerpt: str


def alert_view(given: Alert) -> AlertView:
    """Return what a row shows of an alert."""
    alert = sanitized(given)
    line = clip(alert_line(alert), MAX_LINE)
    headline = headline_of(alert.item.title, alert.source, alert.tier)
    lang = alert.item.lang.partition("-")[0]
    is_vague = not is_specific(alert.item, alert.verdict)
    return AlertView(
        alert=alert,
        line=tuple(_bold_names(line, (each.name for each in alert.verdict.entities))),
        kind=kind_of(alert),
        is_update=alert.kind is AlertKind.UPDATE,
        news=clip(alert_news(alert), 200),
        headline=clip(headline, 200) if lang not in {"", "en"} or is_vague else "",
        lang=lang if lang.isalpha() and len(lang) in {2, 3} else "",
        link=href(alert.item.url),
        is_listed=any(each.lists for each in alert.verdict.entities),
        reasons=reasons_of(alert.verdict),
        excerpt=clip(alert.item.summary, 280),
    )


def row_view(
    row: StoryRow,
    now: datetime,
    silences: Collection[Silence] = (),
    view_of: Callable[[Alert], AlertView] = alert_view,
) -> RowView:
    """Return a row as the template shows it; `view_of` may remember what it returned for an alert."""
    view = view_of(row.alert)
    return RowView(
        story=row.story,
        alert=view.alert,
        severity=row.severity,
        line=view.line,
        kind=view.kind,
        source=_source(view.alert, row.publishers),
        at=row.last_at,
        age=age_of(row.last_at, now),
        is_update=view.is_update,
        news=view.news,
        headline=view.headline,
        lang=view.lang,
        link=view.link,
        is_listed=view.is_listed,
        is_answered=row.answered_at is not None,
        is_silenced=matching_silence(silences, row.alert, now) is not None,
        assigned=row.assigned,
        seq=row.seq,
        reasons=view.reasons,
        excerpt=view.excerpt,
    )


def kind_of(alert: Alert) -> str:
    """Return topics and direction in words: "sanctions · eases"."""
    topics = alert.verdict.topics or alert.verdict.possible
    event = alert.verdict.event
    words = [" and ".join(topics) if alert.verdict.topics else f"possibly {' or '.join(topics)}"]
    if event and event.polarity not in {Polarity.NONE, Polarity.NEUTRAL}:
        words.append(DIRECTIONS.get(event.polarity, event.polarity))
    return " · ".join(word for word in words if word.strip())


def age_of(moment: datetime, now: datetime) -> str:
    """Return how long ago something was, in its largest unit."""
    age = max(now - moment, timedelta())
    minutes = int(age.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"


def _source(alert: Alert, publishers: Collection[str]) -> str:
    others = len(publishers) - 1
    name = clip(alert.source or alert.item.feed, 40)
    return f"{name} + {others}" if others > 0 else name


def _bold_names(line: str, names: Iterable[str]) -> Iterator[Run]:
    """Yield the parts of a line, the names in it bold."""
    known = sorted({name for name in names if len(name) > 1 and name in line}, key=len, reverse=True)[:20]
    if not known:
        yield Run(line)
        return
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in known))
    at = 0
    for found in pattern.finditer(line):
        if found.start() > at:
            yield Run(line[at : found.start()])
        yield Run(found[0], bold=True)
        at = found.end()
    if at < len(line):
        yield Run(line[at:])
