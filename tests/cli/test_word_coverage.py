"""`rules coverage --languages`: how common the words of frames are in each language."""

from monitor.match.lexicon import LANGUAGES
from tests.match.seeds import LEXICAL
from tests.support.commands import Cli


def test_each_class_of_verbs_and_objects_has_a_figure_for_each_language(cli: Cli) -> None:
    rows = cli("rules", "coverage", "--languages", "--json").data["per_million"]
    assert {name for name in rows if name.startswith("object:")} >= {"object:sanctions", "object:arms"}
    assert all(set(row) == set(LANGUAGES) for row in rows.values())
    assert all(
        f"[{name.removeprefix('verb:')}]" in LEXICAL["verbs.toml"]
        for name in rows
        if name.startswith("verb:")
    )


def test_the_figures_stand_in_a_table(cli: Cli) -> None:
    answer = cli("rules", "coverage", "--languages")
    assert answer.code == 0
    assert "verb:impose" in answer.out
