"""Judge a soak run by the messages received, the database and the samples."""

import html
import json
import os
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_string, policy
from math import inf
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.soak_database import Sizes, items_and_late
from benchmarks.soak_world import FIRST_FAULT_DAY, World, current
from monitor.store import open_store
from monitor.web.base import READ_THREADS

RECIPIENTS = ("hook", "desk@news.example", "legal@news.example")
NEWS = re.compile(r"OFAC adds (\d+) companies")

#: How much more the last third of the longest process may need than the first one: a factor, and so much more.
FLAT = {"memory_mb": (1.10, 0), "parsers_mb": (1.25, 0), "descriptors": (1.10, 16)}

#: Threads that are started when they are first needed: the main one, store, processor, pages, and the pool of asyncio.
MOST_THREADS = 3 + READ_THREADS + min(32, (os.cpu_count() or 1) + 4)

#: A process with fewer samples still warms up, and is not judged.
MIN_SAMPLES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What the service needed at one time.

    `day` is that of the plan, `permanent_mb` what no retention removes, `sizes` the size of each table in MB.
    """

    day: float
    generation: int
    memory_mb: float
    parsers_mb: float
    descriptors: int
    threads: int
    database_mb: float
    journal_mb: float
    permanent_mb: float
    sizes: Sizes


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A message that arrived."""

    to: str
    id: str
    kind: str
    numbers: frozenset[int]
    content: str
    explained: bool


@dataclass(slots=True)
class Result:
    """The figures of a run, its tables, and the promises that it broke."""

    figures: dict[str, Any] = field(default_factory=dict)
    needs: list[dict[str, Any]] = field(default_factory=list)
    database: list[dict[str, Any]] = field(default_factory=list)
    tables: list[dict[str, Any]] = field(default_factory=list)
    faults: dict[str, int] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    note: str = ""


def judge(folder: Path, database: Path, world: World, samples: Sequence[Sample]) -> Result:
    """Hold what came of a run against what must come of it."""
    result = Result()
    copies = list(received(folder / "received.jsonl", world))
    served = json.loads((folder / "served.json").read_text("utf-8"))
    expected = _expected(world, served["listed"])
    _judge_messages(result, copies, expected, _still_owed(database))
    _judge_account(result, database, world)
    _judge_needs(result, samples)
    _judge_growth(result, database, world, samples)
    _count_faults(result, world, served["requests"])
    _read_log(result, folder / "service.log")
    return result


def received(path: Path, world: World) -> Iterator[Copy]:
    """Yield the messages in order of arrival.

    A copy explains another if the service could not know that it arrived: it got no answer, or was killed or
    had no disk to write it down.
    """
    with path.open(encoding="utf-8") as lines:
        read = [json.loads(line) for line in lines]
    last = {each["generation"]: each["at"] for each in read}
    for each in read:
        mail = None if each["to"] == "hook" else message_from_string(each["content"], policy=policy.default)
        text, kind = (each["content"], json.loads(each["content"])["type"]) if mail is None else _of(mail)
        unknown = not each["answered"] or each["at"] >= last[each["generation"]] - world.day_s / 24
        yield Copy(
            to=each["to"],
            id=each["id"] or str(mail and mail["Message-ID"]),
            kind=kind,
            numbers=frozenset(map(int, NEWS.findall(html.unescape(text)))),
            content=each["content"],
            explained=unknown or _disk_was_full(world, each["at"]),
        )


def _of(mail: Any) -> tuple[str, str]:
    """Return the words of a mail, and what it is."""
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    text = re.sub(r"\s+", " ", " ".join(parts))
    subject = str(mail["Subject"])
    return text, "digest" if subject.startswith("[Digest]") else "alert"


def _disk_was_full(world: World, at: float) -> bool:
    hour = world.day_s / 24
    return bool(current(world.disk, at) or current(world.disk, at + hour / 4))


def _expected(world: World, listed: Mapping[str, Sequence[int]]) -> set[int]:
    """Return the news that feeds have listed to the service between the first and the last day."""
    first, last = world.begin + FIRST_FAULT_DAY * world.day_s, world.end - world.day_s
    expected = set()
    for feed, entries in enumerate(world.published):
        shown = set(listed.get(str(feed), ()))
        expected |= {each.number for each in entries if each.news and first <= each.at < last} & shown
    return expected


def _still_owed(database: Path) -> dict[str, set[int]]:
    """Return the news that waits in the outbox for its next attempt, by recipient."""
    query = (
        "select d.channel, d.recipient, i.title from deliveries d join alerts a on a.id = d.ref"
        " join items i on i.id = a.item where d.closed_at is null"
    )
    owed: dict[str, set[int]] = defaultdict(set)
    with sqlite3.connect(database) as connection:
        for channel, recipient, title in connection.execute(query):
            owed[recipient or channel] |= set(map(int, NEWS.findall(title)))
    return owed


def _judge_messages(
    result: Result, copies: Sequence[Copy], expected: set[int], owed: Mapping[str, set[int]]
) -> None:
    by_id: dict[tuple[str, str], list[Copy]] = defaultdict(list)
    for each in copies:
        by_id[each.to, each.id].append(each)
    lost, doubled = [], []
    for recipient in RECIPIENTS:
        ids: dict[tuple[str, int], set[str]] = defaultdict(set)
        for each in copies:
            if each.to == recipient:
                for number in each.numbers:
                    ids[each.kind, number].add(each.id)
        missing = expected - {number for _, number in ids} - owed.get(recipient, set())
        lost += [f"{recipient}: {number}" for number in sorted(missing)]
        doubled += [
            f"{recipient}: {kind} {number}" for (kind, number), found in ids.items() if len(found) > 1
        ]
        result.figures[f"news in alerts to {recipient}"] = sum(kind == "alert" for kind, _ in ids)
    repeated = {key: found for key, found in by_id.items() if len(found) > 1}
    changed = [key for key, found in repeated.items() if len({each.content for each in found}) > 1]
    unexplained = [key for key, found in repeated.items() if not all(each.explained for each in found[:-1])]
    result.figures |= {
        "news listed to the service": len(expected),
        "messages received": len(copies),
        "news lost": len(lost),
        "news told twice": len(doubled),
        "messages repeated with the same id, outcome unknown": len(repeated) - len(unexplained),
        "messages repeated without a reason": len(unexplained),
        "repeated messages with other content": len(changed),
    }
    for what, found in (("lost", lost), ("told twice", doubled), ("repeated without a reason", unexplained),
                        ("repeated with other content", changed)):  # fmt: skip
        if found:
            result.broken.append(f"{len(found)} {what}: {found[:5]}")


def _judge_account(result: Result, database: Path, world: World) -> None:
    """Every delivery that was owed is accounted for in the database."""
    store = open_store(str(database), lock=False)
    try:
        account = store.accounting(datetime.fromtimestamp(world.begin, UTC) - timedelta(days=1))
    finally:
        store.close()
    result.figures["deliveries in all"] = account.owed
    result.figures |= {f"deliveries {state}": count for state, count in sorted(account.states.items())}
    if account.missing:
        result.broken.append(f"{len(account.missing)} deliveries are missing in the account")
    with sqlite3.connect(database) as connection:
        check = connection.execute("pragma integrity_check").fetchone()[0]
    result.figures["integrity check of the database"] = check
    if check != "ok":
        result.broken.append(f"the database is damaged: {check}")


def _judge_needs(result: Result, samples: Sequence[Sample]) -> None:
    """Compare the first and the last third of the longest process, without its first fifth."""
    longest = Counter(each.generation for each in samples).most_common(1)[0][0]
    mine = [each for each in samples if each.generation == longest]
    mine = mine[len(mine) // 5 :]
    third = max(len(mine) // 3, 1)
    begin, end = mine[:third], mine[-third:]
    result.figures["days of the longest process"] = round(mine[-1].day - mine[0].day, 1)
    for name in (*FLAT, "threads"):
        before, after = (median(getattr(each, name) for each in part) for part in (begin, end))
        highest = max(getattr(each, name) for each in mine)
        result.needs.append({"what": name, "first": before, "last": after, "highest": highest})
        factor, more = FLAT.get(name, (inf, 0))
        if len(mine) >= MIN_SAMPLES and after > before * factor + more:
            result.broken.append(f"{name} grew from {before:.1f} to {after:.1f}")
    most = max(each.threads for each in samples)
    if most > MOST_THREADS:
        result.broken.append(f"{most} threads, more than the {MOST_THREADS} of all pools")


def _judge_growth(result: Result, database: Path, world: World, samples: Sequence[Sample]) -> None:
    """What retention limits stops growing when as much is deleted as arrives."""
    by_day = {int(each.day): each for each in samples}
    result.database = [
        {"day": day, "mb": each.database_mb, "permanent_mb": each.permanent_mb, "journal_mb": each.journal_mb}
        for day, each in sorted(by_day.items())
    ]
    result.figures["write-ahead log at most, MB"] = round(max(each.journal_mb for each in samples), 1)
    if world.real or world.days < 20:
        return
    items, late = items_and_late(database, world)
    result.figures["items at the end"], result.figures["items past retention at the end"] = items, late
    if late:
        result.broken.append(f"{late} items are older than retention says")
    middle = _largest(by_day, world.days * 0.4, world.days * 0.6)
    last = _largest(by_day, world.days * 0.8, world.days + 1)
    before, after = (each.database_mb - each.permanent_mb for each in (middle, last))
    result.figures["limited by retention in the middle, MB"] = round(before, 1)
    result.figures["limited by retention at the end, MB"] = round(after, 1)
    result.tables = [
        {"table": name, "middle_mb": middle.sizes.get(name, 0), "end_mb": size}
        for name, size in sorted(last.sizes.items(), key=lambda each: -each[1])
        if size >= 1
    ]
    if after > 1.25 * before:
        result.broken.append(f"what retention limits grew from {before:.0f} to {after:.0f} MB")


def _largest(by_day: Mapping[int, Sample], first: float, end: float) -> Sample:
    """Return the sample of the days from `first` to `end` with most of what retention limits."""
    days = (each for day, each in by_day.items() if first <= day < end)
    return max(days, key=lambda each: each.database_mb - each.permanent_mb)


def _count_faults(result: Result, world: World, requests: Mapping[str, int]) -> None:
    for name in ("network", "mail", "hook", "disk", "skews"):
        for window in getattr(world, name):
            label = f"{name} {window.kind}"
            result.faults[label] = result.faults.get(label, 0) + 1
    result.faults |= {f"answers: {name}": count for name, count in sorted(requests.items())}


def _named(entry: Mapping[str, Any]) -> str:
    """Return the event of an entry of the log, with the part that failed and the last line of its traceback."""
    lines = str(entry.get("exception", "")).strip().splitlines()
    parts = [entry["event"], entry.get("tick") or entry.get("kind") or "", lines[-1][:120] if lines else ""]
    return " · ".join(part for part in parts if part)


def _read_log(result: Result, path: Path) -> None:
    """Count the events of the log that are errors, and the reloads."""
    counts: Counter[str] = Counter()
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if not line.startswith("{"):
                counts["lines that are not JSON"] += 1
                continue
            with_level = json.loads(line)
            if with_level.get("level") in {"error", "critical"}:
                counts[_named(with_level)] += 1
            elif with_level["event"] in {"reloaded", "feed_crashed"}:
                counts[with_level["event"]] += 1
    result.errors = dict(counts)
