"""How fast lists are read, and what a million names cost in memory.

python -m benchmarks.lists FORMAT FILE…       one list of these files
python -m benchmarks.lists --names 1000000    sample parties, through a list cache
"""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from monitor.clock import utc_now
from monitor.lists import parse_list
from monitor.lists.base import SanctionsList
from monitor.lists.cache import ListCache
from monitor.lists.records import document_of
from monitor.model import Entity

NAMES_OF_ONE = 3


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured_list(what: str, entities: Iterator[Entity]) -> list[Entity]:
    begun, before = time.perf_counter(), peak_mb()
    entities_read = list(entities)
    seconds, names = time.perf_counter() - begun, sum(len(entity.names) for entity in entities_read)
    print(
        f"{what}: {len(entities_read):,} parties, {names:,} names in {seconds:.2f} s ({names / seconds:,.0f} names/s);"
        f" peak {peak_mb():.0f} MB, {peak_mb() - before:.0f} MB of it for these"
    )
    return entities_read


def sample_list(parties: int) -> bytes:
    lines = (f"Party number {n} of Zorvania|Зорвания {n}|Zorvania trade {n}" for n in range(parties))
    return "\n".join(lines).encode()


def main(args: list[str]) -> None:
    if args[0] != "--names":
        with ExitStack() as stack:
            streams = [stack.enter_context(Path(name).open("rb")) for name in args[1:]]
            measured_list(args[0], parse_list(args[0], streams, "measured"))
        return
    body, now = sample_list(int(args[1]) // NAMES_OF_ONE), utc_now()
    with tempfile.TemporaryDirectory() as folder:
        list_cache, plain = (
            ListCache(Path(folder)),
            SanctionsList(name="sample", format="plain", urls=("file:x",)),
        )
        list_cache.save(plain, [body], [document_of("file:x", body, None, None, now)], (), now)
        next((Path(folder) / "sample").glob("*/parties-*")).unlink()
        for _ in list_cache.entities("sample"):
            pass
        measured_list("from the list cache", list_cache.entities("sample"))


if __name__ == "__main__":
    main(sys.argv[1:])
