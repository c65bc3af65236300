"""``[lists.<name>]``: sanctions lists and own lists, and the catalogue of the official ones.

A table whose name is in the catalogue needs no more keys; with its own `url`, `urls` or `path` it is a
list of the operator's own. ``official_lists = true`` takes all that are on by default, a list takes names.
"""

import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from monitor.lists import FORMATS
from monitor.resources import SEEDS

from .base import Duration, Section

_LOCATIONS = frozenset({"url", "urls", "path"})

#: Keys of the catalogue that describe a list and are no settings.
_DESCRIPTIVE = frozenset({"on", "licence", "note"})

_LICENSED = "opensanctions.org"


class ListSettings(Section):
    """``[lists.<name>]``: `url`, several `urls` that belong together, or the `path` of a file."""

    format: str
    url: str = ""
    urls: tuple[str, ...] = ()
    path: Path | None = None
    title: str = ""
    authority: str = ""
    page: str = ""
    every: Duration = timedelta(hours=6)
    at_least: int = Field(0, ge=0)
    accept_licence: bool = False
    enabled: bool = True

    @field_validator("format")
    @classmethod
    def _is_known(cls, given: str) -> str:
        if given not in FORMATS:
            raise ValueError(f"no such format; there are {', '.join(FORMATS)}")
        return given

    @field_validator("every")
    @classmethod
    def _is_polite(cls, given: timedelta) -> timedelta:
        if given < timedelta(minutes=5):
            raise ValueError("ask at most every five minutes: lists are large")
        return given

    @model_validator(mode="after")
    def _has_one_location(self) -> Self:
        if sum(map(bool, (self.url, self.urls, self.path))) != 1:
            raise ValueError("write one of url, urls or path")
        for url in self.sources:
            parts = urlsplit(url)
            if parts.scheme not in {"http", "https", "file"} or not (
                parts.hostname or parts.scheme == "file"
            ):
                raise ValueError("write whole addresses: https://…, http://… or file:…")
            if (parts.hostname or "").endswith(_LICENSED) and not self.accept_licence:
                raise ValueError(
                    "OpenSanctions' data is CC BY-NC 4.0, and commercial use needs a licence of theirs;"
                    " accept_licence = true says that you may use it"
                )
        return self

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the documents are, in order."""
        if self.path is not None:
            return (f"file:{self.path}",)
        return self.urls or (self.url,)


@cache
def catalogue() -> dict[str, dict[str, Any]]:
    """Return the table of every known official list, by name."""
    return tomllib.loads((SEEDS / "lists.toml").read_text("utf-8"))


def wanted_lists(words: Any, own: Any) -> dict[str, dict[str, Any]]:
    """Return the tables of the lists that `official_lists` names, or that the operator's tables complete."""
    tables = own if isinstance(own, dict) else {}
    replaced = {
        name for name, table in tables.items() if isinstance(table, dict) and _LOCATIONS & table.keys()
    }
    wanted = {name for name in catalogue() if name in tables or _is_wanted(name, words)} - replaced
    return {
        name: {key: value for key, value in table.items() if key not in _DESCRIPTIVE}
        for name, table in catalogue().items()
        if name in wanted
    }


def _is_wanted(name: str, words: Any) -> bool:
    if isinstance(words, list | tuple):
        return name in words
    return words not in (False, None, "false", "0") and bool(catalogue()[name]["on"])
