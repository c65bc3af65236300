"""Plan capacity: ``python -m benchmarks.capacity [--feeds N] [--cadence S] [--changed SHARE] [--items N] [--write]``.

The costs of a poll, of an item and of an idle worker come from ``benchmarks/results``: `cluster.json` is written by
``python -m benchmarks.cluster --json``, `item.json` by ``python -m benchmarks.item_size --json``. The model is calibrated
with measurements of a busy worker, an idle one and two idle ones, and checked with those of several busy ones. ``--write`` writes
the tables of ``docs/capacity.md`` anew.
"""

import argparse
import json
import math
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
PAGE = Path(__file__).parents[1] / "docs" / "capacity.md"

DAY_S = 86_400

#: What a measurement of a cluster says of a poll, in the model too.
MEASURED = ("cpu_ms", "postgres_cpu_ms", "statements", "transactions", "wal_bytes")

#: A worker and PostgreSQL are planned to be busy for this share of the time.
BUSY = 0.6

#: A poll with flagged items has its turn at the stories for so long.
STORY_S = 0.02

#: Polls of a worker that wait for servers at once: shards at a time, and feeds of each.
IN_FLIGHT = 16 * 16

#: The gap between two requests to a host.
HOST_GAP_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is to be polled: feeds and how often, the share of polls with news, and items a day of each feed.

    `item_bytes` is the size of a stored item, `document_bytes` that of a changed document on the wire. Of all
    items a share is `flagged`, and `alerts` become alerts, each for `recipients`.
    """

    feeds: int
    cadence_s: float = 600
    changed: float = 0.05
    items: float = 20
    item_bytes: float = 2600
    document_bytes: float = 20_000
    latency_s: float = 0.8
    flagged: float = 0.02
    alerts: float = 0.002
    recipients: int = 10
    on_largest_host: float = 0.002


@dataclass(frozen=True, slots=True)
class Cost:
    """What something costs for each poll, for each second of the cluster, and for each second of each worker."""

    poll: float
    second: float
    worker_second: float

    def of_poll(self, point: Mapping[str, float]) -> float:
        """Return the cost of a poll in a measurement, with its share of the time."""
        seconds = point["seconds"] / point["feeds"]
        return self.poll + self.second * seconds + self.worker_second * point["workers"] * seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """The measured costs: `polls` by the names of `MEASURED`; of an item in processor time and in the log."""

    polls: Mapping[str, Cost]
    judge_ms: float
    store_ms: float
    changed_ms: float
    item_wal_bytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a load needs. `limits` says what breaks first: the share of what can be had, by name."""

    polls_a_second: float
    items_a_second: float
    workers: int
    worker_cores: float
    postgres_cores: float
    statements_a_second: float
    transactions_a_second: float
    wal_gb_a_day: float
    storage_gb_a_day: float
    mails_an_hour: float
    limits: Mapping[str, float]


Point = Mapping[str, float]


def calibration(points: Sequence[Point]) -> tuple[Point, Point, Point]:
    """Return the measurements to calibrate with: one busy worker, one idle worker, and two idle workers."""
    alone = sorted((each for each in points if each["workers"] == 1), key=lambda each: each["polls_a_second"])
    two = min((each for each in points if each["workers"] == 2), key=lambda each: each["polls_a_second"])
    return alone[-1], alone[0], two


def calibrated(points: Sequence[Point], item: Mapping[str, float], polling: Mapping[str, float]) -> Costs:
    """Return the costs that explain the measurements of `calibration`."""
    chosen = calibration(points)
    return Costs(
        polls={name: _cost(chosen, f"{name}_a_poll") for name in MEASURED},
        judge_ms=item["judge_ms"],
        store_ms=item["store_ms"],
        changed_ms=polling["changed_ms"] - polling["unchanged_ms"],
        item_wal_bytes=item["wal_bytes"],
    )


def _cost(points: tuple[Point, Point, Point], name: str) -> Cost:
    """Solve value = poll + seconds * (second + workers * worker_second); nothing costs less than nothing."""
    busy, idle, two = points
    of_busy, of_idle, of_two = (each["seconds"] / each["feeds"] for each in points)
    both = max((idle[name] - busy[name]) / (of_idle - of_busy), 0.0)
    more = two[name] - idle[name] - both * (of_two - of_idle)
    worker_second = min(max(more / of_two, 0.0), both)
    return Cost(max(busy[name] - both * of_busy, 0.0), both - worker_second, worker_second)


def predicted(costs: Costs, point: Point) -> dict[str, float]:
    """Return what the model says of a measurement, by the names of `MEASURED`."""
    return {name: cost.of_poll(point) for name, cost in costs.polls.items()}


def plan(load: Load, costs: Costs) -> Plan:
    """Return what a load needs; more workers cost more, so their number is found step by step."""
    polls, items = load.feeds / load.cadence_s, load.feeds * load.items / DAY_S
    busy_ms = polls * costs.polls["cpu_ms"].poll + polls * load.changed * costs.changed_ms
    busy_ms += items * (costs.judge_ms + costs.store_ms)
    idle_ms, ticks_ms = costs.polls["cpu_ms"].worker_second, costs.polls["cpu_ms"].second
    by_cpu = math.ceil((busy_ms + ticks_ms) / 1e3 / max(BUSY - idle_ms / 1e3, 0.05))
    by_waits = math.ceil(polls * load.latency_s / (IN_FLIGHT * BUSY))
    workers = max(by_cpu, by_waits, 1)

    def each_second(name: str) -> float:
        cost = costs.polls[name]
        return polls * cost.poll + cost.second + workers * cost.worker_second

    item_bytes_a_day = items * load.item_bytes * DAY_S
    made = Plan(
        polls_a_second=polls,
        items_a_second=items,
        workers=workers,
        worker_cores=(busy_ms + ticks_ms + workers * idle_ms) / 1e3,
        postgres_cores=each_second("postgres_cpu_ms") / 1e3,
        statements_a_second=each_second("statements"),
        transactions_a_second=each_second("transactions"),
        wal_gb_a_day=(each_second("wal_bytes") + items * costs.item_wal_bytes) * DAY_S / 1e9,
        storage_gb_a_day=item_bytes_a_day / 1e9,
        mails_an_hour=items * load.alerts * load.recipients * 3600,
        limits={},
    )
    return replace(made, limits=_limits(load, made))


def _limits(load: Load, made: Plan) -> dict[str, float]:
    """Return the share of each thing that is used up of what one installation can have, the most first."""
    decisions = made.items_a_second * load.flagged
    shares = {
        "the core of one process": made.worker_cores / BUSY,
        "cores of a PostgreSQL of 16": made.postgres_cores / (16 * BUSY),
        "turns at the stories": decisions * STORY_S / BUSY,
        "the largest host": load.feeds
        * load.on_largest_host
        * (HOST_GAP_S + load.latency_s)
        / load.cadence_s,
        "64 shards": made.workers / 64,
        "a disk of 4 TB in a year": made.storage_gb_a_day * 365 / 4000,
        "a line of 1 Gbit/s": made.polls_a_second * (load.changed * load.document_bytes + 800) * 8 / 1e9,
    }
    return dict(sorted(shares.items(), key=lambda each: -each[1]))


def measured_costs() -> tuple[Costs, list[dict[str, float]], dict[str, float]]:
    """Return the costs, the measurements of clusters, and that of items, from the kept results."""
    points = json.loads((RESULTS / "cluster.json").read_text("utf-8"))
    item = json.loads((RESULTS / "item.json").read_text("utf-8"))
    ours = json.loads((RESULTS / "polling.json").read_text("utf-8"))["sanctions-monitor"]
    polling = {"changed_ms": ours["changed"]["cpu_ms"], "unchanged_ms": ours["idle"]["cpu_ms"]}
    return calibrated(points, item, polling), points, item


def plan_table(costs: Costs, item_bytes: float) -> str:
    """Return the plans of growing loads as a table."""
    rows = [
        "| feeds | polls/s | items/s | workers | cores | PostgreSQL cores | statements/s | transactions/s | WAL a day"
        " | storage a day | mails/h | breaks first (share used) |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for feeds in (1_000, 10_000, 100_000, 1_000_000):
        made = plan(Load(feeds=feeds, item_bytes=item_bytes), costs)
        name, share = next(iter(made.limits.items()))
        rows.append(
            f"| {feeds:,} | {made.polls_a_second:,.1f} | {made.items_a_second:,.1f} | {made.workers} |"
            f" {made.worker_cores:,.2f} | {made.postgres_cores:,.2f} | {made.statements_a_second:,.0f} |"
            f" {made.transactions_a_second:,.0f} | {made.wal_gb_a_day:,.2f} GB | {made.storage_gb_a_day:,.2f} GB |"
            f" {made.mails_an_hour:,.0f} | {name} ({share:,.0%}) |"
        )
    return "\n".join(rows)


def check_table(costs: Costs, points: Sequence[Point]) -> str:
    """Return predictions beside measurements that the model was not calibrated with, as a table."""
    rows = ["| feeds | workers | of a poll | predicted | measured | ratio |", "|---|---|---|---|---|---|"]
    for point in (each for each in points if each not in calibration(points)):
        for name, value in predicted(costs, point).items():
            found = point[f"{name}_a_poll"]
            ratio = f"{value / found:.2f}" if found else "-"
            words = name.replace("_", " ")
            rows.append(
                f"| {point['feeds']:,} | {point['workers']} | {words} | {value:,.1f} | {found:,.1f} | {ratio} |"
            )
    return "\n".join(rows)


def page(text: str, tables: Mapping[str, Callable[[], str]]) -> str:
    """Return the text of a page with its tables replaced, each between two comments with its name."""
    for name, table in tables.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- end -->)", re.DOTALL)
        text = pattern.sub(lambda found, table=table: f"{found[1]}\n{table()}\n{found[2]}", text)
    return text


def tables() -> dict[str, Callable[[], str]]:
    """Return the tables of the page by name."""
    costs, points, item = measured_costs()
    return {
        "plans": lambda: plan_table(costs, item["postgresql_bytes"]),
        "check": lambda: check_table(costs, points),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int)
    parser.add_argument("--cadence", type=float, default=600, help="seconds between two polls of a feed")
    parser.add_argument("--changed", type=float, default=0.05, help="share of polls that bring something")
    parser.add_argument("--items", type=float, default=20, help="new items of a feed a day")
    parser.add_argument("--write", action="store_true", help="write the tables of docs/capacity.md")
    options = parser.parse_args(arguments)
    costs, points, item = measured_costs()
    if options.write:
        PAGE.write_text(page(PAGE.read_text("utf-8"), tables()), "utf-8")
    if options.feeds is None:
        print(plan_table(costs, item["postgresql_bytes"]), check_table(costs, points), sep="\n\n")
        return
    load = Load(
        feeds=options.feeds,
        cadence_s=options.cadence,
        changed=options.changed,
        items=options.items,
        item_bytes=item["postgresql_bytes"],
    )
    made = plan(load, costs)
    for name in Plan.__dataclass_fields__:
        if name != "limits":
            print(f"{name.replace('_', ' ')}: {getattr(made, name):,.2f}")
    for name, share in made.limits.items():
        print(f"used of {name}: {share:,.1%}")


if __name__ == "__main__":
    main(sys.argv[1:])
