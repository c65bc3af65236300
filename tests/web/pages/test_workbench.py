"""The workbench over real HTTP: hits, near misses, examples, saving a rule with undo."""

import tomllib
from functools import cache
from pathlib import Path

import pytest

from monitor.app.rulebook import rulebook
from monitor.config import load
from monitor.errors import ConfigError
from monitor.match.engine import Engine
from monitor.model import Role
from monitor.web.workbench.rule_file import NAME, NewRule, RuleFolder, text_of
from tests.conftest import item
from tests.store.builders import raised
from tests.web.conftest import HOSTILE, Served, add_user, assert_harmless

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[3]
RULE = NewRule(
    id="guns",
    topic="arms",
    points=60,
    because="says “guns”\\",
    when='"gun*" NEAR/3 sold',
    yes=('a "gun" sold',),
)


@cache
def engine() -> Engine:
    return rulebook(load(ROOT / "config.example.toml")).engine


@pytest.fixture
def bench(served: Served, tmp_path: Path) -> Served:
    served.change(engine=engine(), rules_folder=tmp_path / "rules")
    raised(served.store, item())
    raised(served.store, item(guid="2", title="Ministry sells 12 howitzers"), story="s2")
    return served


async def save(bench: Served, **fields: str) -> int:
    given = {
        "q": "howitzers NEAR/3 orders",
        "id": "howitzer-order",
        "topic": "arms",
        "points": "60",
        **fields,
    }
    token = await bench.form_token("/workbench?q=howitzers")
    answer = await bench.http.post("/workbench/rules", data={"csrf": token, **given})
    bench.last = answer  # type: ignore[attr-defined]
    return answer.status_code


async def test_a_query_shows_its_hits_marked_and_what_near_misses_lack(bench: Served) -> None:
    page = (await bench.http.get("/workbench", params={"q": "howitzers NEAR/3 (orders OR buys)"})).text
    assert "1 hit, 0 near misses" in page
    assert "<mark>" in page
    page = (await bench.http.get("/workbench", params={"q": "12 ONEAR/0 ministry"})).text
    assert "0 hits, 2 near misses" in page
    assert "Mend" not in page


async def test_a_mistake_is_named_with_its_column(bench: Served) -> None:
    page = (await bench.http.get("/workbench", params={"q": "(howitzers"})).text
    assert "column 1: this ( is not closed" in page
    assert "Save the rule" not in page


async def test_examples_are_tried_with_the_query(bench: Served) -> None:
    params = {"q": "howitzers", "yes": "Oslo buys howitzers\nOslo buys tanks", "no": "old howitzers"}
    page = (await bench.http.get("/workbench", params=params)).text
    assert page.count("as wanted") == 1
    assert page.count("▲ wrong") == 2
    assert "howitzers is missing" in page


async def test_a_rule_is_saved_to_a_file_of_its_own_and_that_is_undone(bench: Served) -> None:
    asked: list[str] = []
    assert bench.server._web
    bench.server._web.request_reload = lambda: asked.append("reload")
    folder = RuleFolder(bench.server.context.policy.rules_folder or Path())
    assert await save(bench) == 303
    assert tomllib.loads(folder.toml())["rule"]["howitzer-order"]["when"] == "howitzers NEAR/3 orders"
    assert await save(bench, q="howitzers NEAR/9 orders") == 303
    assert folder.tables()["howitzer-order"]["when"] == "howitzers NEAR/9 orders"
    page = (await bench.http.get(bench.last.headers["location"])).text  # type: ignore[attr-defined]
    assert "Saved as [rule.howitzer-order]" in page
    token = await bench.form_token("/workbench?q=howitzers")
    await bench.http.post("/workbench/undo", data={"csrf": token, "version": "2"})
    assert folder.tables()["howitzer-order"]["when"] == "howitzers NEAR/3 orders"
    assert folder.versions() == (1, 2, 3)
    assert asked == ["reload"] * 3
    assert [entry.what for entry in bench.store.audit()] == ["rules restored", "rule saved", "rule saved"]


@pytest.mark.parametrize(
    "fields",
    [
        {"id": "../x"},
        {"id": "a]\n[rule.b"},
        {"topic": "football"},
        {"points": "1000"},
        {"q": "(howitzers"},
        {"no": "orders howitzers"},
        {"yes": "tanks"},
    ],
)
async def test_a_rule_with_a_mistake_is_not_saved(bench: Served, fields: dict[str, str]) -> None:
    assert await save(bench, **fields) == 422
    assert not (bench.server.context.policy.rules_folder or Path()).exists()


async def test_a_reader_may_try_and_not_save(bench: Served) -> None:
    add_user(bench.store, "rita", Role.READ)
    await bench.sign_in("rita")
    page = (await bench.http.get("/workbench", params={"q": "howitzers"})).text
    assert "2 hits" in page
    assert "Save the rule" not in page
    assert (await bench.http.post("/workbench/rules", data={})).status_code == 403


async def test_hostile_text_at_the_workbench_stays_text(bench: Served) -> None:
    raised(bench.store, item(guid="3", title="howitzers " + HOSTILE, url="javascript:alert(1)"), story="s3")
    params = {
        "q": 'howitzers OR "<script>"',
        "yes": HOSTILE,
        "no": HOSTILE,
        "saved": HOSTILE,
        "version": HOSTILE,
    }
    for query in (params, {**params, "q": HOSTILE}):
        assert_harmless((await bench.http.get("/workbench", params=query)).text)


def test_the_file_of_rules_is_toml_whatever_is_in_it(tmp_path: Path) -> None:
    odd = NewRule(
        id="odd", topic="arms", points=1, because='"""\n\x7f\t\\ é', when="a", yes=("'''", "\u2028")
    )
    assert tomllib.loads(text_of({"odd": odd.table(), "guns": RULE.table()}))["rule"] == {
        "odd": {
            "topic": "arms",
            "points": 1,
            "because": '"""\n\x7f\t\\ é',
            "when": "a",
            "yes": ["'''", "\u2028"],
        },
        "guns": {
            "topic": "arms",
            "points": 60,
            "because": RULE.because,
            "when": RULE.when,
            "yes": ['a "gun" sold'],
        },
    }


def test_a_file_that_was_broken_by_hand_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("[rule", "utf-8")
    with pytest.raises(ConfigError, match="mend it by hand"):
        RuleFolder(tmp_path).save(RULE, ())
    assert (tmp_path / NAME).read_text("utf-8") == "[rule"
