"""A simulated week of many feeds of mixed behaviour: alerts sent and lost, incidents, and the spacing of requests.

python benchmarks/week.py [FEEDS] [EVERY]
"""

import asyncio
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import structlog

from tests.support.simulation import BEHAVIOURS, Source, run

HARMLESS = {"steady", "storm", "nightly", "redated", "throttled", "counting", "flapping"}


async def main(count: int, every: str) -> None:
    kinds = list(BEHAVIOURS)
    sources = [
        Source(f"f{n}", f"h{n % (count // 2 + 1)}.example", kinds[n % len(kinds)], daily=4 + n % 9)
        for n in range(count)
    ]
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        week = await run(Path(folder), sources, every=every)
    print(
        f"{count} feeds, {week.requests:,} requests in {time.perf_counter() - began:.0f} s, {len(week.alerts)} alerts"
    )
    print(f"shortest time between two requests to one host: {week.closest.total_seconds():.2f} s")
    raised = [week.alerted_titles(source.name) for source in sources]
    twice = [
        (s.does, title) for each, s in zip(raised, sources, strict=True) for title, n in each.items() if n > 1
    ]
    print(f"sent twice: {len(twice)} {twice[:5]}")
    strange = sum(
        len(each.keys() - {e.title for e in s.entries}) for each, s in zip(raised, sources, strict=True)
    )
    print(f"sent and never published: {strange}")
    lost = [s for s in sources if week.unseen.get(s.name)]
    silent = [s for s in lost if not week.kinds(s.name)]
    print(
        f"feeds that lost entries: {len(lost)}, of them without a word: {len(silent)} {Counter(s.does for s in silent)}"
    )
    for does in kinds:
        mine = [week.kinds(source.name) for source in sources if source.does == does]
        reported = Counter(kind for each in mine for kind in each)
        mark = "  !" if does in HARMLESS and reported else ""
        print(f"  {does:10} {len(mine):4} feeds  {dict(reported)}{mark}")
    harmless = {source.name for source in sources if source.does in HARMLESS}
    strange_reasons = Counter(each.reason[:80] for each in week.incidents if each.subject in harmless)
    print(f"reasons among the harmless: {strange_reasons.most_common(5)}")


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    asyncio.run(
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 500, sys.argv[2] if len(sys.argv) > 2 else "6h")
    )
