"""List the formats of sanctions lists; the module of a parser is imported when its first list is parsed."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from .base import ListParser, per_document


@dataclass(frozen=True, slots=True)
class ListFormat:
    """The place of a parser, module:function; the documents of a `joined` format belong together."""

    place: str
    joined: bool = False

    def parser(self) -> ListParser:
        """Import and return the parser of the documents of a list."""
        module, function = self.place.split(":")
        parse = getattr(import_module(f"monitor.lists.{module}"), function)
        return cast(ListParser, parse) if self.joined else per_document(parse)


FORMATS: Mapping[str, ListFormat] = {
    "ofac": ListFormat("ofac:read_ofac", joined=True),
    "ofac-xml": ListFormat("ofac_xml:read_ofac_xml"),
    "us-csl": ListFormat("us_csl:read_us_csl"),
    "un": ListFormat("un:read_un"),
    "eu-fsf": ListFormat("eu_fsf:read_eu_fsf"),
    "uk": ListFormat("uk:read_uk"),
    "ofsi": ListFormat("ofsi:read_ofsi"),
    "ca": ListFormat("ca:read_ca"),
    "au": ListFormat("au:read_au"),
    "ch-seco": ListFormat("ch_seco:read_ch_seco"),
    "opensanctions": ListFormat("opensanctions:read_opensanctions"),
    "ftm": ListFormat("ftm:read_ftm"),
    "plain": ListFormat("plain:read_plain"),
}
