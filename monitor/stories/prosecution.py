"""The stage of a court case in a title: a person arrested, charged, convicted or sentenced. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from monitor.text import words


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWords:
    """Folded words by which titles state a stage; one of `arrest` does so beside one of `persons`."""

    stages: Mapping[ProsecutionStage, frozenset[str]] = field(default_factory=dict)
    arrest: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()

    def stage_of(self, said: Collection[str]) -> ProsecutionStage | None:
        """Return the latest stage that the folded words of a title state, None without a case."""
        stated = frozenset(said)
        for stage, several in sorted(self.stages.items(), reverse=True):
            if not several.isdisjoint(stated):
                return stage
        is_arrest = not self.arrest.isdisjoint(stated) and not self.persons.isdisjoint(stated)
        return ProsecutionStage.ARRESTED if is_arrest else None


def case_words_of(table: Mapping[str, Sequence[str]]) -> CaseWords:
    """Return the words of a table with the keys charged, convicted, sentenced, arrest and persons."""
    folded = {key: frozenset(words(" ".join(lines))) for key, lines in table.items()}
    later = (ProsecutionStage.CHARGED, ProsecutionStage.CONVICTED, ProsecutionStage.SENTENCED)
    return CaseWords(
        stages={stage: folded.get(stage.in_words, frozenset()) for stage in later},
        arrest=folded.get("arrest", frozenset()),
        persons=folded.get("persons", frozenset()),
    )
