"""Checks of a new silence: criteria that nothing can meet, and what it would have suppressed lately."""

from datetime import UTC, datetime, timedelta

import typer

from monitor.alerts.suppression import matching_silence
from monitor.app import list_settings
from monitor.app.rulebook import rulebook
from monitor.config import Settings
from monitor.errors import did_you_mean
from monitor.lists.find import find
from monitor.match.engine import Engine
from monitor.match.rules import TOPICS
from monitor.model import Alert, Silence
from monitor.store import SqlStore
from monitor.text import words

from .common import require_known

#: The period in which `would_have_suppressed` looks for alerts.
LOOKBACK = timedelta(days=30)

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def refuse_impossible(silence: Silence, settings: Settings, store: SqlStore) -> None:
    """Refuse a silence with a criterion that no alert can meet.

    Raises:
        typer.BadParameter: the feed, entity, event type, topic or story is unknown; with a suggestion.
    """
    if silence.topic:
        require_known("topic", silence.topic, TOPICS)
    if silence.feed:
        require_known("feed", silence.feed, (*settings.feeds, *(f"list:{name}" for name in settings.lists)))
    if silence.story and not any(each.id == silence.story for each in store.stories_changed(_EVER, {})):
        raise typer.BadParameter(f"no story {silence.story!r}; messages of alerts give it, at the end")
    if silence.event or silence.entity:
        engine = rulebook(settings).engine
        if silence.event:
            require_known("event", silence.event, {each.type for each in engine.rules.events})
        if silence.entity:
            _require_entity(silence.entity, settings, engine, store)


def would_have_suppressed(silence: Silence, store: SqlStore) -> tuple[tuple[Alert, ...], int]:
    """Return the alerts of the last 30 days that a silence fits, and the number of all alerts then."""
    now = silence.created_at
    alerts = store.alerts(now - LOOKBACK, now)
    return tuple(alert for alert in alerts if matching_silence((silence,), alert, now)), len(alerts)


def _require_entity(entity: str, settings: Settings, engine: Engine, store: SqlStore) -> None:
    """Refuse an id or name that neither the lexicon, a watch list, a sanctions list nor an alert has."""
    entries = engine.lexicon.entries
    names = {tuple(words(entry.name)) for entry in entries.values()}
    if entity in entries or tuple(words(entity)) in names or entity in _mentioned(store):
        return
    if _is_listed(entity, settings):
        return
    known = [*entries, *(entry.name for entry in entries.values())]
    hint = did_you_mean(entity, known) or "; `sanctions-monitor explain TEXT --json` shows ids"
    raise typer.BadParameter(f"no entity {entity!r}{hint}")


def _mentioned(store: SqlStore) -> set[str]:
    """Return the ids and names of the entities that stored alerts mention."""
    alerts = store.alerts(_EVER, datetime.max.replace(tzinfo=UTC))
    return {text for alert in alerts for each in alert.verdict.entities for text in (each.id, each.name)}


def _is_listed(entity: str, settings: Settings) -> bool:
    """Say whether the last good copy of a list has an entity with this id or name."""
    cache = list_settings.list_cache_of(settings)
    for name in list_settings.lists_of(settings):
        prefix, entities = f"{name}:", cache.entities(name)
        if entity.startswith(prefix):
            return any(each.id == entity.removeprefix(prefix) for each in entities)
        if any(found.exact for found in find([entity], entities)):
            return True
    return False
