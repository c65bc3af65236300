"""How well events and topics are recognised, on every labelled set of a folder, in one table.

    CORPORA=folder python -m benchmarks.events [--before FILE] [--save FILE] [--kept] [--errors SET]

The folder holds ``evaluation/*_dev.jsonl`` and ``fixtures/faults/match/{battery,headlines,senses}.jsonl``; a
set that is missing is left out. Items of events_dev are halved by crc32(id) mod 2: half 0 is for tuning, half 1
is measured with ``--kept`` only. ``--save`` writes the figures, ``--before`` prints earlier figures beside them,
``--errors`` prints the wrong items of one set.
"""

import argparse
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

from monitor.app.rulebook import rulebook
from monitor.cli.evaluate_json import evaluation_data
from monitor.cli.evaluate_pairs import grouped_pairs
from monitor.cli.evaluate_tables import AnswerWithVerdict, print_errors
from monitor.cli.explain import item_of
from monitor.config import Settings
from monitor.match.engine import Engine
from monitor.match.evaluation.events import type_of
from monitor.match.evaluation.labels import ROLES, EventLabel, read_labelled
from monitor.match.evaluation.pairs import count_pairs, read_pairs
from monitor.match.evaluation.parties import ids_of, names_of
from monitor.match.evaluation.topics import Answer, answer_of
from monitor.model import Event, Verdict

Row = Mapping[str, Any]
Figures = dict[str, float]

#: Printed for each set, in this order, as far as its items are labelled for it.
COLUMNS = {
    "type": "type",
    "polarity": "direction",
    "severity_exact": "severity",
    "severity_within_1": "±1",
    "opposite": "opposite",
    "false_urgent": "false urgent",
    "missed_urgent": "missed urgent",
    "background_as_news": "background",
    "right": "all right",
    "sanctions": "sanctions F1",
    "arms": "arms F1",
    "precision": "precision",
    "recall": "recall",
}

#: The figure of a language is printed if so many of its items are positive.
FEWEST_POSITIVES = 8


def main() -> None:
    """Measure the sets that are there and print them."""
    options = _options()
    folder, engine = Path(os.environ.get("CORPORA", "../shared")), rulebook(Settings()).engine
    before = json.loads(options.before.read_text("utf-8")) if options.before else {}
    measured: dict[str, Figures] = {}
    for name, rows in _sets(folder, options.kept):
        judged = _judged(rows, engine)
        measured[name] = _figures(rows, judged)
        _print(name, measured[name], before.get(name, {}))
        if name == options.errors:
            _print_wrong(rows, judged)
    pairs = _read(folder / "evaluation/pairs_dev.jsonl")
    if pairs:
        measured["pairs_dev"] = _pair_figures(pairs, engine)
        _print("pairs_dev", measured["pairs_dev"], before.get("pairs_dev", {}))
    if options.save:
        options.save.write_text(json.dumps(measured, indent=1), "utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--before", type=Path, help="figures of an earlier run")
    parser.add_argument("--save", type=Path, help="file for the figures of this run")
    parser.add_argument("--kept", action="store_true", help="measure half 1 of events_dev and all of it too")
    parser.add_argument("--errors", default="", metavar="SET", help="print the wrong items of a set")
    return parser.parse_args()


def _sets(folder: Path, kept: bool) -> Iterator[tuple[str, list[Row]]]:
    """Yield (name, items) of every set that is there."""
    items = _read(folder / "evaluation/events_dev.jsonl")
    halves = [[row for row in items if crc32(row["id"].encode()) % 2 == half] for half in (0, 1)]
    sets = {"events_dev 0": halves[0]}
    if kept:
        sets |= {"events_dev 1": halves[1], "events_dev": items}
    for name in ("paraphrases_dev", "fresh_dev", "dev"):
        sets[name] = _read(folder / f"evaluation/{name}.jsonl")
    for name in ("battery", "headlines", "senses"):
        sets[name] = [_as_labelled(row) for row in _read(folder / f"fixtures/faults/match/{name}.jsonl")]
    yield from ((name, rows) for name, rows in sets.items() if rows)


def _read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def _as_labelled(row: Row) -> Row:
    """Return an item with top-level types in the form that `evaluate` reads."""
    label = {key: row[key] for key in ("types", "types_if_hedged") if key in row}
    name = row.get("id") or row.get("case") or row["title"] or row["summary"]
    return {**row, "id": name, "event": label or None}


def _judged(rows: Iterable[Row], engine: Engine) -> list[AnswerWithVerdict]:
    settings, mistakes = Settings(), list[str]()
    judged = []
    for item in read_labelled(map(json.dumps, rows), mistakes):
        verdict = engine.judge(*item_of(item.fields, settings))
        judged.append((answer_of(item, verdict), verdict))
    if mistakes:
        raise SystemExit("\n".join(mistakes))
    return judged


def _figures(rows: list[Row], judged: list[AnswerWithVerdict]) -> Figures:
    data = evaluation_data(judged, 0, [])
    figures: Figures = {"n": len(judged)}
    for topic, of in data["topics"].items():
        if _positives(of["all"]) + of["all"]["fp"]:
            figures[topic] = of["sure"]["f1"]
        langs = {lang: each for lang, each in of["by_lang"].items() if _positives(each) >= FEWEST_POSITIVES}
        figures |= {f"{topic} {lang}": each["f1"] for lang, each in langs.items()}
    if events := data.get("events"):
        figures |= _event_figures(events, [answer.item.event for answer, _ in judged if answer.item.event])
    wants = [not failed(row["want"], verdict) for row, (_, verdict) in _with_want(rows, judged)]
    topics = [_topics_right(answer) for answer, _ in judged if answer.item.topics]
    if right := [*wants, *topics]:
        figures["right"] = sum(right) / len(right)
    return figures


def _positives(counts: Mapping[str, float]) -> float:
    return counts["tp"] + counts["fn"]


def _event_figures(events: Mapping[str, Any], labels: list[EventLabel]) -> Figures:
    keys = ["type"]
    if any(label.polarity for label in labels):
        keys += ["polarity", "opposite"]
    if any(label.severity for label in labels):
        keys += ["severity_exact", "severity_within_1", "false_urgent", "missed_urgent", "background_as_news"]
    figures = {key: events[key] for key in keys}
    figures |= {f"type {lang}": each["type"] for lang, each in events["by_lang"].items()}
    if any(label.parties for label in labels):
        for role in ROLES:
            figures[f"{role} precision"] = events["parties"][role]["precision"]
            figures[f"{role} recall"] = events["parties"][role]["recall"]
    return figures


def _pair_figures(rows: list[Row], engine: Engine) -> Figures:
    pairs = read_pairs(map(json.dumps, rows), [])
    counts = count_pairs(list(grouped_pairs(pairs, Settings(), engine)))
    return {"n": len(rows), "precision": counts.precision, "recall": counts.recall_items}


def _topics_right(answer: Answer) -> bool:
    return all((topic in answer.flagged) is truth for topic, truth in answer.item.topics.items())


def _with_want(rows: list[Row], judged: list[AnswerWithVerdict]) -> Iterator[tuple[Row, AnswerWithVerdict]]:
    pairs = zip(rows, judged, strict=True)
    return ((row, each) for row, each in pairs if isinstance(row.get("want"), dict))


def failed(want: Row, verdict: Verdict) -> list[str]:
    """Return the parts of a wanted verdict that do not hold."""
    return [key for key in want if not _holds(key, want, verdict)]


def _holds(key: str, want: Row, verdict: Verdict) -> bool:
    event, wanted = verdict.event, want[key]
    imposers = _names(verdict, "imposer")
    checks = {
        "topics": lambda: set(verdict.topics) == set(wanted),
        "event": lambda: type_of(event) == (wanted or "none"),
        "status": lambda: any(each.status == wanted for each in _candidates(want, verdict)),
        "hedged": lambda: event is not None and event.hedged is wanted,
        "background": lambda: wanted in {each.type for each in verdict.background},
        "event_not_done": lambda: event is None or event.type not in wanted or event.status != "done",
        "not_imposer": lambda: event is None or event.imposer not in wanted,
        "imposer": lambda: imposers <= {name.casefold() for name in wanted.split(" or ")},
        "target": lambda: wanted.casefold() in _names(verdict, "target"),
        "background_years": lambda: wanted.items() <= {(e.type, e.year) for e in verdict.background},
    }
    return bool(checks[key]())


def _candidates(want: Row, verdict: Verdict) -> Iterable[Event]:
    """Return the events that may have the wanted status: the main one, if a type is wanted for it."""
    main = (verdict.event,) if verdict.event else ()
    return main if want.get("event") else (*main, *verdict.background)


def _names(verdict: Verdict, role: str) -> set[str]:
    ids = ids_of(verdict.event, role)
    return {name for id in ids for name in names_of(id, verdict.entities)}


def _print(name: str, figures: Figures, before: Figures) -> None:
    print(f"\n{name} ({figures['n']:.0f} items)")
    for key, title in COLUMNS.items():
        if key in figures:
            print(f"  {title:<16} {_change(key, figures, before)}")
    for role in ROLES:
        keys = (f"{role} precision", f"{role} recall")
        if keys[0] in figures:
            cells = " / ".join(_change(key, figures, before) for key in keys)
            print(f"  {role:<16} {cells}  (precision / recall)")

    for topic in ("type", "sanctions", "arms"):
        langs = [key for key in figures if key.startswith(f"{topic} ")]
        by_lang = [f"{key.partition(' ')[2]} {_change(key, figures, before)}" for key in langs]
        if len(by_lang) > 1:
            print(f"  {topic:<16} {', '.join(by_lang)}")


def _change(key: str, figures: Figures, before: Figures) -> str:
    cell = _number(figures[key])
    return f"{_number(before[key])} → {cell}" if key in before else cell


def _number(value: float) -> str:
    return f"{value}" if isinstance(value, int) else f"{value:.3f}"


def _print_wrong(rows: list[Row], judged: list[AnswerWithVerdict]) -> None:
    print_errors(judged)
    for row, (_, verdict) in _with_want(rows, judged):
        wrong = failed(row["want"], verdict)
        event = verdict.event
        found = f"{type_of(event)} {event.status if event else ''} {event.imposer if event else ''}".strip()
        behind = ", ".join(
            f"{each.type} {each.status} {each.year or ''}".strip() for each in verdict.background
        )
        if wrong:
            print(f"\n{', '.join(wrong)}: wanted {row['want']}")
            print(f"  {row['title'] or row['summary']}")
            print(f"  found {'/'.join(verdict.topics) or 'no topic'}, {found}; background {behind or 'none'}")


if __name__ == "__main__":
    main()
