"""The stage of a court case in a title: a person arrested, charged, convicted or sentenced. Pure."""

from collections.abc import Collection
from enum import IntEnum


class ProsecutionStage(IntEnum):
    """The stages of a case, in order."""

    ARRESTED = 1
    CHARGED = 2
    CONVICTED = 3
    SENTENCED = 4

    @property
    def in_words(self) -> str:
        """The stage in words."""
        return self.name.lower()


_WORDS = {
    ProsecutionStage.SENTENCED: frozenset({"sentenced", "sentences", "jailed", "jails", "fined", "fines"}),
    ProsecutionStage.CONVICTED: frozenset({"convicted", "convicts", "guilty", "acquitted"}),
    ProsecutionStage.CHARGED: frozenset({"charged", "charges", "indicted", "indicts", "trial"}),
}
_ARREST = frozenset({"arrest", "arrests", "arrested", "detain", "detains", "detained", "detention"})
_PERSONS = frozenset(
    "captain captains crew man men woman women citizen citizens national nationals officer officers"
    " official officials executive executives suspect suspects master sailor sailors"
    " person persons people owner".split()
)


def prosecution_stage(words: Collection[str]) -> ProsecutionStage | None:
    """Return the latest stage that the folded words of an English title state, None without a case."""
    stated = frozenset(words)
    for stage, several in _WORDS.items():
        if not several.isdisjoint(stated):
            return stage
    is_arrest = not _ARREST.isdisjoint(stated) and not _PERSONS.isdisjoint(stated)
    return ProsecutionStage.ARRESTED if is_arrest else None
