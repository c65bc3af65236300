"""Alerts as an Atom feed (RFC 4287). Pure."""

import re
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from monitor.model import Alert, AlertKind
from monitor.render.digest_layout import extract
from monitor.render.event_line import has_event
from monitor.render.headline import headline_of
from monitor.render.language import alert_line, alert_news
from monitor.render.reasons import reasons_of
from monitor.render.sanitize import clip, href, sanitize, sanitized
from monitor.render.terms import SEVERITIES, direction_of

NAMESPACE = "http://www.w3.org/2005/Atom"
TYPE = "application/atom+xml"

#: Namespace of the ids, which derive from those of alerts and so never change.
_OURS = uuid.uuid5(uuid.NAMESPACE_URL, "tag:sanctions-monitor,2026:alerts")
#: Characters that XML 1.0 does not allow, escaped or not.
_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)


def feed(alerts: Iterable[Alert], self_url: str = "") -> bytes:
    """Return the feed of these alerts, the newest first; `self_url` is its own address."""
    newest = sorted(alerts, key=lambda alert: (alert.raised_at, alert.seq), reverse=True)
    root = ET.Element("feed", xmlns=NAMESPACE)
    _text(root, "id", _OURS.urn)
    _text(root, "title", "Alerts of sanctions-monitor")
    _text(root, "subtitle", "Monitoring aid, not a screening verdict and not legal advice.")
    _text(root, "updated", _time(newest[0].raised_at if newest else _NOTHING_YET))
    _text(ET.SubElement(root, "author"), "name", "sanctions-monitor")
    if self_url:
        ET.SubElement(root, "link", rel="self", type=TYPE, href=self_url)
    for alert in newest:
        _entry(root, alert)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _entry(root: ET.Element, alert: Alert) -> None:
    entry, item = ET.SubElement(root, "entry"), alert.item
    _text(entry, "id", uuid.uuid5(_OURS, alert.id).urn)
    _text(entry, "title", clip(" ".join(_headline(alert)), 300))
    _text(entry, "updated", _time(alert.raised_at))
    _text(entry, "published", _time(item.published_at or item.first_seen_at))
    if link := href(item.url):
        ET.SubElement(entry, "link", rel="alternate", href=link)
    for term in alert.verdict.topics or alert.verdict.possible:
        ET.SubElement(entry, "category", term=term)
    _text(ET.SubElement(entry, "author"), "name", clip(sanitize(alert.source or item.feed), 80))
    _text(entry, "summary", sanitize(extract(alert)))
    _text(entry, "content", "\n".join(_why(alert)), type="text")


def _headline(alert: Alert) -> Iterator[str]:
    yield f"[{SEVERITIES[alert.verdict.severity]}]"
    if alert.kind == AlertKind.UPDATE:
        yield "[update]"
    if alert.decision.unconfirmed:
        yield "[UNCONFIRMED]"
    if has_event(alert.verdict):
        yield f"{alert_line(alert)} ·"
    yield sanitize(headline_of(alert.item.title, alert.source, alert.tier)) or "(no title)"


def _why(alert: Alert) -> Iterator[str]:
    """Yield lines that say what happened and why that was flagged."""
    verdict, event = alert.verdict, alert.verdict.event
    if alert.news:
        yield f"What is new: {clip(sanitize(alert_news(alert)), 400)}"
    if event:
        what = f"{event.topic}, {event.type.replace('_', ' ')}"
        yield f"What happened: {what}, {direction_of(event.polarity)}"
    for reason in reasons_of(sanitized(verdict)):
        yield f"Why flagged: {reason}"
    yield f"Credibility: {verdict.credibility.letter}, {'; '.join(verdict.credibility.reasons)}"
    yield f"Placed: {alert.decision.because}"
    yield f"Alert {alert.id}, story {alert.story}"


def _text(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = _IMPOSSIBLE.sub("\ufffd", text)


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
