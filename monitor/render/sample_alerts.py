"""Provide sample alerts, each with a feature that the others lack; their news is fictitious."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.model import (
    Alert,
    AlertKind,
    Credibility,
    Decision,
    Event,
    Evidence,
    Item,
    Mention,
    Placement,
    Verdict,
)

NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
VERSIONS = {"rules": "5d1c9a70", "lexicon": "0b77e2f4", "lists": ""}

OFFICIAL = Credibility("A", 100, ("official primary source",))
WIRE = Credibility("B", 80, ("wire or major paper", "no primary document found"))
REGIONAL = Credibility("C", 60, ("regional paper", "anonymous sources only"))


def ago(hours: float) -> datetime:
    """Return the time a number of hours before the samples' time."""
    return NOW - timedelta(hours=hours)


def _item(guid: str, title: str, summary: str = "", **more: Any) -> Item:
    plain: dict[str, Any] = {"url": f"https://news.example/{guid}", "first_seen_at": ago(1), "lang": "en"}
    return Item(feed="sample", guid=guid, title=title, summary=summary, **plain | more)


def _span(item: Item, quote: str) -> dict[str, Any]:
    field = "title" if quote in item.title else "summary"
    start = str(getattr(item, field)).index(quote)
    return {"field": field, "start": start, "stop": start + len(quote), "quote": quote}


def _event(item: Item, quote: str, what: str, severity: int, **more: Any) -> Event:
    topic, type, polarity = what.split()
    stage = type if topic == "arms" else ""
    words: dict[str, Any] = {"topic": topic, "type": type, "stage": stage, "polarity": polarity}
    return Event(**words, severity=severity, **_span(item, quote), **more)


def _evidence(item: Item, quote: str, because: str, points: float) -> Evidence:
    return Evidence(**_span(item, quote), because=because, points=points)


def _mention(id: str, name: str, quote: str, country: str, *lists: str) -> Mention:
    kind, countries = id.partition(":")[0], (country,) if country else ()
    return Mention(id=id, name=name, kind=kind, quote=quote, lists=lists, countries=countries)


def _past(item: Item, quote: str, what: str, year: int, **more: Any) -> Event:
    return _event(item, quote, what, 4, background=True, why="an earlier event", year=year, **more)


def _verdict(item: Item, event: Event | None, relevance: tuple[int, int], **more: Any) -> Verdict:
    scores = dict(zip(("sanctions", "arms"), relevance, strict=True))
    plain: dict[str, Any] = dict.fromkeys(("background", "entities", "evidence", "penalties", "rules"), ())
    plain["topics"] = tuple(topic for topic, score in scores.items() if score >= 60)
    if event:
        plain["evidence"] = (_evidence(item, event.quote, f"event {event.type}", 60.0),)
    fixed = {"relevance": scores, "event": event, "credibility": OFFICIAL, "versions": VERSIONS}
    return Verdict(**plain | fixed | more)


_talks = _item(
    "working-group",
    "Türkiye and the United States set up a working group on the S-400",
    "The two sides will meet every month. CAATSA sanctions imposed in 2020 on the Presidency of Defence "
    "Industries stay in place. Ankara bought the system in 2017 for about $2.5bn and took delivery in 2019.",
    published_at=ago(1.2),
    first_seen_at=ago(0.8),
)
TALKS = Alert(
    item=_talks,
    verdict=_verdict(
        _talks,
        _event(_talks, "working group on the S-400", "sanctions relief_talks relax", 3),
        (93, 71),
        background=(
            _past(_talks, "sanctions imposed in 2020", "sanctions imposed impose", 2020),
            _past(_talks, "bought the system in 2017", "arms contract acquire", 2017, amounts=("$2.5bn",)),
            _past(_talks, "took delivery in 2019", "arms delivery supply", 2019),
        ),
        entities=(
            _mention("country:TR", "Türkiye", "Türkiye", "TR"),
            _mention("country:US", "United States", "United States", "US"),
            _mention("agency:ssb", "SSB", "Presidency of Defence Industries", "TR", "US NS-MBS"),
            _mention("weapon:s-400", "S-400", "S-400", "RU"),
            _mention("programme:caatsa", "CAATSA", "CAATSA", "US"),
        ),
        evidence=(
            _evidence(_talks, "CAATSA", "programme-named: a sanctions programme by name", 35.0),
            _evidence(_talks, "working group on the S-400", "event relief_talks", 30.0),
            _evidence(_talks, "Türkiye and the United States", "pair: supplier and recipient", 10.0),
            _evidence(_talks, "S-400", "weapon-named: a weapon by its designation", 10.0),
        ),
        penalties=(_evidence(_talks, "in 2017", "retrospective: tells of the past", -10.0),),
        credibility=WIRE,
        rules=("programme-named", "pair", "weapon-named"),
        would_change=(
            "an official notice raises credibility to A",
            "a signed agreement raises severity to 4",
        ),
    ),
    decision=Decision(Placement.TOP, "severity 3, credibility B"),
    story="2f6c1e08",
    raised_at=ago(0.75),
    source="Sample Wire",
    seq=41,
)

_listing = _item(
    "listing",
    "Twelve shipping firms and 19 vessels added to the SDN List",
    "The firms moved oil for a listed ministry. A wind-down licence runs until 22 December 2026.",
    published_at=ago(13.4),
    first_seen_at=ago(13.3),
)
LISTING = Alert(
    item=_listing,
    verdict=_verdict(
        _listing,
        _event(_listing, "added to the SDN List", "sanctions imposed impose", 5, imposer="authority:ofac"),
        (100, 0),
        entities=(_mention("authority:ofac", "OFAC", "SDN List", "US"),),
        rules=("list-named",),
    ),
    decision=Decision(Placement.NOW, "severity 5, credibility A"),
    story="90d3b6aa",
    raised_at=ago(13.2),
    source="Treasury recent actions",
    seq=36,
)

_sale = _item(
    "sale",
    "Sweden – M142 HIMARS launchers",
    "Approval of a possible Foreign Military Sale for an estimated cost of $900 million was notified.",
    first_seen_at=ago(9),
)
SALE = Alert(
    item=_sale,
    verdict=_verdict(
        _sale,
        _event(
            _sale,
            "Approval of a possible Foreign Military Sale",
            "arms approval supply",
            4,
            amounts=("$900 million",),
            buyer="country:SE",
            supplier="country:US",
            systems=("weapon:himars",),
            quantity="20",
        ),
        (0, 95),
        entities=(
            _mention("country:SE", "Sweden", "Sweden", "SE"),
            _mention("country:US", "United States", "Foreign Military Sale", "US"),
            _mention("weapon:himars", "M142 HIMARS", "M142 HIMARS", "US"),
        ),
    ),
    decision=Decision(Placement.NOW, "severity 4, credibility A"),
    story="c1177f52",
    raised_at=ago(8.9),
    source="Arms sales notices",
    seq=39,
)

_removal = _item("removal", "One person removed from Annex I after a court ruling", published_at=ago(7))
REMOVAL = Alert(
    item=_removal,
    verdict=_verdict(
        _removal,
        _event(_removal, "removed from Annex I", "sanctions lifted relax", 4, imposer="authority:council"),
        (85, 0),
        entities=(_mention("authority:council", "Council of the EU", "Annex I", "EU"),),
    ),
    decision=Decision(Placement.DIGEST, "severity 4, credibility A; lowered one step by the rule annexes"),
    story="7ab0c9d1",
    raised_at=ago(6),
    source="Official journal, notices",
    seq=40,
)

_order = _item(
    "order",
    "Ministry orders 48 howitzers",
    "The contract is worth €310 million.",
    lang="",
    published_at=ago(4),
)
ORDER = Alert(
    item=_order,
    verdict=_verdict(
        _order,
        _event(_order, "orders 48 howitzers", "arms contract acquire", 4, amounts=("€310 million",)),
        (0, 80),
        entities=(_mention("weapon:howitzer", "howitzer", "howitzers", ""),),
        credibility=REGIONAL,
    ),
    decision=Decision(Placement.DIGEST, "severity 4, credibility C; lowered one step by the rule artillery"),
    story="5c80aa31",
    raised_at=ago(3.5),
    source="Regional daily",
    seq=42,
)

_rumour = _item(
    "rumour", "مصادر: الجزائر تدرس شراء مقاتلات جديدة", lang="ar", url="https://regional.example/ar/8841"
)
RUMOUR = Alert(
    item=_rumour,
    verdict=_verdict(
        _rumour,
        _event(_rumour, "تدرس شراء مقاتلات", "arms interest acquire", 2, hedged=True),
        (0, 62),
        entities=(_mention("country:DZ", "Algeria", "الجزائر", "DZ"),),
        credibility=REGIONAL,
    ),
    decision=Decision(Placement.DIGEST, "severity 2, credibility C; raised one step by the rule fighters"),
    story="0e5f7742",
    raised_at=ago(2.8),
    source="Regional daily",
    seq=43,
)

_denial = _item("denial", "Algeria denies talks on new fighters", url="javascript:void(0)")
DENIAL = replace(
    RUMOUR,
    item=_denial,
    verdict=_verdict(
        _denial,
        _event(_denial, "denies talks on new fighters", "arms talks halt", 3, negated=True, status="denied"),
        (0, 64),
        credibility=REGIONAL,
    ),
    decision=Decision(Placement.TOP, "severity 3, credibility C", unconfirmed=True),
    kind=AlertKind.UPDATE,
    news="the earlier report is denied",
    raised_at=ago(0.3),
    seq=45,
)

_fees = _item("fees", "Port fees rise as insurers hesitate")
POSSIBLE = Alert(
    item=_fees,
    verdict=_verdict(_fees, None, (44, 0), possible=("sanctions",), credibility=REGIONAL, versions={}),
    decision=Decision(Placement.TAIL, "relevance below the threshold, but possible"),
    story="",
    raised_at=ago(2),
    seq=44,
)

_delay = _item("delay", "Delivery of frigates put off by a year, yard says")
DELAY = Alert(
    item=_delay,
    verdict=_verdict(
        _delay,
        _event(_delay, "Delivery of frigates put off", "arms delivery supply", 3),
        (0, 74),
        credibility=REGIONAL,
    ),
    decision=Decision(Placement.DIGEST, "severity 3, credibility C"),
    story="d4411b90",
    raised_at=ago(5),
    source="Regional daily",
    kind=AlertKind.UPDATE,
    news="stage: contract → delivery",
    seq=38,
)

_retraction = _item("retraction", "Correction: bank was fined by a regulator, not listed")
RETRACTION = Alert(
    item=_retraction,
    verdict=_verdict(
        _retraction,
        _event(_retraction, "not listed", "sanctions imposed impose", 3, negated=True, status="denied"),
        (72, 0),
        credibility=WIRE,
    ),
    decision=Decision(Placement.DIGEST, "severity 3, credibility B"),
    story="aa01c7d3",
    raised_at=ago(4.5),
    source="Sample Wire",
    kind=AlertKind.UPDATE,
    news="the earlier report is corrected: no listing",
    seq=37,
)
