"""What judges, read from an operator's folder."""

from pathlib import Path

import pytest

from monitor.alerts.routing import RoutingCell
from monitor.app.rulebook import built_in, inspect, rulebook
from monitor.config import Settings
from monitor.errors import ConfigError
from monitor.model import Placement


def test_an_operators_scoring_lies_over_the_built_in_one(tmp_path: Path) -> None:
    (tmp_path / "marks.toml").write_text('[relevance]\nflagged = 70\n[routing]\n3 = { A = "now" }\n', "utf-8")
    book = rulebook(Settings(scoring=tmp_path / "marks.toml"))
    assert (book.engine.scoring.flagged, book.engine.scoring.possible) == (70, 40)
    assert book.table[3]["A"] == RoutingCell(Placement.NOW)
    assert book.table[3]["B"] == RoutingCell(Placement.TOP)
    assert book.engine.versions["lexicon"] != rulebook(Settings()).engine.versions["lexicon"]


def test_a_scoring_file_that_is_named_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert rulebook(Settings()).engine.scoring.flagged == 60
    with pytest.raises(ConfigError, match=r"^nowhere\.toml: "):
        rulebook(Settings(scoring=Path("nowhere.toml")))


def test_mistakes_in_scoring_name_file_and_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("scoring.toml").write_text('[routing]\n3 = { A = "soon" }\n', "utf-8")
    with pytest.raises(ConfigError, match=r"^scoring\.toml: routing: 3\.A: 'soon' is none of"):
        rulebook(Settings())


def test_what_ships_is_read_without_anything_of_the_operators(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rules").mkdir()
    Path("rules/own.toml").write_text('[rule.own]\ntopic = "arms"\npoints = 1\nwhen = "tank"\n', "utf-8")
    assert "own" not in {rule.id for rule in built_in()[1].rules}
    assert "own" in {rule.id for rule in rulebook(Settings()).engine.rules.rules}


@pytest.mark.parametrize(
    ("name", "text", "is_built_in", "has_own_words"),
    [
        ("rules/own.toml", "# no rule yet\n\n", True, False),
        ("rules/own.toml", '[rule.own]\ntopic = "arms"\npoints = 1\nwhen = "tank"\n', False, False),
        ("lexicon/own.toml", '[concept.guard]\nen = ["coast guard*"]\n', False, True),
        ("scoring.toml", "[relevance]\nflagged = 70\n", False, False),
    ],
)
def test_an_inspection_says_whether_the_operator_adds_anything_and_words(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    text: str,
    is_built_in: bool,
    has_own_words: bool,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert inspect(Settings()).is_built_in
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(text, "utf-8")
    inspection = inspect(Settings())
    assert (inspection.is_built_in, inspection.has_own_words) == (is_built_in, has_own_words)
    assert inspection.mistakes == ()


def test_a_name_of_the_operators_is_something_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    watch = {"rivals": {"names": ["Acme Aerodynamics"]}}
    inspection = inspect(Settings(watch=watch))
    assert (inspection.is_built_in, inspection.has_own_words) == (False, True)


def test_an_inspection_finds_mistakes_of_scoring_although_an_engine_of_its_files_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rulebook(Settings())
    assert inspect(Settings()).mistakes == ()
    (tmp_path / "scoring.toml").write_text("[routing]\nnot_there = 1\n", "utf-8")
    with pytest.raises(ConfigError):
        rulebook(Settings())
    assert "scoring.toml" in inspect(Settings()).mistakes[0]
