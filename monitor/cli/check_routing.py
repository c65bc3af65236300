"""Checks of routes, digests and recipients for `check`: unknown words, clock changes, expectations."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from monitor.alerts.routing import decide
from monitor.alerts.trace import Expectation, path_of, unmet_expectations
from monitor.app import derive
from monitor.app.rulebook import Rulebook
from monitor.config import Settings
from monitor.config.routing import ExpectSettings, FilterSettings
from monitor.digests.occasions import is_shaky
from monitor.errors import did_you_mean
from monitor.match.engine import Engine
from monitor.model import Alert, Tier

from .explain import item_of


def unknown_words(settings: Settings, engine: Engine) -> Iterator[str]:
    """Yield words in routes, digests and recipients that no rule or lexicon knows."""
    entries = engine.lexicon.entries
    types = {event.type for event in engine.rules.events}
    stages = {event.stage for event in engine.rules.events if event.stage}
    things = {entity.partition(":")[0] for entity in entries} - {"watch"}
    for place, asked in filters_of(settings):
        entities = tuple(each for each in asked.entities if each.partition(":")[0] in things)
        yield from _unknown(f"{place}.events", "event", asked.events, types)
        yield from _unknown(f"{place}.stages", "stage", asked.stages, stages)
        yield from _unknown(f"{place}.entities", "entity", entities, entries)


def unfit_filters(settings: Settings, engine: Engine) -> Iterator[str]:
    """Yield routes, digests and recipients whose criteria contradict one another, so that no alert fits."""
    for key, table in filters_of(settings):
        yield from (f"{key}: fits nothing: {reason}" for reason in _contradictions(table, settings, engine))


def _contradictions(table: FilterSettings, settings: Settings, engine: Engine) -> Iterator[str]:
    yield from _impossible_event(table, engine)
    if table.feeds and not _tiers_of(table.feeds, settings):
        yield "all its feeds are disabled"
    elif table.tiers and set(table.tiers).isdisjoint(_tiers_of(table.feeds, settings)):
        yield f"none of {'its' if table.feeds else 'the enabled'} feeds is of tier {' or '.join(table.tiers)}"


def _impossible_event(table: FilterSettings, engine: Engine) -> Iterator[str]:
    """Yield that no event has all that is asked at once; `unknown_words` yields what none has at all."""
    wanted = {"type": table.events, "stage": table.stages, "polarity": table.polarity}
    asked = {name: given for name, given in wanted.items() if given}
    with_all = engine.rules.events
    for name, given in asked.items():
        if not any(getattr(event, name) in given for event in engine.rules.events):
            return
        with_all = tuple(event for event in with_all if getattr(event, name) in given)
    if not with_all:
        described = ", ".join(f"{name} {' or '.join(given)}" for name, given in asked.items())
        yield f"no event has {described}"


def _tiers_of(names: Collection[str], settings: Settings) -> set[Tier]:
    """Return the tiers of enabled feeds, by name or all; additions to sanctions lists are official."""
    enabled = {name: feed.tier for name, feed in settings.feeds.items() if feed.enabled}
    tiers = {tier for name, tier in enabled.items() if not names or name in names}
    lists = {f"list:{name}" for name, table in settings.lists.items() if table.enabled}
    listed = lists if not names else lists & set(names)
    return tiers | ({Tier.OFFICIAL} if listed else set())


def filters_of(settings: Settings) -> Iterator[tuple[str, FilterSettings]]:
    """Yield every table with criteria, by its key."""
    for kind in ("routes", "digests", "recipients"):
        for name, asked in getattr(settings, kind).items():
            yield f"{kind}.{name}", asked


def _unknown(place: str, what: str, words: Collection[str], known: Collection[str]) -> Iterator[str]:
    for word in words:
        if word not in known:
            yield f"{place}: no {what} {word!r}{did_you_mean(word, known)}"


def shaky_hours(settings: Settings, now: datetime) -> Iterator[str]:
    """Yield digests at hours that clocks skip or repeat once a year."""
    seen = set()
    for sub in derive.subscriptions_of(settings):
        if (place := (sub.at, sub.zone)) not in seen and is_shaky(sub, now):
            seen.add(place)
            yield (
                f"{sub.name}: {sub.at} is about when clocks in {sub.zone} jump: on such a day it comes an"
                " hour off; a time after 03:30 never does"
            )


def expectations(settings: Settings, rules: Rulebook) -> Iterator[str]:
    """Yield every expectation that the real rules do not meet."""
    routes, recipients = derive.routes_of(settings), derive.recipients_of(settings)
    written = tuple(sub for sub in derive.subscriptions_of(settings) if sub.name in settings.digests)
    for number, expected in enumerate(settings.expect, 1):
        alert, known = _alert(expected, settings, rules)
        if not known:
            yield f"expect[{number}]: item.source: no feed {expected.item.source!r}"
            continue
        path = path_of(alert, routes, written, recipients)
        asked = Expectation(**{name: getattr(expected, name) for name in _ASKED})
        for what in unmet_expectations(asked, alert, path):
            yield f"expect[{number}]: {expected.item.title!r}: {what}"


_ASKED = ("channels", "digests", "route", "event", "topics")


def _alert(expected: ExpectSettings, settings: Settings, rules: Rulebook) -> tuple[Alert, bool]:
    """Return the alert that an item would raise, and whether its source is known, if it has one."""
    item, tier = item_of(expected.item.model_dump(), settings)
    source = expected.item.source.casefold()
    named = {text.casefold(): name for name, feed in settings.feeds.items() for text in (feed.title, name)}
    feed = settings.feeds.get(named.get(source, ""))
    item = replace(item, feed=named.get(source, item.feed), lang=item.lang or (feed.lang if feed else ""))
    verdict = rules.engine.judge(item, tier)
    decision = decide(verdict, rules.table)
    alert = Alert(
        item=item, verdict=verdict, decision=decision, story="", raised_at=item.first_seen_at, tier=tier.value
    )
    return alert, feed is not None or not source
