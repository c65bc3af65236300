"""Measure one program that finds names in texts, in this process: ``python -m benchmarks.taggers PROGRAM FOLDER``.

`tagging` runs it once for each program and writes the folder: ``names.txt`` (one name a line), ``short.json`` and
``long.json`` (lists of texts). Printed is one line of JSON. Every program gets names and texts that are split and folded
by our own rules, and has to give the offsets of what it finds in the text as it was written. The others split and fold by
`tokenize` of the build that is measured. Compiled, it is their fastest way: `str.translate` with a split at spaces takes as
long for ASCII texts, twice as long for others, and gives no offsets.
"""

import gc
import json
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

from monitor.text import Text, tokenize, words

ROUNDS, ROUND_S = 15, 0.1

#: A name found: half-open offsets in the text as it was written; this program adds the number of the name.
Place = tuple[int, ...]
Find = Callable[[str], Sequence[Place]]

#: Parties made at once, so that their making can be timed apart.
BATCH = 10_000


class Program(NamedTuple):
    """Finds names, can load its index again, and took some seconds of building for what others need not make."""

    find: Find
    reload: Callable[[], object] | None = None
    aside_s: float = 0.0


def main(program: str, folder: Path) -> None:
    names = (folder / "names.txt").read_text("utf-8").splitlines()
    used, began = resident_mb(), process_time()
    find, reload, aside_s = PROGRAMS[program](names, folder)
    found: dict[str, float] = {"build_s": process_time() - began - aside_s}
    count = len(names)
    del names
    gc.collect()
    found["peak_mb"] = peak_mb() - used
    found["resident_mb"] = resident_mb() - used
    for size in ("short", "long"):
        texts = json.loads((folder / f"{size}.json").read_text("utf-8"))
        found[f"{size}_per_s"] = len(texts) / timed(lambda texts=texts: [find(text) for text in texts])
        found[f"{size}_found"] = sum(len(find(text)) for text in texts)
    if reload is not None:
        began = process_time()
        reload()
        found["reload_s"] = process_time() - began
    print(json.dumps({"names": count, **found}))


def ours(names: Iterable[str], folder: Path) -> Program:
    """Build the index of names of this program from parties, whose making is not part of it; a reload maps its file."""
    from monitor.app.names import names_index  # noqa: PLC0415  # the environments of others do not have it
    from monitor.match.names.tagging import Tagger  # noqa: PLC0415
    from monitor.model import Entity, EntityKind, Name  # noqa: PLC0415

    aside: list[float] = []

    def parties() -> Iterator[Entity]:
        numbered = enumerate(names)
        while True:
            began = process_time()
            made = [
                Entity(id=str(number), list="made-up", kind=EntityKind.PERSON, names=(Name(name),))
                for number, name in islice(numbered, BATCH)
            ]
            aside.append(process_time() - began)
            if not made:
                return
            yield from made

    tag = Tagger(names_index(parties(), "tagging", folder).index).tag
    return Program(tag, lambda: names_index((), "tagging", folder), sum(aside))


def ahocorasick(names: Iterable[str], folder: Path) -> Program:
    """Build an automaton of pyahocorasick; a reload reads its own file."""
    import ahocorasick as library  # noqa: PLC0415

    automaton = library.Automaton()
    for pattern in patterns(names):
        automaton.add_word(pattern, len(pattern))
    automaton.make_automaton()
    path = str(folder / "pyahocorasick")
    automaton.save(path, pickle.dumps)

    def find(raw: str) -> list[Place]:
        text, joined = normalized(raw)
        return places(text, joined, [(end - length + 1, end + 1) for end, length in automaton.iter(joined)])

    return Program(find, lambda: library.load(path, pickle.loads))


def ahocorasick_rs(names: Iterable[str], folder: Path) -> Program:
    """Build an automaton of ahocorasick_rs, which cannot be saved."""
    import ahocorasick_rs as library  # noqa: PLC0415

    automaton = library.AhoCorasick(list(patterns(names)))

    def find(raw: str) -> list[Place]:
        text, joined = normalized(raw)
        hits = automaton.find_matches_as_indexes(joined, overlapping=True)
        return places(text, joined, [(start, stop) for _, start, stop in hits])

    return Program(find)


def daachorse(names: Iterable[str], folder: Path) -> Program:
    """Build an automaton of daachorse; a reload reads the bytes that it serializes."""
    import daachorse as library  # noqa: PLC0415

    automaton = library.CharwiseDoubleArrayAhoCorasick(list(dict.fromkeys(patterns(names))))
    path = folder / "daachorse"
    path.write_bytes(automaton.serialize())

    def find(raw: str) -> list[Place]:
        text, joined = normalized(raw)
        hits = automaton.find_overlapping(joined)
        return places(text, joined, [(start, stop) for start, stop, _ in hits])

    return Program(find, lambda: library.CharwiseDoubleArrayAhoCorasick.deserialize(path.read_bytes()))


def flashtext2(names: Iterable[str], folder: Path) -> Program:
    """Build a processor of flashtext2, which finds no names that overlap and cannot be saved."""
    import flashtext2 as library  # noqa: PLC0415

    processor = library.KeywordProcessor(case_sensitive=True)
    processor.add_keywords_from_iter(pattern.strip() for pattern in patterns(names))

    def find(raw: str) -> list[Place]:
        text, joined = normalized(raw)
        hits = processor.extract_keywords_with_span(joined)
        return places(text, joined, [(start - 1, stop + 1) for _, start, stop in hits])

    return Program(find)


PROGRAMS: dict[str, Callable[[Iterable[str], Path], Program]] = {
    "sanctions-monitor": ours,
    "pyahocorasick": ahocorasick,
    "ahocorasick_rs": ahocorasick_rs,
    "daachorse": daachorse,
    "flashtext2": flashtext2,
}


def patterns(names: Iterable[str]) -> Iterable[str]:
    """Yield folded names between spaces, so that no part of a word is found."""
    return (f" {' '.join(words(name))} " for name in names)


def normalized(raw: str) -> tuple[Text, str]:
    """Return a text, and its folded words between spaces."""
    text = tokenize(raw)
    return text, f" {' '.join(text.words)} "


def places(text: Text, joined: str, hits: Sequence[tuple[int, int]]) -> list[Place]:
    """Return where in the original stand the words between these offsets of the joined words."""
    return [
        (text.starts[joined.count(" ", 0, start)], text.stops[joined.count(" ", 0, stop) - 2])
        for start, stop in hits
    ]


def timed(work: Callable[[], Any]) -> float:
    """Return the least processor seconds of some rounds, each long enough to be measured, after a first one."""
    began = process_time()
    work()
    repeats = 1 + int(ROUND_S / max(process_time() - began, 1e-4))
    took = []
    for _ in range(ROUNDS):
        began = process_time()
        for _ in range(repeats):
            work()
        took.append((process_time() - began) / repeats)
    return max(min(took), 1e-9)


def resident_mb() -> float:
    return _status_mb("VmRSS")


def peak_mb() -> float:
    return _status_mb("VmHWM")


def _status_mb(field: str) -> float:
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(float(line.split()[1]) / 1e3 for line in lines if line.startswith(f"{field}:"))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
