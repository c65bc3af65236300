"""Split a query into tokens with their columns; refuse operators of other products, with a suggestion."""

import difflib
import re
from dataclasses import dataclass

_TOKEN = re.compile(
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

#: How other products write what we write otherwise.
_ELSEWHERE = {
    "w": "NEAR", "n": "NEAR", "within": "NEAR", "near": "NEAR", "adj": "ONEAR", "pre": "ONEAR", "p": "ONEAR",
    "onear": "ONEAR", "atleast": "ATLEAST", "s": "SAME SENTENCE",
    "&": "AND", "&&": "AND", "|": "OR", "||": "OR", "!": "NOT", "andnot": "NOT",
}  # fmt: skip
_SMALL = frozenset({"and", "or", "not", "near", "onear"})
_OPERATOR_LIKE = re.compile(r"(?P<name>[A-Za-z]+)/?(?P<number>\d*)|/?(?P<sign>[&|!]+|s)")
_COUNTED = ("NEAR", "ONEAR", "ATLEAST")


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
        QueryError: a quotation mark is open, or an operator is written as others write it.
    """
    tokens, at = [], 0
    while source[at:].strip():
        match = _TOKEN.match(source, at)
        if match is None or match.lastgroup is None:
            raise QueryError(f"{source[at:].strip()[0]!r} cannot be read", at + 1)
        kind, text, column = match.lastgroup, match[match.lastgroup], match.start(match.lastgroup) + 1
        if wrong := _wrong(kind, text):
            raise QueryError(wrong, column)
        tokens.append(Token(kind, text, column))
        at = match.end()
    return tokens


_UNFINISHED = {
    "SAME": "write SAME SENTENCE",
    "ATLEAST": "write ATLEAST/3(…) with a number of mentions",
    "NEAR": "write NEAR/8 with a number of words",
    "ONEAR": "write ONEAR/8 with a number of words",
}


def _wrong(kind: str, text: str) -> str:
    match kind:
        case "unclosed":
            return "this quotation mark is not closed"
        case "small":
            return f'operators are written large: SAME SENTENCE, or "{text}" for the words'
        case "bare":
            return _UNFINISHED[text]
    return _meant(text) if kind == "term" else ""


def _meant(text: str) -> str:
    """Return what to write instead of a word that was meant as an operator; "" for any other word."""
    if text in _SMALL:
        return f'operators are written large: {text.upper()}, or "{text}" for the word'
    if (found := _OPERATOR_LIKE.fullmatch(text)) is None:
        return ""
    name, number = found["name"] or found["sign"], found["number"] or ""
    if not number and text.isalpha() and text.lower() != "andnot":
        return ""
    operator = _ELSEWHERE.get(name.lower(), "")
    if not operator and "/" in text and number:
        operator = next(iter(difflib.get_close_matches(name.upper(), _COUNTED, 1, 0.7)), "")
    if not operator or (number and "/" not in text and len(name) < 3):
        return ""
    wanted = f"{operator}/{number or 8}" if operator in _COUNTED else operator
    return f"no operator {text!r}; did you mean {wanted}?"
