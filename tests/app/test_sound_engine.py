"""An engine of what is sound in files, whose lexicon and frames are kept for the next one."""

from dataclasses import replace
from pathlib import Path

import pytest

from monitor.app.rulebook import inspect, rulebook
from monitor.app.sound_engine import EngineFiles, SoundEngine, sound_engine, sound_scoring
from monitor.config import Settings
from monitor.resources import SEEDS

FILES = EngineFiles(
    lexicon=(("words.toml", '[concept.ours]\nen = ["zeppelin*"]\n'),),
    rules=(("rules.toml", '[rule.own]\ntopic = "arms"\npoints = 60\nwhen = "@ours"\n'),),
    scoring=("scoring.toml", (SEEDS / "scoring.toml").read_text("utf-8")),
    own_scoring=None,
    own_names=(),
    has_index=False,
)
EDITED = replace(FILES, rules=(("rules.toml", FILES.rules[0][1].replace("60", "70")),))


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of what is kept, empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "sanctions-monitor"


def made(files: EngineFiles) -> SoundEngine:
    return sound_engine(files, sound_scoring(files.scoring, files.own_scoring))


def kinds(folder: Path) -> list[str]:
    return sorted(path.name.partition("-")[0] for path in folder.glob("*.pickle"))


def test_after_the_edit_of_a_rule_lexicon_and_frames_are_those_that_were_read_before(kept: Path) -> None:
    before, after = made(FILES).engine, made(EDITED).engine
    assert kinds(kept).count("lexicon") == 1
    assert (after.lexicon.concepts, after.tables) == (before.lexicon.concepts, before.tables)
    assert [rule.points for rule in after.rules.rules] == [70]


def test_a_lexicon_with_a_mistake_is_not_kept_and_its_sound_words_are_found(kept: Path) -> None:
    wrong = (*FILES.lexicon, ("more.toml", '[weapon.x]\nnick = "X"\n'))
    found = made(replace(FILES, lexicon=wrong))
    assert [each.partition(":")[0] for each in found.mistakes] == ["more.toml"]
    assert not found.testable
    assert "ours" in found.engine.lexicon.concepts
    assert "lexicon" not in kinds(kept)


def test_an_engine_that_was_inspected_without_a_mistake_is_not_built_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rules").mkdir()
    Path("rules/own.toml").write_text(FILES.rules[0][1].replace("@ours", "zeppelin"), "utf-8")
    found = inspect(Settings())
    assert found.mistakes == ()
    assert rulebook(Settings()).engine is found.rulebook.engine
