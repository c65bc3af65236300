"""Measure one program that finds names in texts, in this process: ``python -m benchmarks.taggers PROGRAM FOLDER``.

`tagging` runs it once for each program and writes the folder: ``names.txt`` (one name a line), ``short.json`` and
``long.json`` (lists of texts). Printed is one line of JSON. Every program gets names and texts that are split and folded
by our own rules, and has to give the offsets of what it finds in the text as it was written.
"""

import gc
import json
import pickle
import sys
from collections.abc import Callable, Iterable
from itertools import accumulate
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from monitor.text import Text, tokenize, words

ROUNDS = 5

#: A name found: half-open offsets in the text as it was written.
Place = tuple[int, int]
Find = Callable[[str], list[Place]]


def main(program: str, folder: Path) -> None:
    names = (folder / "names.txt").read_text("utf-8").splitlines()
    used, began = resident_mb(), process_time()
    find, reload = PROGRAMS[program](names, folder)
    found: dict[str, float] = {"build_s": process_time() - began}
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


def ours(names: Iterable[str], folder: Path) -> tuple[Find, Callable[[], object] | None]:
    """Build the index of names of this program; a reload maps its file."""
    from monitor.app.names import names_index  # noqa: PLC0415  # the environments of others do not have it
    from monitor.match.spotting import Spotter  # noqa: PLC0415
    from monitor.model import Entity, EntityKind, Name  # noqa: PLC0415

    entities = (
        Entity(id=str(number), list="made-up", kind=EntityKind.PERSON, names=(Name(name),))
        for number, name in enumerate(names)
    )
    spotter = Spotter(indexes=(), names=names_index(entities, "tagging", folder))

    def find(raw: str) -> list[Place]:
        text = tokenize(raw)
        return [(text.starts[span.start], text.stops[span.stop - 1]) for span in spotter.spot("title", text)]

    return find, lambda: names_index((), "tagging", folder)


def ahocorasick(names: Iterable[str], folder: Path) -> tuple[Find, Callable[[], object] | None]:
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
        return places(text, [(end - length + 1, end + 1) for end, length in automaton.iter(joined)])

    return find, lambda: library.load(path, pickle.loads)


def ahocorasick_rs(names: Iterable[str], folder: Path) -> tuple[Find, Callable[[], object] | None]:
    """Build an automaton of ahocorasick_rs, which cannot be saved."""
    import ahocorasick_rs as library  # noqa: PLC0415

    automaton = library.AhoCorasick(list(patterns(names)))

    def find(raw: str) -> list[Place]:
        text, joined = normalized(raw)
        hits = automaton.find_matches_as_indexes(joined, overlapping=True)
        return places(text, [(start, stop) for _, start, stop in hits])

    return find, None


def daachorse(names: Iterable[str], folder: Path) -> tuple[Find, Callable[[], object] | None]:
    """Build an automaton of daachorse; a reload reads the bytes that it serializes."""
    import daachorse as library  # noqa: PLC0415

    automaton = library.CharwiseDoubleArrayAhoCorasick(list(dict.fromkeys(patterns(names))))
    path = folder / "daachorse"
    path.write_bytes(automaton.serialize())

    def find(raw: str) -> list[Place]:
        text, joined = normalized(raw)
        hits = automaton.find_overlapping(joined)
        return places(text, [(start, stop) for start, stop, _ in hits])

    return find, lambda: library.CharwiseDoubleArrayAhoCorasick.deserialize(path.read_bytes())


def flashtext2(names: Iterable[str], folder: Path) -> tuple[Find, Callable[[], object] | None]:
    """Build a processor of flashtext2, which finds no names that overlap and cannot be saved."""
    import flashtext2 as library  # noqa: PLC0415

    processor = library.KeywordProcessor(case_sensitive=True)
    processor.add_keywords_from_iter(pattern.strip() for pattern in patterns(names))

    def find(raw: str) -> list[Place]:
        text, joined = normalized(raw)
        hits = processor.extract_keywords_with_span(joined)
        return places(text, [(start - 1, stop + 1) for _, start, stop in hits])

    return find, None


PROGRAMS: dict[str, Callable[[Iterable[str], Path], tuple[Find, Callable[[], object] | None]]] = {
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


def places(text: Text, hits: list[Place]) -> list[Place]:
    """Return where in the original stand the words between these offsets of the joined words."""
    if not hits:
        return []
    begins = list(accumulate((len(word) + 1 for word in text.words), initial=0))
    number = {offset: index for index, offset in enumerate(begins)}
    return [(text.starts[number[start]], text.stops[number[stop - 1] - 1]) for start, stop in hits]


def timed(work: Callable[[], Any]) -> float:
    """Return the median of the processor seconds of some rounds, after one that is not counted."""
    work()
    took = []
    for _ in range(ROUNDS):
        began = process_time()
        work()
        took.append(process_time() - began)
    return max(median(took), 1e-9)


def resident_mb() -> float:
    return _status_mb("VmRSS")


def peak_mb() -> float:
    return _status_mb("VmHWM")


def _status_mb(field: str) -> float:
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(float(line.split()[1]) / 1e3 for line in lines if line.startswith(f"{field}:"))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
