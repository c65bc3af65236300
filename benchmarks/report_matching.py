"""Write the parts of ``docs/performance.md`` on judging, rules, names and growth, from kept measurements."""

from collections.abc import Mapping
from typing import Any

from benchmarks.tagging import OURS, times_as_fast

Costs = Mapping[str, Mapping[str, float]]

WIDTH = 30  # characters of the longest bar of a chart


def judging(found: Costs) -> str:
    """Return the part on judging made-up items."""
    rows = [
        f"| {each['characters']:,.0f} | {each['per_s']:,.0f} | {each['item_ms']:.2f} |"
        for each in (found["short"], found["long"])
    ]
    build = f"The engine is built of its files in {found['build_s']['engine']:.2f} s of processor."
    head = ["## Judging", build, "", "| characters of an item | items/s | CPU ms an item |", "|---|---|---|"]
    return "\n".join([*head, *rows])


def archive(found: Mapping[str, float]) -> str:
    """Return the part on judging the archive."""
    return (
        f"A year of general news, {found['items']:,.0f} items of {found['characters']:,.0f} characters, is judged by all rules"
        f" in {found['seconds']:,.0f} s of one processor."
    )


def rules(found: Costs) -> str:
    """Return the part on rules of users."""
    rows = [
        f"| {int(count):,} | {each['build_s']:.2f} | {each['ask_us']:,.0f} | {each['asked']:.1f} | {each['matched']:.1f} |"
        for count, each in found.items()
    ]
    head = [
        "## Rules",
        "An item of 250 characters against made-up rules of ten words each. Only the rules whose words occur are evaluated.",
        "",
        "| rules | build, s | CPU µs an item | rules evaluated | rules that hold |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*head, *rows])


def tagging(found: Mapping[str, Mapping[str, Costs]]) -> str:
    """Return the part on finding names, beside other libraries."""
    parts = [
        "## Names",
        "Names found in texts with their offsets, by pure functions · by the compiled build. The figures of one build are of one"
        " run; those of the other may be of another. Every program splits and folds names and texts by the rules of this one, and"
        " that is part of its time: the others by `tokenize` of the same build, which is the fastest that gives them the offsets."
        " Memory is that of the index; sanctions-monitor maps its file, and also indexes shorter forms of names, grades and"
        " owners. Compiled, its time to build does not count the making of the parties, which is that of reading lists.",
    ]
    for count, programs in sorted(found.items(), key=lambda pair: int(pair[0])):
        parts += [f"### {int(count):,} names", "\n".join(_programs(programs))]
        parts += [_ratios(programs)] if len(programs) > 1 else []
    return "\n\n".join(parts)


def _programs(programs: Mapping[str, Costs]) -> list[str]:
    most = max(each["short_per_s"] for builds in programs.values() for each in builds.values())
    rows = [
        "| | texts/s of 250 characters | of 4,000 | build, s | load again, s | MB | at most MB | |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, builds in programs.items():
        cells = (_cell(builds, cost, form) for cost, form in _COSTS)
        best = max(each["short_per_s"] for each in builds.values())
        rows.append(f"| {name} | {' | '.join(cells)} | {'█' * round(WIDTH * best / most)} |")
    return rows


_COSTS = (
    ("short_per_s", ",.0f"), ("long_per_s", ",.0f"), ("build_s", ".1f"), ("reload_s", ".2f"),
    ("resident_mb", ",.0f"), ("peak_mb", ",.0f"),
)  # fmt: skip


def _cell(builds: Costs, cost: str, form: str) -> str:
    """Return a cost by each build; "–" for what a program cannot do."""
    return " · ".join(format(each[cost], form) if cost in each else "–" for each in builds.values())


def _ratios(programs: Mapping[str, Costs]) -> str:
    said = [
        f"{build} {times_as_fast(programs, build, 'short_per_s'):.1f} times as many short texts and"
        f" {times_as_fast(programs, build, 'long_per_s'):.1f} times as many long ones"
        for build in programs[OURS]
    ]
    return f"Beside the fastest other program, sanctions-monitor reads {', '.join(said)}."


def growth(found: Mapping[str, Costs]) -> str:
    """Return the part on costs as a service grows."""
    parts = ["## Growth", "CPU on SQLite · how many times the cost at the smallest size."]
    for kind, title, labels in GROWTH:
        if kind in found:
            parts.append(_table(title, labels, found[kind]))
    return "\n\n".join(parts)


GROWTH: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("stories", "open stories", {"item_ms": "find the story of an item, ms"}),
    ("items", "stored items", {"recall_ms": "recall an item, ms", "commit_ms": "commit a new item, ms"}),
    (
        "feeds",
        "idle feeds",
        {
            "find_ms": "find a due feed, ms",
            "commit_ms": "commit its unchanged poll, ms",
            "none_due_ms": "ask when none is due, ms",
            "next_due_ms": "ask when the next is due, ms",
        },
    ),
)


def _table(title: str, labels: Mapping[str, str], costs: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [f"| {title} | {' | '.join(labels.values())} |", f"|---|{'---|' * len(labels)}"]
    # With nothing there is nothing to compare with.
    least = next(each for count, each in costs.items() if int(count))
    for count, each in costs.items():
        cells = (f"{each[name]:.3f} · {each[name] / max(least[name], 1e-9):.1f}" for name in labels)
        rows.append(f"| {int(count):,} | {' | '.join(cells)} |")
    return "\n".join(rows)
