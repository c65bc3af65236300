"""`config.toml` and the environment: what is read, what is refused, and in which words."""

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from monitor import config
from monitor.channels import AnyChannel
from monitor.channels.settings import secret_keys
from monitor.config import Settings, load
from monitor.config.routing import Schedule
from monitor.errors import ConfigError
from monitor.model import Placement
from monitor.resources import EXAMPLE_CONFIG, SEEDS

MISTAKES = tomllib.loads((Path(__file__).parent / "mistakes.toml").read_text("utf-8"))["mistake"]
PATH = Path("config.toml")
CHANNELS: tuple[type[BaseModel], ...] = get_args(get_args(AnyChannel)[0])


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(text: str) -> Settings:
    PATH.write_text(text, "utf-8")
    return load(PATH)


def mistakes(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(text)
    return str(caught.value).split("\n")


# ---------------------------------------------------------------- the files that ship


@pytest.mark.parametrize("path", [EXAMPLE_CONFIG, SEEDS / "config.starter.toml"], ids=lambda path: path.name)
def test_the_files_that_ship_load(path: Path) -> None:
    settings = load(path)
    assert settings.feeds["sample"].url == "seed:sample/feed.xml"
    assert "outbox" in settings.channels


def test_what_is_commented_out_of_the_starter_loads_once_the_comment_signs_are_gone() -> None:
    text = (SEEDS / "config.starter.toml").read_text("utf-8")
    on = re.sub(r"^# (?=\[channels\.|\w+ = )", "", text, flags=re.MULTILINE)
    for name in ("smtp", "slack", "webhook"):
        Path(name).write_text("https://hooks.example.org/a-secret")
        on = on.replace(f"/run/secrets/{name}", name)
    assert set(read(on).channels) == {"terminal", "outbox", "desk", "slack", "hook"}


def sections(prefix: str) -> str:
    """Return the tables of the example whose name begins so, comments included; "" is the top of the file."""
    parts = re.split(r"(?m)^(?=\[)", EXAMPLE_CONFIG.read_text("utf-8"))
    return "".join(part for part in parts if part.startswith(prefix)) if prefix else parts[0]


def channel_section(kind: str) -> str:
    parts = re.split(r"(?m)^(?=\[)", sections("[channels."))
    return "".join(part for part in parts if f'type = "{kind}"' in part)


DOCUMENTED = [
    *(
        (name, sections(f"[{name}{end}"), getattr(config, model))
        for name, end, model in (
            ("polling", "]", "PollingSettings"),
            ("delivery", "]", "DeliverySettings"),
            ("log", "]", "LogSettings"),
            ("canary", "]", "CanarySettings"),
            ("feeds", ".", "FeedSettings"),
            ("lists", ".", "ListSettings"),
            ("watch", ".", "WatchSettings"),
            ("routes", ".", "RouteSettings"),
            ("digests", ".", "DigestSettings"),
            ("quiet", ".", "QuietSettings"),
            ("escalation", "]", "EscalationSettings"),
            ("web", "]", "WebSettings"),
            ("recipients", ".", "RecipientSettings"),
            ("[expect]", "]", "ExpectSettings"),
        )
    ),
    *((kind := model.model_fields["type"].default, channel_section(kind), model) for model in CHANNELS),
]


@pytest.mark.parametrize(("name", "text", "model"), DOCUMENTED, ids=[row[0] for row in DOCUMENTED])
def test_every_key_is_in_the_example(name: str, text: str, model: type[BaseModel]) -> None:
    keys = {field.alias or key for key, field in model.model_fields.items()}
    shown = set(re.findall(r"\b([a-z_0-9]+) = ", text))
    by_file = {f"{key}_file" for key in secret_keys(model)}
    assert keys - shown == set()
    assert {key for key in by_file if key not in text} == set()


def test_every_table_is_in_the_example() -> None:
    text = EXAMPLE_CONFIG.read_text("utf-8")
    plain = {name for name in Settings.model_fields if f"\n{name} = " in text}
    assert {
        name for name in set(Settings.model_fields) - plain if f"\n[{name}" not in text.replace("\n[[", "\n[")
    } == set()


def test_what_the_example_calls_a_default_is_the_default() -> None:
    example, default = load(EXAMPLE_CONFIG), Settings()
    assert example.polling.model_copy(update={"user_agent": default.polling.user_agent}) == default.polling
    assert (example.delivery, example.log, example.database) == (
        default.delivery,
        default.log,
        default.database,
    )
    assert (example.web, example.escalation) == (default.web, default.escalation)
    assert (example.rules, example.lexicon, example.templates, example.shelf) == (
        default.rules,
        default.lexicon,
        default.templates,
        default.shelf,
    )


# ---------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    "mistake", MISTAKES, ids=lambda mistake: mistake["said"][0].removeprefix("config.toml: ")[:50]
)
def test_a_mistake_is_reported_with_file_and_key(mistake: dict[str, Any]) -> None:
    assert mistakes(mistake["given"]) == mistake["said"]


def test_every_mistake_is_reported_in_one_message() -> None:
    said = mistakes("""
        databse = "x"
        [polling]
        host_gap = "soon"
        [feeds.wire]
        url = "wire.example"
        [channels.desk]
        type = "email"
        host = "smtp.example.org"
        [digests.daily]
        channels = ["desk"]
        zone = "Mars"
        """)
    assert sorted(line.split(": ")[1] for line in said) == [
        "channels.desk.sender",
        "channels.desk.to",
        "databse",
        "digests.daily.zone",
        "feeds.wire.url",
        "polling.host_gap",
    ]


def test_a_missing_file_says_what_writes_one() -> None:
    with pytest.raises(ConfigError) as caught:
        load(PATH)
    assert str(caught.value) == "config.toml: there is no such file; `sanctions-monitor init` writes one"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.mkdir(), "Is a directory"),
        (lambda path: path.write_bytes(b'database = "\xff"'), "can't decode byte 0xff"),
    ],
    ids=["folder", "not-utf-8"],
)
def test_a_file_that_cannot_be_read_is_named(make: Any, said: str) -> None:
    make(PATH)
    with pytest.raises(ConfigError, match=f"^config.toml: .*{said}"):
        load(PATH)


# ---------------------------------------------------------------- values


DURATIONS = [
    ("1s", timedelta(seconds=1)),
    ("90s", timedelta(seconds=90)),
    ("1.5m", timedelta(seconds=90)),
    ("10 m", timedelta(minutes=10)),
    ("24h", timedelta(days=1)),
    ("7d", timedelta(days=7)),
]


@pytest.mark.parametrize(("written", "meant"), DURATIONS)
def test_a_duration_is_a_number_and_a_unit(written: str, meant: timedelta) -> None:
    assert read(f'[delivery]\nuncertain_wait = "{written}"').delivery.uncertain_wait == meant


@pytest.mark.parametrize("name", ["a", "ofac-actions", "ofac_actions", "eu-oj-l", "9gag", "a1-b2_c3"])
def test_names_that_can_be_written_in_an_environment_variable_are_taken(name: str) -> None:
    assert list(read(f'[channels.{name}]\ntype = "console"').channels) == [name]


@pytest.mark.parametrize("name", ["A", "ö", "a b", "a.b", "-a", "a-", "a__b", "a--b", "", "_a"])
def test_a_name_with_other_characters_is_refused(name: str) -> None:
    assert mistakes(f'[channels."{name}"]\ntype = "console"')[0].endswith(
        ", as in [feeds.ofac-actions] (line 1)"
    )


@pytest.mark.parametrize(
    "url", ["https://a.example/f", "http://a.example:8080/", "file:f.xml", "file:///f.xml", "seed:s"]
)
def test_a_feed_may_be_an_http_address_a_file_or_a_seed(url: str) -> None:
    assert read(f'[feeds.wire]\nurl = "{url}"').feeds["wire"].url == url


def test_a_backlog_may_be_all() -> None:
    assert read('[feeds.wire]\nurl = "seed:s"\nbacklog = "all"').feeds["wire"].backlog is None


def test_days_and_placements_are_read_as_the_stories_want_them() -> None:
    settings = read("""
        [channels.t]
        type = "console"
        [routes.all]
        channels = ["t"]
        at_least = "tail"
        continue = true
        [digests.weekly]
        channels = ["t"]
        days = ["mon", "sun"]
        """)
    assert settings.digests["weekly"].schedule == Schedule("day", "08:00", (1, 7))
    route = settings.routes["all"]
    assert (route.placement, route.continue_) == (Placement.TAIL, True)


def test_country_codes_are_iso_and_their_aliases_are_accepted() -> None:
    settings = read("""
        [channels.t]
        type = "console"
        [routes.all]
        channels = ["t"]
        countries = ["UK", "EL", "FR", "EU", "XK"]
        entities = ["country:UK", "weapon:s-400-triumf"]
        """)
    route = settings.routes["all"]
    assert route.countries == ("GB", "GR", "FR", "EU", "XK")
    assert route.entities == ("country:GB", "weapon:s-400-triumf")


# ---------------------------------------------------------------- the environment, and secrets


DESK = """
[channels.desk]
type = "email"
host = "smtp.example.org"
sender = "monitor@example.org"
to = ["desk@example.org"]
user = "monitor"
"""


def password(settings: Settings) -> str:
    return settings.channels["desk"].password.get_secret_value()  # type: ignore[union-attr]


def test_the_environment_gives_a_value_that_the_file_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_CHANNELS__DESK__PASSWORD", "hunter22")
    assert password(read(DESK)) == "hunter22"


def test_the_environment_stands_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_CHANNELS__DESK__PASSWORD", "hunter22")
    monkeypatch.setenv("MONITOR_DATABASE", "postgresql://db.example/monitor")
    monkeypatch.setenv("MONITOR_POLLING__HOST_GAP", "5s")
    settings = read(f'database = "x.db"\n[polling]\nat_once = 3\n{DESK}password = "other"')
    assert (password(settings), settings.database) == ("hunter22", "postgresql://db.example/monitor")
    assert (settings.polling.host_gap, settings.polling.at_once) == (timedelta(seconds=5), 3)


def test_a_wrong_value_in_the_environment_is_reported_by_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_POLLING__HOST_GAP", "soon")
    assert mistakes("") == ['config.toml: polling.host_gap: write a duration as "30s", "10m", "24h" or "7d"']


def test_a_secret_may_be_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("hunter22\n")
    assert password(read(f'{DESK}password_file = "{tmp_path}/password"')) == "hunter22"


SECRETS = f"""
{DESK}password = "hunter22"
[channels.team]
type = "slack"
url = "https://hooks.example.org/hunter22"
[channels.hook]
type = "webhook"
url = "https://user:hunter22@hooks.example.org/"
secret = "whsec_aHVudGVyMjI="
"""


def test_no_secret_is_ever_shown() -> None:
    settings = read(SECRETS)
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert "hunter22" not in shown
        assert "aHVudGVyMjI" not in shown


@pytest.mark.parametrize(
    "wrong",
    [
        '[channels.desk]\npassword = ["hunter22"]\ntype = "email"',
        f'{DESK}pasword = "hunter22"',
        '[channels.hook]\ntype = "webhook"\nurl = "http://user:hunter22@hooks.example.org/"',
        '[channels.hook]\ntype = "webhook"\nurl = "https://hooks.example.org/"\nsecret = "whsec_hunter22!"',
        '[channels.team]\ntype = "slack"\nurl = "hunter22"',
        '[channels.team]\ntype = "slack"\nurl = 22\nkey = "hunter22"',
    ],
    ids=["not-text", "misspelt", "in-clear", "not-base64", "no-address", "extra"],
)
def test_an_error_about_a_secret_does_not_show_the_secret(wrong: str) -> None:
    assert "hunter22" not in "\n".join(mistakes(wrong))
