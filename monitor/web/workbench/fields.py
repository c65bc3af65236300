"""What was typed at the workbench: a rule, words of frames, or a watch list. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from monitor.errors import ConfigError
from monitor.match.lexicon import LANGUAGES
from monitor.render.sanitize import sanitize

PERIODS = (7, 30, 90)
TOPICS = ("sanctions", "arms")
MAX_QUERY, MAX_EXAMPLES, MAX_WORDS, MAX_NAMES = 2_000, 40, 60, 1_000

_MAX_LINES_TEXT = 40_000
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NAME = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
_CLASS_WORD = re.compile(r"[a-z]{2,}")
_CLASS = re.compile(r"(verb|status)\.([a-z_]{1,40})")


class WorkbenchKind(StrEnum):
    """What can be tried and saved."""

    RULE = "rule"
    FRAME = "frame"
    WATCH = "watch"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbenchFields:
    """The fields of the form; those of other kinds are empty.

    `id`, `topic`, `points`, `query` and examples are of a rule, `group` (``verb.impose``), `lang` and `words`
    of frames, `id` and `words` of a watch list. `frame` is a frame class as it was typed, `event` the type of
    event of a frame that is to be added for it.
    """

    kind: WorkbenchKind = WorkbenchKind.RULE
    days: int = 30
    id: str = ""
    query: str = ""
    topic: str = "arms"
    points: str = "60"
    because: str = ""
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    group: str = ""
    lang: str = "en"
    frame: str = ""
    event: str = ""
    words: tuple[str, ...] = ()
    comment: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to try."""
        return not (self.query if self.kind is WorkbenchKind.RULE else self.words or self.frame)

    @property
    def adds_frame(self) -> bool:
        """Whether a frame is to be added, not words."""
        return self.kind is WorkbenchKind.FRAME and bool(self.frame and self.event)

    @property
    def frame_id(self) -> str:
        """The name of the frame that is to be added, made of its classes if none was given."""
        return self.id or "own-" + "-".join(_CLASS_WORD.findall(self.frame.lower()))

    @property
    def address(self) -> str:
        """The query of an address by which the same is tried again."""
        pairs = {
            "kind": self.kind,
            "days": self.days,
            "id": self.id,
            "q": self.query,
            "topic": self.topic,
            "points": self.points,
            "because": self.because,
            "yes": "\n".join(self.yes),
            "no": "\n".join(self.no),
            "group": self.group,
            "lang": self.lang,
            "frame": self.frame,
            "event": self.event,
            "words": "\n".join(self.words),
            "comment": self.comment,
        }
        return urlencode({name: value for name, value in pairs.items() if value})


def read_fields(one: Callable[[str], str]) -> WorkbenchFields:
    """Return the fields of a form or an address, whose values `one` returns; "" for those not given."""
    kind = one("kind")
    kind = kind if kind in WorkbenchKind._value2member_map_ else WorkbenchKind.RULE
    most = MAX_NAMES if kind == WorkbenchKind.WATCH else MAX_WORDS
    return WorkbenchFields(
        kind=WorkbenchKind(kind),
        days=int(one("days")) if one("days") in map(str, PERIODS) else 30,
        id=one("id").strip()[:60],
        query=" ".join(one("q").split())[:MAX_QUERY],
        topic=one("topic")[:20] or TOPICS[-1],
        points=one("points").strip()[:5] or "60",
        because=sanitize(one("because"))[:200],
        yes=lines_of(one("yes"), MAX_EXAMPLES),
        no=lines_of(one("no"), MAX_EXAMPLES),
        group=one("group")[:60],
        lang=one("lang") if one("lang") in LANGUAGES else "en",
        frame=" ".join(one("frame").split())[:100],
        event=one("event")[:40],
        words=lines_of(one("words"), most),
        comment=sanitize(one("comment"))[:300],
    )


def lines_of(text: str, most: int) -> tuple[str, ...]:
    """Return the lines of a field, each once, without empty ones."""
    lines = (line.strip()[:400] for line in text[:_MAX_LINES_TEXT].splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))[:most]


def rule_id(fields: WorkbenchFields) -> str:
    """Return the id of the rule.

    Raises:
        ConfigError: it is none.
    """
    if not _ID.fullmatch(fields.id):
        raise ConfigError("The name of a rule has small letters, digits and single -, as weapon-bought.")
    return fields.id


def list_name(fields: WorkbenchFields) -> str:
    """Return the name of the watch list.

    Raises:
        ConfigError: it is none.
    """
    if not _NAME.fullmatch(fields.id):
        raise ConfigError("The name of a watch list has small letters, digits, single - and _.")
    return fields.id


def rule_points(fields: WorkbenchFields) -> int:
    """Return the points of the rule.

    Raises:
        ConfigError: they are no number from -100 to 100.
    """
    digits = fields.points.removeprefix("-").removeprefix("\u2212")
    if not digits.isascii() or not digits.isdigit() or not 1 <= int(digits) <= 100:
        raise ConfigError("Points are 1 to 100, or less than 0 for a penalty; 60 flag an item.")
    return int(digits) if digits == fields.points else -int(digits)


def frame_class(fields: WorkbenchFields) -> tuple[str, str]:
    """Return the kind and the name of the class that words of frames belong to: ("verb", "impose").

    Raises:
        ConfigError: it is none.
    """
    found = _CLASS.fullmatch(fields.group)
    if found is None:
        raise ConfigError("Choose the class that the words belong to.")
    return found[1], found[2]
