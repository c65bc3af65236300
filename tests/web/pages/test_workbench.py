"""The workbench over real HTTP: hits, near misses, examples, saving a rule with undo."""

import asyncio
import json
import re
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from monitor.app.rulebook import Rulebook, rulebook
from monitor.config import load
from monitor.config.versions import FileChange, VersionedFile
from monitor.errors import ConfigError
from monitor.match.engine import Engine
from monitor.model import Role
from monitor.web.workbench.files import NAME, NewRule, rule_toml, save_rule, tables_of
from tests.conftest import NOW, item
from tests.store.builders import raise_stories, raised
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
def book() -> Rulebook:
    return rulebook(load(ROOT / "config.example.toml"))


def engine() -> Engine:
    return book().engine


@pytest.fixture
def bench(served: Served, tmp_path: Path) -> Served:
    served.change(
        engine=engine(),
        rules_folder=tmp_path / "rules",
        lexicon_folder=tmp_path / "lexicon",
        config_file=tmp_path / "config.toml",
        alerts=replace(served.server.context.policy.alerts, judge=engine().judge, table=book().table),
    )
    (tmp_path / "config.toml").write_text('# mine\ndatabase = "m.db"\n', "utf-8")
    served.store.store_rule_files(engine().versions, book().files, NOW)
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


def rules_file(bench: Served) -> Path:
    folder = bench.server.context.policy.rules_folder
    assert folder
    return folder / NAME


async def test_a_rule_is_saved_to_a_file_of_its_own_and_that_is_undone_after_a_restart(bench: Served) -> None:
    asked, path = bench.on_reload(), rules_file(bench)
    assert await save(bench, comment="asked for by the desk") == 303
    text = VersionedFile(path).text()
    assert text.startswith("# asked for by the desk\n[rule.howitzer-order]\n")
    path.write_text(f"# by hand\n[rule.mine]\ntopic = 'arms'\npoints = 5\nwhen = 'tank'\n\n{text}", "utf-8")
    assert await save(bench, q="howitzers NEAR/9 orders") == 303
    assert tables_of(path, "rule")["howitzer-order"]["when"] == "howitzers NEAR/9 orders"
    assert path.read_text("utf-8").startswith("# by hand\n[rule.mine]\ntopic = 'arms'\n")
    page = (await bench.http.get(bench.last.headers["location"])).text  # type: ignore[attr-defined]
    assert "Saved [rule.howitzer-order]" in page
    assert asked == ["reload"] * 2
    await bench.server.stop()
    await bench.server.serve()
    bench.http.base_url = bench.server.url
    page = (await bench.http.get("/workbench")).text
    assert "Earlier versions" in page
    assert (await bench.post("/workbench/undo", kind="rule", version="2")).status_code == 303
    assert tables_of(path, "rule")["howitzer-order"]["when"] == "howitzers NEAR/3 orders"
    assert VersionedFile(path).numbers() == (1, 2, 3)
    whats = [entry.what for entry in bench.store.audit()]
    assert whats == ["rule restored", "rule saved", "rule saved"]


async def test_what_a_rule_would_flag_is_told_against_the_rules_of_today(bench: Served) -> None:
    raised(bench.store, item(guid="4", title="A circus bought seven trampolines"), story="s4")
    page = (
        await bench.http.get("/workbench", params={"q": "trampolines", "topic": "arms", "points": "60"})
    ).text
    assert "<strong>1</strong> newly flagged, <strong>0</strong> no longer flagged" in page
    assert "would be flagged: arms" in page


async def test_what_a_penalty_would_lose_is_told(bench: Served) -> None:
    page = (
        await bench.http.get("/workbench", params={"q": "orders", "topic": "arms", "points": "-100"})
    ).text
    assert "<strong>0</strong> newly flagged, <strong>1</strong> no longer flagged" in page
    assert "would no longer be flagged: arms" in page


async def test_what_only_the_rule_that_is_replaced_finds_is_compared_too(bench: Served) -> None:
    title = "Ministry sells 12 howitzers"
    rules_of_title = [
        each.id
        for each in engine().rules.rules
        if each.points > 0 and each.when.find(engine().annotate(title))
    ]
    changed = 0
    for id in rules_of_title:
        params = {"q": "trampolines", "id": id, "topic": "arms", "points": "1", "days": "30"}
        page = (await bench.http.get("/workbench", params=params)).text
        assert "0 hits" in page
        changed += bool(re.search(r'id="(dropped|moved)" data-empty="[^"]*"><li>', page))
    assert rules_of_title
    assert changed


async def events(bench: Served, **params: str) -> list[tuple[str, str]]:
    """The events of a stream, as (name, HTML)."""
    found, name = [], ""
    async with bench.http.stream("GET", "/workbench/stream", params=params) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for line in answer.aiter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                found.append((name, json.loads(line.removeprefix("data: "))))
    return found


async def test_hits_are_streamed_and_the_stream_ends(bench: Served) -> None:
    raised(bench.store, item(guid="3", title="howitzers " + HOSTILE, url="javascript:alert(1)"), story="s3")
    found = await events(bench, q="howitzers")
    assert found[-1] == ("end", "")
    rows = "".join(html for name, html in found if name == "rows")
    assert rows.count('data-into="hits"') == 3
    assert_harmless(rows)
    states = [html for name, html in found if name == "state"]
    assert "3 hits, 0 near misses" in states[-1]
    page = (await bench.http.get("/workbench", params={"q": "howitzers", "live": "1"})).text
    assert 'data-stream="/workbench/stream?kind=rule&amp;days=30&amp;q=howitzers' in page
    assert "Show them on a page" in page


async def test_a_mistake_ends_a_stream_and_a_stream_that_is_left_makes_room(bench: Served) -> None:
    found = await events(bench, q="(howitzers")
    assert [name for name, _ in found] == ["state", "end"]
    assert "column 1: this ( is not closed" in found[0][1]
    names = [f"n{number}" for number in range(400)]
    raise_stories(bench.store, {name: item(guid=name, title=f"howitzers {name}") for name in names})
    async with bench.http.stream("GET", "/workbench/stream", params={"q": "howitzers"}) as answer:
        async for line in answer.aiter_lines():
            if line.startswith("event: rows"):
                break
    async with asyncio.timeout(60):
        assert "1 hit," in (await bench.http.get("/workbench", params={"q": "sells"})).text


async def test_words_of_acts_are_tried_saved_and_undone(bench: Served) -> None:
    raised(bench.store, item(guid="4", title="EU trampolines new sanctions on Belarus"), story="s4")
    fields = {"kind": "frame", "group": "verb.impose", "lang": "en", "words": "trampolines"}
    page = (await bench.http.get("/workbench", params=fields)).text
    assert "1 hit, 0 near misses" in page
    assert (await bench.post("/workbench/rules", **fields)).status_code == 303
    folder = bench.server.context.policy.lexicon_folder
    assert folder
    path = folder / NAME
    assert tomllib.loads(path.read_text("utf-8")) == {"verb": {"impose": {"en": ["trampolines"]}}}
    fields |= {"lang": "tr", "words": "zıplatıyor"}
    assert (await bench.post("/workbench/rules", **fields)).status_code == 303
    assert set(tables_of(path, "verb")["impose"]) == {"en", "tr"}
    assert "verb.impose tr" in (await bench.http.get("/workbench?kind=frame")).text
    await bench.post("/workbench/undo", kind="frame", version="2")
    assert set(tables_of(path, "verb")["impose"]) == {"en"}
    refused = await bench.post("/workbench/rules", **{**fields, "group": "verb.trampoline"})
    assert refused.status_code == 422
    assert "no such class" in refused.text


async def test_a_frame_class_that_is_typed_shows_the_acts_that_its_frames_find(bench: Served) -> None:
    raised(bench.store, item(guid="4", title="EU imposes new sanctions on Belarus"), story="s4")
    raised(bench.store, item(guid="5", title="Sanctions on Belarus are unpopular"), story="s5")
    raised(bench.store, item(guid="6", title="Sanctions remain, and EU imposes a fee on fish"), story="s6")
    for typed in ("impose × sanctions", "impose x sanctions", "Impose, sanctions"):
        page = (await bench.http.get("/workbench", params={"kind": "frame", "frame": typed})).text
        assert "1 hit, 1 near miss<" in page
        assert "“imposes” and “Sanctions” are in one sentence and not joined" in page
        assert "Sanctions on Belarus" not in page
        assert "<mark>imposes new sanctions</mark>" in page
        assert "Save the" not in page
    for typed, mistake in (
        ("impos × sanctions", "no class of verbs &#39;impos&#39;; did you mean impose?"),
        ("impose × sanction", "no class of objects &#39;sanction&#39;; did you mean sanctions?"),
        ("impose × ship", "No frame joins impose × ship; choose a type of event"),
        ("a b c", "Type a class of verbs and a class of objects"),
        ("impose × sanctions; event", "Type a class of verbs"),
    ):
        assert mistake in (await bench.http.get("/workbench", params={"kind": "frame", "frame": typed})).text


async def test_words_are_tried_with_the_frame_class_that_is_typed(bench: Served) -> None:
    raised(bench.store, item(guid="4", title="EU trampolines new sanctions on Belarus"), story="s4")
    fields = {"kind": "frame", "frame": "impose × sanctions", "group": "verb.impose", "lang": "en"}
    assert "0 hits" in (await bench.http.get("/workbench", params=fields)).text
    page = (await bench.http.get("/workbench", params={**fields, "words": "trampolines"})).text
    assert "1 hit, " in page
    assert "Save the words" in page


async def test_a_frame_of_ones_own_is_tried_saved_found_again_and_undone(bench: Served) -> None:
    raised(bench.store, item(guid="4", title="EU targets general licence of Russian bank"), story="s4")
    fields = {"kind": "frame", "frame": "hit × licence", "event": "enforced", "id": "licence-hit"}
    page = (await bench.http.get("/workbench", params=fields)).text
    assert "1 hit, " in page
    assert "Save the frame" in page
    assert (await bench.post("/workbench/rules", comment="licences", **fields)).status_code == 303
    folder = bench.server.context.policy.lexicon_folder
    assert folder
    path = folder / NAME
    saved = {"type": "enforced", "verbs": ["hit"], "objects": ["licence"]}
    assert tomllib.loads(path.read_text("utf-8")) == {"frame": {"licence-hit": saved}}
    assert path.read_text("utf-8").startswith("# licences\n")
    assert [entry.subject for entry in bench.store.audit()] == ["[frame.licence-hit]"]
    again = (await bench.http.get("/workbench?kind=frame")).text
    assert "frame=hit+%C3%97+licence&amp;event=enforced" in again
    own = {**fields, "id": ""}
    assert (await bench.post("/workbench/rules", **own)).status_code == 303
    assert set(tables_of(path, "frame")) == {"licence-hit", "own-hit-licence"}
    await bench.post("/workbench/undo", kind="frame", version="2")
    assert set(tables_of(path, "frame")) == {"licence-hit"}
    for wrong in ({"event": "enforcd"}, {"frame": "hit"}, {"id": "imposed"}, {"id": "A b"}):
        assert (await bench.post("/workbench/rules", **{**fields, **wrong})).status_code == 422


async def test_a_watch_list_is_tried_saved_into_the_configuration_and_undone(bench: Served) -> None:
    policy = bench.server.context.policy
    path = policy.config_file
    assert path
    fields = {"kind": "watch", "id": "yards", "words": "Acme Yard\nMinistry"}
    page = (await bench.http.get("/workbench", params=fields)).text
    assert "2 hits" in page
    assert (await bench.post("/workbench/rules", comment="ours", **fields)).status_code == 303
    assert load(path).watch["yards"].names == ("Acme Yard", "Ministry")
    assert path.read_text("utf-8").startswith('# mine\ndatabase = "m.db"\n\n# ours\n[watch.yards]\n')
    bench.change(watch_lists={"yards": ("Acme Yard", "Ministry")})
    assert "2 names: Acme Yard, Ministry" in (await bench.http.get("/workbench?kind=watch")).text
    assert (await bench.post("/workbench/undo", kind="watch", version="1")).status_code == 303
    assert path.read_text("utf-8") == '# mine\ndatabase = "m.db"\n'
    for wrong in ({"id": "a b"}, {"id": ""}, {"words": "…"}):
        assert (await bench.post("/workbench/rules", **{**fields, **wrong})).status_code == 422


async def test_a_text_is_explained_with_its_reasons_and_points(bench: Served) -> None:
    text = "Ministry orders 12 howitzers from Acme for $90 million\nThe contract was signed on Monday."
    page = (await bench.post("/workbench/explain", text=text)).text
    assert "<b>arms</b>" in page
    assert "orders 12 howitzers</mark>" in page
    assert "Points" in page
    assert (await bench.post("/workbench/explain", text="  ")).status_code == 422
    refused = await bench.post("/workbench/explain", text="http://127.0.0.1:1/page")
    assert "This address is internal" in refused.text
    assert_harmless((await bench.post("/workbench/explain", text=HOSTILE + "\n" + HOSTILE)).text)


@pytest.mark.parametrize(
    "fields",
    [
        {"id": "../x"},
        {"id": "a]\n[rule.b"},
        {"topic": "football"},
        {"points": "1000"},
        {"points": "0"},
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


def test_the_file_of_rules_is_toml_whatever_is_in_it() -> None:
    odd = NewRule(
        id="odd", topic="arms", points=1, because='"""\n\x7f\t\\ é', when="a", yes=("'''", "\u2028")
    )
    assert tomllib.loads(rule_toml(odd, "two\nlines"))["rule"]["odd"] == {
        "topic": "arms",
        "points": 1,
        "because": '"""\n\x7f\t\\ é',
        "when": "a",
        "yes": ["'''", "\u2028"],
    }
    assert "mine" not in rule_toml(RULE)


def test_a_file_that_was_broken_by_hand_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("[rule", "utf-8")
    with pytest.raises(ConfigError, match="mend it by hand"):
        save_rule(tmp_path / NAME, RULE, (), "", FileChange(at=NOW, who="ayse", what="saved"))
    assert (tmp_path / NAME).read_text("utf-8") == "[rule"
