"""`config.toml` and the environment to typed settings, with every mistake in one message.

Any single value may come from the environment instead: ``MONITOR_CHANNELS__DESK__PASSWORD`` stands for
`password` in ``[channels.desk]``. Relative paths start at the folder in which the program runs.
"""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError

from monitor.channels import AnyChannel
from monitor.errors import ConfigError
from monitor.model import Placement

from .acts import EscalationSettings, QuietSettings, WebSettings, lost_by, named_channels
from .archive import ArchiveSettings
from .base import Duration, Name, Section
from .canary import CanarySettings
from .feeds import FeedSettings, JsonFields, PageFields
from .lists import ListSettings, catalogue
from .pack import PackSource, known_words

__all__ = [
    "AnyChannel",
    "CanarySettings",
    "EscalationSettings",
    "FeedSettings",
    "ListSettings",
    "QuietSettings",
    "Settings",
    "WebSettings",
    "load",
]

Topic = Literal["sanctions", "arms"]
Place = Literal["tail", "digest", "top", "now"]

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_DAYS: tuple[Day, ...] = get_args(Day)


class PollingSettings(Section):
    """``[polling]``: how feeds are asked; 0 `parsers`: one per processor; `allow_hosts` may be internal."""

    user_agent: str = "sanctions-monitor/{version} (+https://example.org; set polling.user_agent)"
    host_gap: Duration = timedelta(seconds=2)
    deadline: Duration = timedelta(seconds=30)
    max_bytes: int = Field(5_000_000, ge=10_000)
    max_decoded_bytes: int = Field(20_000_000, ge=10_000)
    allow_hosts: tuple[str, ...] = ()
    at_once: int = Field(64, ge=1, le=1000)
    parsers: int = Field(0, ge=0, le=256)


class DeliverySettings(Section):
    """``[delivery]``: for how long what is tried, how much at once; `gaps` are the channels' own, by name."""

    uncertain_wait: Duration = timedelta(minutes=15)
    alert_patience: Duration = timedelta(hours=6)
    digest_patience: Duration = timedelta(hours=20)
    missing_patience: Duration = timedelta(days=3)
    storm: int = Field(20, ge=1)
    gaps: dict[Name, Duration] = Field(default_factory=dict)


class HealthSettings(Section):
    """``[health]``: who is told when the monitor itself misses something, apart from the routes of news."""

    channels: tuple[str, ...] = ()


class LogSettings(Section):
    """``[log]``"""

    format: Literal["console", "json"] = "console"
    level: Literal["debug", "info", "warning", "error"] = "info"


class WatchSettings(Section):
    """``[watch.<name>]``: names of your own; @watch:<name> in rules. A hit makes an event one step graver."""

    names: tuple[str, ...] = Field(min_length=1)


class RouteSettings(Section):
    """``[routes.<name>]``: which alerts go to which channels at once, in the order of the file."""

    channels: tuple[str, ...] = Field(min_length=1)
    topics: tuple[Topic, ...] = ()
    feeds: tuple[str, ...] = ()
    min_severity: int = Field(0, ge=0, le=5)
    at_least: Place = "now"
    go_on: bool = Field(False, alias="continue")

    @property
    def placement(self) -> Placement:
        """The least placement that takes this route."""
        return Placement[self.at_least.upper()]


class DigestSettings(Section):
    """``[digests.<name>]``: one message a day about what was flagged, by a local clock."""

    channels: tuple[str, ...] = Field(min_length=1)
    at: str = "08:00"
    zone: str = "UTC"
    days: tuple[Day, ...] = Field(_DAYS, min_length=1)
    topics: tuple[Topic, ...] = ()
    empty: Literal["always", "skip"] = "always"
    catch_up: Literal["coalesce", "each", "skip"] = "coalesce"
    welcome: bool = False
    attach: tuple[Literal["csv", "json"], ...] = ("csv",)

    @field_validator("at")
    @classmethod
    def _is_a_time(cls, given: str) -> str:
        if not re.fullmatch(r"(?:[01]\d|2[0-3]):[0-5]\d", given):
            raise ValueError('write the time as "HH:MM", from "00:00" to "23:59"')
        return given

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, given: str) -> str:
        try:
            ZoneInfo(given)
        except (KeyError, ValueError, OSError):  # zoneinfo raises all three for names it cannot use
            raise ValueError("no such zone; write an IANA name such as Europe/Istanbul") from None
        return given

    @property
    def weekdays(self) -> tuple[int, ...]:
        """ISO weekdays, 1 = Monday."""
        return tuple(_DAYS.index(day) + 1 for day in self.days)


class Settings(BaseSettings):
    """The whole file."""

    model_config = SettingsConfigDict(
        env_prefix="MONITOR_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    database: str = "var/monitor.db"
    starter_pack: bool | tuple[str, ...] = False
    rules: Path = Path("rules")
    lexicon: Path = Path("lexicon")
    scoring: Path = Path("scoring.toml")
    templates: Path = Path("templates.d")
    shelf: Path = Path("var/lists")
    official_lists: bool | tuple[str, ...] = False
    polling: PollingSettings = PollingSettings()
    delivery: DeliverySettings = DeliverySettings()
    health: HealthSettings = HealthSettings()
    canary: CanarySettings | None = None
    log: LogSettings = LogSettings()
    archive: ArchiveSettings = ArchiveSettings()
    web: WebSettings = WebSettings()
    escalation: EscalationSettings = EscalationSettings()
    feeds: dict[Name, FeedSettings] = {}
    lists: dict[Name, ListSettings] = {}
    watch: dict[Name, WatchSettings] = {}
    channels: dict[Name, AnyChannel] = {}
    routes: dict[Name, RouteSettings] = {}
    digests: dict[Name, DigestSettings] = {}
    quiet: dict[Name, QuietSettings] = {}

    @field_validator("starter_pack")
    @classmethod
    def _is_in_the_pack(cls, given: bool | tuple[str, ...]) -> bool | tuple[str, ...]:
        for word in given if isinstance(given, tuple) else ():
            if word not in known_words():
                close = difflib.get_close_matches(word, known_words(), n=1)
                raise ValueError(
                    f"no topic or source {word!r}{f'; did you mean {close[0]}?' if close else ''}"
                )
        return given

    @field_validator("official_lists")
    @classmethod
    def _is_in_the_catalogue(cls, given: bool | tuple[str, ...]) -> bool | tuple[str, ...]:
        for name in given if isinstance(given, tuple) else ():
            if name not in catalogue():
                raise ValueError(f"no official list {name!r}{_known(catalogue())}")
        return given

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment stand before the file, the file before the pack, and nothing else speak."""
        return env_settings, init_settings, PackSource(settings_cls)


def load(path: Path) -> Settings:
    """Read settings.

    Raises:
        ConfigError: unreadable, not TOML, or invalid; one line for each mistake, as ``file: key: what``.
    """
    try:
        settings = Settings(**tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: there is no such file; `sanctions-monitor init` writes one") from error
    except (OSError, UnicodeError, tomllib.TOMLDecodeError, SettingsError) as error:
        raise ConfigError(f"{path}: {error}") from error
    except ValidationError as error:
        raise ConfigError("\n".join(f"{path}: {line}" for line in _lines(error))) from error
    if mistakes := [*_mismatches(settings), *_unfit(settings)]:
        raise ConfigError("\n".join(f"{path}: {mistake}" for mistake in mistakes))
    return settings


def _lines(error: ValidationError) -> Iterator[str]:
    for each in error.errors(include_url=False):
        what = each["msg"].removeprefix("Value error, ")
        if each["type"] == "extra_forbidden":
            what = f"no such key{_hint(each['loc'])}"
        yield f"{'.'.join(_place(each['loc']))}: {what}"


def _place(loc: tuple[int | str, ...]) -> Iterator[str]:
    """Yield the keys of the file that lead to a mistake, without what pydantic adds of its own."""
    for depth, part in enumerate(map(str, loc)):
        of_union = depth == 2 and loc[0] == "channels"
        if not of_union and part != "[key]":
            yield part


def _hint(loc: tuple[int | str, ...]) -> str:
    """Return the known key that comes nearest; a channel's table is known by its type, the third in `loc`."""
    table = str(loc[2] if loc[0] == "channels" or len(loc) > 3 else loc[0])
    model = _MODELS.get(table, Settings) if len(loc) > 1 else Settings
    known = [field.alias or name for name, field in model.model_fields.items()]
    known += [f"{key}_file" for key in getattr(model, "confidential", ())]
    close = difflib.get_close_matches(str(loc[-1]), known, n=1)
    return f"; did you mean {close[0]}?" if close else ""


_MODELS: Mapping[str, type[BaseModel]] = {
    "polling": PollingSettings,
    "delivery": DeliverySettings,
    "health": HealthSettings,
    "canary": CanarySettings,
    "log": LogSettings,
    "archive": ArchiveSettings,
    "feeds": FeedSettings,
    "lists": ListSettings,
    "page": PageFields,
    "json": JsonFields,
    "watch": WatchSettings,
    "routes": RouteSettings,
    "digests": DigestSettings,
    "web": WebSettings,
    "quiet": QuietSettings,
    "escalation": EscalationSettings,
    **{model.model_fields["type"].default: model for model in get_args(get_args(AnyChannel)[0])},
}


def _mismatches(settings: Settings) -> Iterator[str]:
    """Yield names that stand for nothing."""
    told: dict[str, HealthSettings | CanarySettings | RouteSettings | DigestSettings] = {}
    told |= {"health": settings.health} | ({"canary": settings.canary} if settings.canary else {})
    told |= {f"routes.{name}": table for name, table in settings.routes.items()}
    told |= {f"digests.{name}": table for name, table in settings.digests.items()}
    for place, table in told.items():
        for channel in table.channels:
            if channel not in settings.channels:
                yield f"{place}.channels: no channel {channel!r}{_known(settings.channels)}"
    for name, route in settings.routes.items():
        for feed in route.feeds:
            if feed not in settings.feeds and feed.removeprefix("list:") not in settings.lists:
                yield f"routes.{name}.feeds: no feed {feed!r}{_known(settings.feeds)}"
    yield from _acts_mismatches(settings)


def _acts_mismatches(settings: Settings) -> Iterator[str]:
    for place, channels in named_channels(settings.quiet, settings.escalation):
        for channel in channels:
            if channel not in settings.channels:
                yield f"{place}: no channel {channel!r}{_known(settings.channels)}"
    yield from lost_by(settings.quiet, {name for each in settings.digests.values() for name in each.channels})


def _unfit(settings: Settings) -> Iterator[str]:
    """Yield channels that are asked for what they do not take."""
    for name, digest in settings.digests.items():
        for channel in digest.channels:
            if channel in settings.channels and (why := settings.channels[channel].no_digests):
                yield f"digests.{name}.channels: {channel!r} takes no digests: {why}"


def _known(tables: Mapping[str, Any]) -> str:
    return f"; there are {', '.join(tables)}" if tables else "; there are none yet"
