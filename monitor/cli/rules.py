"""`rules list|test|explain|coverage`: list rules, run their examples, put queries into words, count hits."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.padding import Padding
from rich.text import Text

from monitor.app.rulebook import rulebook
from monitor.match.engine import Engine
from monitor.match.examples import Failed, annotated, failed
from monitor.match.query.explain import Line, outline
from monitor.match.query.nodes import Query
from monitor.match.query.parser import QueryError, parse, terms
from monitor.match.rules import EventType, Rule
from monitor.render.sanitize import sanitize

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, print_json, query_mistake, settings_or_default, stdout
from .rules_coverage import coverage

app = typer.Typer(help="The rules in force, their examples, and queries in words.", no_args_is_help=True)


@app.command("list")
def list_(
    words: Annotated[list[str] | None, typer.Argument(help="Only those with these words in them.")] = None,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """List all rules and event types in force, in the order of their files."""
    engine = rulebook(settings_or_default(config)).engine
    found = [row for each in _judged(engine) if _has(row := _data(each), words or [])]
    if as_json:
        print_json(found)
        return
    for file, rows in groupby(found, key=lambda row: row["file"]):
        stdout.print(Text(file, "bold"))
        for row in rows:
            _print_row(row)
    if not found:
        stdout.print("no rule has these words")


def _print_row(row: Mapping[str, Any]) -> None:
    worth = f"{row['points']:+g}" if row["kind"] == "rule" else f"severity {row['severity']}"
    about = f"  {'+'.join(row['topics'])} {worth}, {len(row['yes'])} yes {len(row['no'])} no"
    stdout.print(Text.assemble("  ", (row["id"], "cyan"), (about, "dim")))
    if row["because"]:
        stdout.print(Padding(Text(row["because"]), (0, 0, 0, 4)))


@app.command("test")
def examples(
    path: Annotated[
        Path | None,
        typer.Argument(help="A rule file or a folder of them; all in force if not given.", exists=True),
    ] = None,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Run the yes and no examples of rules, and print what each that fails lacks.

    Rules of a FILE or DIR are read after the built-in ones, as if they were in the configured folder.
    """
    settings = settings_or_default(config)
    if path is not None:
        settings = settings.model_copy(update={"rules": path})
    engine = rulebook(settings).engine
    tried = [each for each in _judged(engine) if path is None or not each.origin.startswith("built-in ")]
    wrong = list(failed(tried, engine))
    counts = {"rules": len(tried), "examples": sum(len(each.yes) + len(each.no) for each in tried)}
    bare = [each.id for each in tried if not (each.yes or each.no)]
    if as_json:
        print_json({**counts, "without": bare, "failed": list(map(_failed, wrong))})
    else:
        for each in wrong:
            stdout.print(Text(sanitize(str(each)), "red"), soft_wrap=True)
            stdout.print(Text(f"  {sanitize(each.why)}"), soft_wrap=True)
        if bare and path is not None:
            stdout.print(Text(f"without examples: {', '.join(bare)}", "yellow"), soft_wrap=True)
        summary = ", ".join(f"{number} {what}" for what, number in counts.items())
        stdout.print(f"{summary}, {len(wrong)} failed")
    if wrong:
        raise typer.Exit(1)


@app.command("explain")
def explain(
    query: Annotated[str, typer.Argument(help="A query, or the id of a rule in force.")],
    text: Annotated[str, typer.Option("--text", "-t", help="Also print what it finds in this title.")] = "",
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Put a query into words: what must occur where; with a text, which parts hold and which do not."""
    engine = rulebook(settings_or_default(config)).engine
    asked = _query(query, engine)
    doc = annotated(text, engine.also(terms(asked))) if text else None
    lines = tuple(outline(asked, engine.lexicon, doc))
    if as_json:
        needs = sorted(sorted(tags) for tags in asked.needs())
        print_json({"query": query, "lines": list(map(_line, lines)), "needs": needs})
        return
    for line in lines:
        stdout.print(_shown(line))
    if doc is not None:
        matches = bool(asked.find(doc))
        sentence = "the query matches" if matches else "the query does not match"
        stdout.print(Text(sentence, "green" if matches else "red"))


app.command("coverage")(coverage)


def _judged(engine: Engine) -> Iterator[Rule | EventType]:
    yield from engine.rules.rules
    yield from engine.rules.events


def _has(row: dict[str, Any], words: list[str]) -> bool:
    said = f"{row['id']} {row['because']} {row['file']} {' '.join(row['topics'])}".casefold()
    return all(word.casefold() in said for word in words)


def _data(each: Rule | EventType) -> dict[str, Any]:
    shared = {"id": each.id, "file": each.origin, "yes": list(each.yes), "no": list(each.no)}
    if isinstance(each, Rule):
        mine = {"kind": "rule", "topics": list(each.topics), "points": each.points, "because": each.because}
    else:
        because = f"{each.type}: {each.polarity}" + (", a standing state" if each.background else "")
        mine = {"kind": "event", "topics": [each.topic], "points": each.points, "because": because}
        mine |= {"severity": each.severity, "stage": each.stage, "polarity": each.polarity}
    return shared | mine


def _failed(each: Failed) -> dict[str, Any]:
    wanted = "yes" if each.wanted else "no"
    return {"file": each.origin, "rule": each.id, "example": wanted, "text": each.text, "why": each.why}


def _query(source: str, engine: Engine) -> Query:
    if rule := next((each for each in _judged(engine) if each.id == source), None):
        return rule.when
    try:
        return parse(source, engine.tags)
    except QueryError as error:
        raise query_mistake(source, error) from error


def _line(line: Line) -> dict[str, Any]:
    return {"depth": line.depth, "text": line.text, "holds": line.holds, "found": list(line.found)}


def _shown(line: Line) -> Padding:
    marks = {None: ("", ""), True: ("✓ ", "green"), False: ("✗ ", "red")}
    text = Text.assemble(marks[line.holds], line.text)
    if line.found and not line.text.endswith(":"):
        text.append(f"  → {', '.join(f'“{sanitize(each)}”' for each in line.found)}", "dim")
    return Padding(text, (0, 0, 0, 2 * line.depth), expand=False)
