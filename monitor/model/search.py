"""What a search of the archive asks for: words of the full-text index, and properties of items."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class IndexWord:
    """A folded word that an item must contain, or with `beginning` the beginning of one."""

    text: str
    beginning: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple["WordCondition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple["WordCondition", ...]


#: A condition on the words of an item, which the full-text index answers.
WordCondition = IndexWord | AllOf | AnyOf


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFilter:
    """Properties of a stored item; one that is empty is not asked for.

    The item was first seen in [`since`, `until`). `topic` is one for which it was flagged; with `possible` it
    is one just below the threshold, and without a topic any such item fits. `min_severity` and `event` are of
    the main event. `lang` also fits its regional forms: ``en`` fits ``en-GB``.
    """

    since: datetime | None = None
    until: datetime | None = None
    feed: str = ""
    topic: str = ""
    possible: bool = False
    min_severity: int = 0
    event: str = ""
    lang: str = ""
