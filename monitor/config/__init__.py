"""Read `config.toml` and the environment into typed settings, with every mistake in one message.

Any single value may come from the environment instead: ``MONITOR_CHANNELS__DESK__PASSWORD`` stands for
`password` in ``[channels.desk]``. Relative paths start at the folder in which the program runs.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError

from monitor.channels import AnyChannel
from monitor.channels.settings import secret_keys
from monitor.errors import ConfigError, did_you_mean

from .archive import ArchiveSettings
from .base import Duration, Name, Section
from .canary import CanarySettings
from .engine import EngineSettings
from .escalation import EscalationSettings
from .feeds import FeedSettings, JsonFields, PageFields
from .lines import key_lines, located, with_last_line
from .lists import ListSettings, catalogue
from .mismatches import known_among, mismatches
from .quiet_hours import QuietSettings
from .recipients import load_recipients
from .reminders import ReminderSettings
from .routing import TABLES, DigestSettings, ExpectSettings, Language, RecipientSettings, RouteSettings
from .starter_pack import PackSource, known_words
from .translation import TranslationSettings
from .web import WebSettings
from .websub import WebSubSettings

__all__ = [
    "AnyChannel",
    "CanarySettings",
    "DigestSettings",
    "EngineSettings",
    "EscalationSettings",
    "ExpectSettings",
    "FeedSettings",
    "ListSettings",
    "QuietSettings",
    "RecipientSettings",
    "RouteSettings",
    "Settings",
    "WebSettings",
    "WebSubSettings",
    "load",
]


class PollingSettings(Section):
    """``[polling]``: how feeds are fetched; `parsers` 0: one per processor; `allow_hosts` may be internal."""

    user_agent: str = "sanctions-monitor/{version} (+https://example.org; set polling.user_agent)"
    host_gap: Duration = timedelta(seconds=2)
    deadline: Duration = timedelta(seconds=30)
    max_bytes: int = Field(5_000_000, ge=10_000)
    max_decoded_bytes: int = Field(20_000_000, ge=10_000)
    allow_hosts: tuple[str, ...] = ()
    at_once: int = Field(64, ge=1, le=1000)
    parsers: int = Field(0, ge=0, le=256)


class DeliverySettings(Section):
    """``[delivery]``: expiry and summaries; `gaps`: least time between two messages, by channel."""

    uncertain_wait: Duration = timedelta(minutes=15)
    alert_patience: Duration = timedelta(hours=6)
    digest_patience: Duration = timedelta(hours=20)
    missing_patience: Duration = timedelta(days=3)
    storm: int = Field(20, ge=1)
    gaps: dict[Name, Duration] = Field(default_factory=dict)


class HealthSettings(Section):
    """``[health]``: the channels and the language of reports on the monitor itself."""

    channels: tuple[str, ...] = ()
    language: Language = ""


class LogSettings(Section):
    """``[log]``: format and level of the log on standard output."""

    format: Literal["console", "json"] = "console"
    level: Literal["debug", "info", "warning", "error"] = "info"


class WatchSettings(Section):
    """``[watch.<name>]``: own names, @watch:<name> in rules; a hit raises the severity of an event by one."""

    names: tuple[str, ...] = Field(min_length=1)


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
    engine: EngineSettings = EngineSettings()
    polling: PollingSettings = PollingSettings()
    delivery: DeliverySettings = DeliverySettings()
    health: HealthSettings = HealthSettings()
    canary: CanarySettings | None = None
    translation: TranslationSettings | None = None
    log: LogSettings = LogSettings()
    archive: ArchiveSettings = ArchiveSettings()
    web: WebSettings = WebSettings()
    websub: WebSubSettings = WebSubSettings()
    escalation: EscalationSettings = EscalationSettings()
    reminders: ReminderSettings = ReminderSettings()
    feeds: dict[Name, FeedSettings] = {}
    lists: dict[Name, ListSettings] = {}
    watch: dict[Name, WatchSettings] = {}
    channels: dict[Name, AnyChannel] = {}
    routes: dict[Name, RouteSettings] = {}
    digests: dict[Name, DigestSettings] = {}
    recipients: dict[Name, RecipientSettings] = {}
    recipients_file: str = ""
    expect: tuple[ExpectSettings, ...] = ()
    quiet: dict[Name, QuietSettings] = {}

    @field_validator("starter_pack")
    @classmethod
    def _is_in_the_pack(cls, given: bool | tuple[str, ...]) -> bool | tuple[str, ...]:
        for word in given if isinstance(given, tuple) else ():
            if word not in known_words():
                raise ValueError(f"no topic or source {word!r}{did_you_mean(word, known_words())}")
        return given

    @field_validator("official_lists")
    @classmethod
    def _is_in_the_catalogue(cls, given: bool | tuple[str, ...]) -> bool | tuple[str, ...]:
        for name in given if isinstance(given, tuple) else ():
            if name not in catalogue():
                raise ValueError(f"no official list {name!r}{known_among(catalogue())}")
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
        """Take values from the environment, then the file, then the pack; from nowhere else."""
        return env_settings, init_settings, PackSource(settings_cls)


def load(path: Path) -> Settings:
    """Read settings.

    Raises:
        ConfigError: unreadable, not TOML, or invalid; one line for each mistake: ``file: key: what (line)``.
    """
    text = ""
    try:
        text = path.read_text("utf-8")
        settings = Settings(**tomllib.loads(text))
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: there is no such file; `sanctions-monitor init` writes one") from error
    except (OSError, UnicodeError, SettingsError) as error:
        raise ConfigError(f"{path}: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {with_last_line(str(error), text)}") from error
    except ValidationError as error:
        raise _error(path, _mistakes(error), text) from error
    whole = _with_recipients(settings)
    if mistakes := list(mismatches(settings, whole)):
        raise _error(path, mistakes, text)
    return whole


def _error(path: Path, mistakes: Iterable[str], text: str) -> ConfigError:
    return ConfigError("\n".join(f"{path}: {each}" for each in located(mistakes, key_lines(text))))


def _mistakes(error: ValidationError) -> Iterator[str]:
    for each in error.errors(include_url=False):
        what = each["msg"].removeprefix("Value error, ")
        if each["type"] == "extra_forbidden":
            what = f"no such key{_hint(each['loc'])}"
        yield f"{'.'.join(_key_path(each['loc']))}: {what}"


def _key_path(loc: tuple[int | str, ...]) -> Iterator[str]:
    """Yield the keys that lead to a mistake, without those that pydantic adds."""
    for depth, part in enumerate(map(str, loc)):
        of_union = depth == 2 and loc[0] == "channels"
        if not of_union and part != "[key]":
            yield part


def _hint(loc: tuple[int | str, ...]) -> str:
    """Return the question for the known key that is most similar to the last of `loc`; "" without one."""
    model = _model_of_table(loc)
    known = [field.alias or name for name, field in model.model_fields.items()]
    known += [f"{key}_file" for key in secret_keys(model)]
    return did_you_mean(str(loc[-1]), known)


def _model_of_table(loc: tuple[int | str, ...]) -> type[BaseModel]:
    """Return the model of the table that has the key at `loc`.

    The third part of `loc` is the type of a channel, or the name of a table inside a feed, such as ``page``.
    """
    if len(loc) == 1:
        return Settings
    named = loc[2] if loc[0] == "channels" or len(loc) > 3 else loc[0]
    return _MODELS.get(str(named), Settings)


_MODELS: Mapping[str, type[BaseModel]] = {
    "engine": EngineSettings,
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
    **TABLES,
    "web": WebSettings,
    "websub": WebSubSettings,
    "quiet": QuietSettings,
    "escalation": EscalationSettings,
    "reminders": ReminderSettings,
    **{model.model_fields["type"].default: model for model in get_args(get_args(AnyChannel)[0])},
}


def _with_recipients(settings: Settings) -> Settings:
    """Return settings with the recipients of `recipients_file`; those in the settings take precedence."""
    if not settings.recipients_file:
        return settings
    personal = [name for name, table in settings.channels.items() if table.personal]
    usual = personal[0] if len(personal) == 1 else ""
    found = load_recipients(Path(settings.recipients_file).expanduser(), usual)
    return settings.model_copy(update={"recipients": found | settings.recipients})
