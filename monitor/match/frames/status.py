"""Tell how far an act has come, by the form of its verb and the marks around it."""

from dataclasses import dataclass

from monitor.model import EventStatus

from .lexemes import Hit

#: How far before an act a mark may stand, in words; a denial stands close.
REACH, DENIAL_REACH = 9, 5

#: And "without" before the measures that it leaves out.
WITHOUT_REACH = 3

#: Forms of the verb that state nothing by themselves: what stands behind "without".
_UNSTATED = frozenset("nigb")

#: In Persian the object stands between: "نتوانست تحریم‌های جدید را تصویب کند".
DENIAL_REACH_OF_LAST_VERBS = 8

#: In Chinese a word is an ideograph.
REACH_OF_IDEOGRAPHS = 18

#: Languages in which marks stand behind an object as well.
MARKED_BEHIND = frozenset("tr fa de zh ru uk pl sv".split())

#: Names of marks that leave an act supposed, and what their status is.
_SUPPOSED = frozenset({"considered", "vetoed"})

_ORDER = ("vetoed", "denied", "asked", "threatened", "wished", "considered", "future", "agreed")

#: Forms of the verb that tell their status themselves, with whether it is only supposed.
_BY_KIND = {
    "u": (EventStatus.FUTURE, False),
    "c": (EventStatus.FUTURE, True),
    "d": (EventStatus.DENIED, False),
    "r": (EventStatus.RECALLED, False),
    "x": (EventStatus.WISHED, False),
    "i": (EventStatus.FUTURE, False),
}

#: Forms of the verb that an auxiliary of the future goes with.
_ACTIVE = frozenset("bi")

#: How far before its verb a perfect may stand, in words, where its object does not come between.
REACH_OF_PERFECT = 3

#: Forms of the verb that a perfect goes with.
_ACCOUNTS = frozenset("bpf")

Range = tuple[int, int]

#: Courts dismiss and reject by the words that deny elsewhere: "weist … ab", "reddetti".
RULING = "v:adjudge"


@dataclass(frozen=True, slots=True)
class Mark:
    """A word that tells a status."""

    hit: Hit
    status: EventStatus
    hedged: bool


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of status of one sentence, in reading order."""

    hits: tuple[Hit, ...]

    def within(self, place: str, start: int, stop: int, only: str = "") -> list[tuple[str, Hit]]:
        """Return the marks of one place that stand in the words [start, stop), with their names."""
        found = []
        for hit in self.hits:
            if start <= hit.start and hit.stop <= stop:
                _, name, where = hit.tag.split(":")
                if where == place and (not only or name == only):
                    found.append((name, hit))
        return found

    def governing(self, lang: str, before: Range, after: Range) -> Mark | None:
        """Return the mark that governs an object without a verb."""
        first = max(before[0], before[1] - _reach(lang))
        found = self.within("before", first, before[1]) + self.within("active", first, before[1])
        found += self._around(before, after)
        found += self.within("near", max(first, before[1] - WITHOUT_REACH), before[1], "denied")
        if lang in MARKED_BEHIND:
            found += self.within("after", *after)
        opened = any(name == "open" for name, _ in found)
        for name in _ORDER[2 * opened :]:
            if hits := [hit for each, hit in found if each == name]:
                return Mark(hits[-1], _status(name), name in _SUPPOSED)
        open_marks = [hit for name, hit in found if name == "open"]
        return Mark(open_marks[-1], EventStatus.FUTURE, True) if open_marks else None

    def is_account(self, lang: str, before: Range) -> bool:
        """Say whether an act is told as done over time: "has sold arms since 2015", not "its first since"."""
        first = 0 if lang in MARKED_BEHIND else max(before[0], before[1] - REACH_OF_PERFECT)
        perfect = self.within("perfect", first, before[1])
        if not perfect:
            return False
        behind = perfect[0][1].stop, self.hits[-1].stop
        return bool(self.within("since", *behind)) and not self.within("record", *behind)

    def _around(self, before: Range, after: Range) -> list[tuple[str, Hit]]:
        """Return the marks of two parts that have the object between them: "schließt … nicht aus"."""
        wide = (hit for hit in self.hits if before[0] <= hit.start < before[1] and hit.stop > after[0])
        named = ((hit.tag.split(":")[1], hit) for hit in wide)
        return [(name, hit) for name, hit in named if name in {"open", *_ORDER}]


def status_of(
    marks: Marks, verb: Hit, kind: str, lang: str, before: Range, after: Range
) -> tuple[EventStatus, bool]:
    """Return the status of an act and whether it is only supposed."""
    ruling = verb.tag.startswith(RULING)
    said = _said(marks, lang, before, (verb.stop, after[1]) if ruling else after)
    if kind in _ACTIVE:
        said |= {name for name, _ in marks.within("active", *before)}
    said -= {"denied", "vetoed"} if ruling else set()
    if kind == "i" and lang == "tr" and "wished" in said:
        said = said - {"wished"} | {"considered"}  # "almak istiyor" is one's own wish
    if "open" in said:
        return EventStatus.FUTURE, True
    if "denied" in said or kind == "d" or _is_without(marks, kind, before):
        return EventStatus.DENIED, "vetoed" in said
    if name := next((each for each in _ORDER[2:] if each in said), ""):
        return _status(name), name == "considered"
    reach = REACH if kind == "b" else 1
    near = {name for name, hit in marks.within("near", *before) if before[1] - hit.stop <= reach}
    recalled = "recalled" in near or marks.within("before", before[0], after[1], "recalled")
    if recalled or (kind in _ACCOUNTS and marks.is_account(lang, before)):
        return EventStatus.RECALLED, False
    if kind in _BY_KIND:
        return _BY_KIND[kind]
    meant = "future" in near and kind != "n"
    return (EventStatus.FUTURE if meant else EventStatus.DONE), False


def _is_without(marks: Marks, kind: str, before: Range) -> bool:
    """Say whether an act that is no statement is left out: "ohne Sanktionen zu verhängen"."""
    first = max(before[0], before[1] - DENIAL_REACH)
    return kind in _UNSTATED and bool(marks.within("near", first, before[1], "denied"))


def _reach(lang: str) -> int:
    return REACH_OF_IDEOGRAPHS if lang == "zh" else REACH


def _said(marks: Marks, lang: str, before: Range, after: Range) -> set[str]:
    """Return what the marks around an act say; adverbs of time stand anywhere in the clause."""
    start, stop = before
    found = marks.within("before", max(start, stop - _reach(lang)), stop)
    behind = {name for name, _ in marks.within("after", *after)}
    denial = DENIAL_REACH_OF_LAST_VERBS if lang == "fa" else DENIAL_REACH
    close = {name for name, hit in found if name != "denied" or stop - hit.stop <= denial}
    adverb = {"recalled"} & {name for name, _ in found}
    return close | behind | adverb


def _status(name: str) -> EventStatus:
    if name in {"considered", "future", "agreed"}:
        return EventStatus.FUTURE
    return EventStatus.DENIED if name == "vetoed" else EventStatus(name)
