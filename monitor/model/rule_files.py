"""The files that items are judged by: rules, lexicon and scoring."""

from dataclasses import dataclass
from enum import StrEnum


class FileRole(StrEnum):
    """What a file contributes: its version is that of the rules, or that of the lexicon for all others."""

    RULES = "rules"
    LEXICON = "lexicon"
    SCORING = "scoring"
    OWN_SCORING = "own_scoring"


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A file by the name under which it is hashed, with its whole text."""

    role: FileRole
    name: str
    text: str
