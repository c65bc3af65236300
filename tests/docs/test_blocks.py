"""What README.md and docs/ show of files is read by what reads these files: settings, rules, words, JSON, YAML."""

import json
import re
import tomllib
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.app.rulebook import inspect
from monitor.config import Settings, load
from monitor.match.examples import failed
from tests.support.documents import Block, all_blocks

CONFIGURATION = frozenset(info.alias or name for name, info in Settings.model_fields.items())
RULES = frozenset({"rule", "event"})
WORDS = frozenset(
    "concept country verb status frame small maker weapon agency authority person programme confusable".split()
)
SCORING = frozenset("relevance fields severity tiers credibility letters routing".split())

TOML = all_blocks("toml")

#: What is in the files of secrets that blocks name, where a channel checks it.
SECRETS = {
    "telegram": "123456:a-secret",
    "pagerduty": "0123456789abcdef" * 2,
    "apprise": "json://127.0.0.1/",
    "other": "https://hooks.example.org/a-secret-of-some-length",
}


def kind_of(block: Block) -> frozenset[str]:
    """Return the top-level keys of the kind of file that a block shows a part of."""
    keys = set(tomllib.loads(block.text))
    for kind in (CONFIGURATION, RULES, SCORING, WORDS):
        if keys <= kind:
            return kind
    raise AssertionError(f"{block.place}: {sorted(keys)} are not of one kind of file")


def of_kind(kind: frozenset[str]) -> list[Block]:
    """Return the blocks of a kind; of one file that a page shows several times, the last."""
    found = {(block.page, block.file or block.line): block for block in TOML if kind_of(block) == kind}
    return list(found.values())


@pytest.mark.parametrize("block", of_kind(CONFIGURATION), ids=lambda block: block.place)
def test_settings_that_are_shown_load(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = block.text
    for path in set(re.findall(r'(?m)^\w+_file = "([^"]+)"', text)):
        (tmp_path / Path(path).name).write_text(SECRETS.get(Path(path).name, SECRETS["other"]))
        text = text.replace(f'"{path}"', f'"{Path(path).name}"')
    for name, table in tomllib.loads(text).get("channels", {}).items():
        if "user" in table and not table.keys() & {"password", "password_file", "auth"}:
            monkeypatch.setenv(f"MONITOR_CHANNELS__{name.upper()}__PASSWORD", "in the environment")
    (tmp_path / "config.toml").write_text(text + "\n" + missing(tomllib.loads(text)), "utf-8")
    assert load(tmp_path / "config.toml")


def missing(shown: dict[str, Any]) -> str:
    """Return tables for the channels that a block names and does not have."""
    users = chain.from_iterable(
        shown.get(key, {}).values() for key in ("routes", "digests", "quiet", "recipients")
    )
    lists = [*users, shown.get("health", {}), shown.get("canary", {})]
    named = {name for each in lists for name in each.get("channels", each.get("to", ()))}
    for step in ("first", "then"):
        named |= set(shown.get("escalation", {}).get(step, ()))
    mail = 'type = "email"\nhost = "smtp.example.org"\nsender = "m@example.org"\nto = ["desk@example.org"]'
    return "\n".join(f"[channels.{name}]\n{mail}" for name in sorted(named - set(shown.get("channels", {}))))


def test_rules_words_and_scores_that_are_shown_have_no_mistake(tmp_path: Path) -> None:
    for folder, kind in (("rules", RULES), ("lexicon", WORDS)):
        (tmp_path / folder).mkdir()
        for number, block in enumerate(of_kind(kind)):
            (tmp_path / folder / f"{number}.toml").write_text(block.text, "utf-8")
    scoring = "\n".join(block.text for block in of_kind(SCORING))
    (tmp_path / "scoring.toml").write_text(scoring, "utf-8")
    folders = {key: tmp_path / key for key in ("rules", "lexicon")}
    found = inspect(Settings(**folders, scoring=tmp_path / "scoring.toml"))
    assert (found.mistakes, found.testable) == ((), True)
    engine = found.rulebook.engine
    own = [
        each
        for each in chain(engine.rules.rules, engine.rules.events)
        if not each.origin.startswith("built-in ")
    ]
    assert len(own) >= len(of_kind(RULES))
    assert [str(each) for each in failed(own, engine)] == []


@pytest.mark.parametrize("block", all_blocks("json"), ids=lambda block: block.place)
def test_json_that_is_shown_is_json(block: Block) -> None:
    assert json.loads(block.text)


@pytest.mark.parametrize("block", all_blocks("yaml"), ids=lambda block: block.place)
def test_yaml_that_is_shown_is_yaml(block: Block) -> None:
    assert yaml.safe_load(block.text)


@pytest.mark.parametrize("block", all_blocks("nginx"), ids=lambda block: block.place)
def test_a_proxy_that_is_shown_leads_to_the_address_of_the_web_server(block: Block) -> None:
    lines = [line.strip() for line in block.text.splitlines() if line.strip()]
    assert all(line.endswith((";", "{", "}")) for line in lines)
    assert block.text.count("{") == block.text.count("}")
    assert f"proxy_pass http://{Settings().web.listen};" in lines


@pytest.mark.parametrize("block", all_blocks("python"), ids=lambda block: block.place)
def test_python_that_is_shown_compiles(block: Block) -> None:
    assert compile(block.text, block.place, "exec")
