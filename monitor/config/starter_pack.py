"""The starter pack: sources that ship with the program and are polled when `starter_pack` names them.

``starter_pack = true`` takes all that are on by default; a list takes these topics and names. A table
``[feeds.<name>]`` of the operator's changes a source key by key, and replaces it when it has its own `url`.
"""

import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

from monitor.resources import SEEDS

from . import lists

#: Keys of the pack that describe a source and are no settings.
_DESCRIPTIVE = frozenset({"topics", "on", "note", "terms"})


@cache
def pack() -> dict[str, dict[str, Any]]:
    """Return the table of every source of the pack, by name."""
    return tomllib.loads((SEEDS / "feeds.toml").read_text("utf-8"))


@cache
def known_words() -> tuple[str, ...]:
    """Return the words that `starter_pack` may hold: topics, then names."""
    topics = {topic for source in pack().values() for topic in source["topics"]}
    return (*sorted(topics), *pack())


def wanted_feeds(words: Any) -> dict[str, dict[str, Any]]:
    """Return the tables of the sources that `starter_pack` names; a name takes one that is off by default."""
    if words in (False, None, "false", "0"):
        return {}
    wanted = words if isinstance(words, list | tuple) else None
    return {
        name: {key: value for key, value in source.items() if key not in _DESCRIPTIVE}
        for name, source in pack().items()
        if _is_wanted(name, source, wanted)
    }


def _is_wanted(name: str, source: Mapping[str, Any], words: Collection[str] | None) -> bool:
    """Say whether these words take a source, by its name or a topic of it; without words, if it is on."""
    if words is None:
        return bool(source["on"])
    return name in words or (bool(source["on"]) and not set(words).isdisjoint(source["topics"]))


class PackSource(PydanticBaseSettingsSource):
    """Adds the feeds of the pack and the lists of the catalogue below those of file and environment."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return nothing: this source has no single fields."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return the feeds and lists that the other sources ask for and do not replace."""
        asked = self.current_state
        return self._feeds(asked) | self._lists(asked)

    def _lists(self, asked: dict[str, Any]) -> dict[str, Any]:
        found = lists.wanted_lists(asked.get("official_lists"), asked.get("lists"))
        return {"lists": found} if found else {}

    def _feeds(self, asked: dict[str, Any]) -> dict[str, Any]:
        own = asked.get("feeds")
        feeds = wanted_feeds(asked.get("starter_pack"))
        if not feeds or not (own is None or isinstance(own, dict)):
            return {}
        replaced = {name for name, table in (own or {}).items() if isinstance(table, dict) and "url" in table}
        return {"feeds": {name: table for name, table in feeds.items() if name not in replaced}}
