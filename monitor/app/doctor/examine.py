"""Run all areas of an examination, one after another, and gather their findings."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from monitor import config as configuration
from monitor.config.lines import key_lines
from monitor.errors import ConfigError, MonitorError

from .base import Area, Examination, Finding, Level, NetworkArea
from .clock import dates_of_hosts, examine_clock
from .cluster import examine_cluster
from .configuration import examine_configuration, examine_feeds
from .data import examine_data
from .database import examine_database
from .lists import examine_lists
from .mail import examine_mail
from .names import examine_names
from .parsers import examine_parsers
from .permissions import examine_permissions
from .program import examine_program
from .servers import examine_servers

AREAS: Mapping[str, Area] = {
    "program": examine_program,
    "configuration": examine_configuration,
    "feeds": examine_feeds,
    "data": examine_data,
    "database": examine_database,
    "permissions": examine_permissions,
    "parsers": examine_parsers,
    "clock": examine_clock,
    "lists": examine_lists,
}
CLUSTER_AREAS: Mapping[str, Area] = {"cluster": examine_cluster}
NETWORK_AREAS: Mapping[str, NetworkArea] = {
    "names": examine_names,
    "mail": examine_mail,
    "web addresses": examine_servers,
}
DATES = "dates of hosts"


def examine(
    config: Path, now: datetime, *, offline: bool = False, dates: bool = False
) -> dict[str, tuple[Finding, ...]]:
    """Return the findings by area. Unless `offline`, configured hosts are resolved and channels connected to.

    With `dates`, hosts of feeds are asked for the time as well.
    """
    try:
        settings = configuration.load(config)
    except ConfigError as error:
        remedy = "mend the configuration; all else depends on it"
        mistakes = str(error).split("\n")
        return {"configuration": tuple(Finding(Level.FAIL, each, str(config), remedy) for each in mistakes)}
    lines = key_lines(config.read_text("utf-8"))
    examination = Examination(settings=settings, config=config, lines=lines, now=now)
    areas = {**AREAS, **(CLUSTER_AREAS if settings.engine.kind == "cluster" else {})}
    found = {name: _findings(area, examination) for name, area in areas.items()}
    if not offline:
        asked = {**NETWORK_AREAS, **({DATES: dates_of_hosts} if dates else {})}
        found |= asyncio.run(_network(asked, examination))
    return found


def _findings(area: Area, examination: Examination) -> tuple[Finding, ...]:
    try:
        return tuple(area(examination))
    except MonitorError as error:
        return (Finding(Level.FAIL, str(error)),)


async def _network(
    areas: Mapping[str, NetworkArea], examination: Examination
) -> dict[str, tuple[Finding, ...]]:
    found: dict[str, tuple[Finding, ...]] = {}
    for name, area in areas.items():
        found[name] = tuple([each async for each in area(examination)])
    return found
