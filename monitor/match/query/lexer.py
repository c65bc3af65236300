"""Split a query into tokens with their columns; refuse operators of other products, with a suggestion."""

import re
from dataclasses import dataclass

from monitor.text.patterns import late_pattern

from .lookalikes import suggestion

_TOKEN = late_pattern(
    r"""\s*(?:
      (?P<open>\() | (?P<close>\))
    | (?P<spread>(?:"[^"]*"|“[^”]*”)~\d+) | (?P<phrase>"[^"]*"|“[^”]*”) | (?P<unclosed>["“].*)
    | (?P<near>O?NEAR/\d+)(?![^\s()"“@=]) | (?P<atleast>ATLEAST/\d+)(?![^\s(])
    | (?P<same>SAME\s+SENTENCE)\b | (?P<small>(?i:same\s+sentence))\b
    | (?P<bare>(?:O?NEAR|ATLEAST)\b|SAME\b) | (?P<word>(?:AND|OR|NOT)(?![^\s()"“@=]))
    | (?P<field>[A-Za-z]+): | (?P<tag>@[\w.\-]+(?::[\w.\-]+)?) | (?P<minus>-(?=[\w"“(@=]))
    | (?P<term>=?[^\s()"“]+)
    )""",
    re.VERBOSE | re.DOTALL,
)


class QueryError(ValueError):
    """A query cannot be read; `column` counts from 1."""

    def __init__(self, what: str, column: int) -> None:
        super().__init__(f"column {column}: {what}")
        self.column = column


@dataclass(frozen=True, slots=True)
class Token:
    """One word or sign; `kind` is the name of its group above."""

    kind: str
    text: str
    column: int


def lex(source: str) -> list[Token]:
    """Split a query.

    Raises:
        QueryError: the first of the mistakes of `scan`.
    """
    tokens, mistakes = scan(source)
    if mistakes:
        raise mistakes[0]
    return tokens


def scan(source: str) -> tuple[list[Token], list[QueryError]]:
    """Split a query, with every mistake in its tokens: open quotation marks and operators of other products.

    A token with a mistake is replaced by one that keeps the structure of the query.
    """
    tokens, mistakes, at = [], [], 0
    while source[at:].strip():
        match = _TOKEN.match(source, at)
        if match is None or match.lastgroup is None:
            mistakes.append(QueryError(f"{source[at:].strip()[0]!r} cannot be read", at + 1))
            break
        kind, text, column = match.lastgroup, match[match.lastgroup], match.start(match.lastgroup) + 1
        if wrong := _wrong(kind, text, source[match.end() :]):
            mistakes.append(QueryError(wrong, column))
            kind, text = _REPLACEMENTS.get(text, ("same", text) if kind == "small" else ("term", "x"))
        tokens.append(Token(kind, text, column))
        at = match.end()
    return tokens, mistakes


_UNFINISHED = {
    "SAME": "write SAME SENTENCE",
    "ATLEAST": "write ATLEAST/3(…) with a number of mentions",
    "NEAR": "write NEAR/8 with a number of words",
    "ONEAR": "write ONEAR/8 with a number of words",
}


#: Kind and text of a token in the place of an unfinished operator.
_REPLACEMENTS = {
    "SAME": ("same", "SAME SENTENCE"),
    "ATLEAST": ("atleast", "ATLEAST/3"),
    "NEAR": ("near", "NEAR/8"),
    "ONEAR": ("near", "ONEAR/8"),
}


def _wrong(kind: str, text: str, following: str) -> str:
    match kind:
        case "unclosed":
            return "this quotation mark is not closed"
        case "small":
            return f'operators are written large: SAME SENTENCE, or "{text}" for the words'
        case "bare":
            return _UNFINISHED[text]
        case "term":
            return suggestion(text, following)
    return ""
