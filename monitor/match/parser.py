"""The query language read by hand: a lexer and recursive descent, so that a mistake is named with its
column.

From loosest to tightest: ``OR`` · ``AND`` or nothing between two parts, with ``NOT`` or ``-`` before what
must be absent · ``NEAR/8 ONEAR/8 SAME SENTENCE`` · ``title:`` · words, ``"phrase"``, ``stem*``,
``=Exact``, ``@concept``, ``@kind:id``, ``( )``.
"""

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass

from .pattern import parse as parse_pattern
from .query import And, Near, Or, Query, Term, Within, Without
from .spotting import FIELDS

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<open>\() | (?P<close>\)) | (?P<phrase>"[^"]*") | (?P<unclosed>"[^"]*$)
    | (?P<near>O?NEAR/\d+)(?![^\s()"@=]) | (?P<same>SAME\s+SENTENCE)\b
    | (?P<bare>O?NEAR\b|SAME\b) | (?P<word>(?:AND|OR|NOT)(?![^\s()"@=]))
    | (?P<field>[a-z]+): | (?P<tag>@[\w.\-]+(?::[\w.\-]+)?) | (?P<minus>-(?=[\w"(@=]))
    | (?P<term>=?[^\s()"]+)
    )""",
    re.VERBOSE,
)
_LOWER = {"and", "or", "not", "near"}


class QueryError(ValueError):
    """A query cannot be read; `column` counts from 1."""

    def __init__(self, what: str, column: int) -> None:
        super().__init__(f"column {column}: {what}")
        self.column = column


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


def parse(source: str, tags: Collection[str]) -> Query:
    """Read a query; `tags` are the @names that the lexicon knows.

    Raises:
        QueryError: where it stops making sense, and what may have been meant.
    """
    return _Parser(source, tags).whole()


class _Parser:
    def __init__(self, source: str, tags: Collection[str]) -> None:
        self._source = source
        self._tags = tags
        self._tokens = _lex(source)
        self._at = 0

    def whole(self) -> Query:
        if not self._tokens:
            raise QueryError("the query is empty", 1)
        query = self._either()
        if token := self._peek():
            raise QueryError(f"{token.text!r} has nothing to belong to", token.column)
        return query

    def _either(self) -> Query:
        parts = [self._all()]
        while self._take("word", "OR"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self) -> Query:
        keep: list[Query] = []
        drop: list[Query] = []
        begin = self._peek()
        while True:
            negated = self._take("word", "NOT") or self._take("minus")
            (drop if negated else keep).append(self._close())
            joined = self._take("word", "AND")
            after = self._peek()
            if not joined and (after is None or after.kind == "close" or after.text == "OR"):
                break
        if not keep:
            column = begin.column if begin else 1
            raise QueryError("a query of NOT alone would hold for almost everything", column)
        held = keep[0] if len(keep) == 1 else And(tuple(keep))
        return held if not drop else Without(held, drop[0] if len(drop) == 1 else Or(tuple(drop)))

    def _close(self) -> Query:
        left = self._one()
        while token := (self._take("near") or self._take("same")):
            right = self._one()
            if token.kind == "same":
                left = Near(left, right, None)
            else:
                name, _, words = token.text.partition("/")
                left = Near(left, right, int(words), ordered=name == "ONEAR")
        return left

    def _one(self) -> Query:
        token = self._next()
        match token.kind:
            case "open":
                query = self._either()
                if not self._take("close"):
                    raise QueryError("this ( is not closed", token.column)
                return query
            case "field":
                if token.text not in FIELDS:
                    raise QueryError(f"no field {token.text!r}; there are {', '.join(FIELDS)}", token.column)
                return Within(token.text, self._one())
            case "tag":
                return self._tag(token)
            case "phrase" | "term":
                return self._pattern(token)
        raise QueryError(f"a word or ( is expected here, not {token.text!r}", token.column)

    def _tag(self, token: _Token) -> Query:
        name = token.text[1:]
        if name not in self._tags:
            close = difflib.get_close_matches(name, self._tags, n=1)
            hint = f"; did you mean @{close[0]}?" if close else ""
            raise QueryError(f"the lexicon has no @{name}{hint}", token.column)
        return Term(name, token.text)

    def _pattern(self, token: _Token) -> Query:
        words = token.text.strip('"')
        if token.kind == "term" and words in _LOWER:
            raise QueryError(
                f'operators are written large: {words.upper()}, or "{words}" for the word', token.column
            )
        try:
            parse_pattern(words)
        except ValueError as error:
            raise QueryError(str(error), token.column) from error
        return Term(f"w:{words}", token.text)

    def _peek(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self, kind: str, text: str = "") -> _Token | None:
        token = self._peek()
        if token is None or token.kind != kind or (text and token.text != text):
            return None
        self._at += 1
        return token

    def _next(self) -> _Token:
        token = self._peek()
        if token is None:
            raise QueryError("the query ends where a word is expected", len(self._source) + 1)
        self._at += 1
        return token


def _lex(source: str) -> list[_Token]:
    tokens, at = [], 0
    while source[at:].strip():
        match = _TOKEN.match(source, at)
        if match is None or match.lastgroup is None:
            raise QueryError(f"{source[at:].strip()[0]!r} cannot be read", at + 1)
        kind, text, column = match.lastgroup, match[match.lastgroup], match.start(match.lastgroup) + 1
        if kind == "unclosed":
            raise QueryError("this quotation mark is not closed", column)
        if kind == "bare":
            wanted = "SAME SENTENCE" if text == "SAME" else f"{text}/8 with a number of words"
            raise QueryError(f"write {wanted}", column)
        tokens.append(_Token(kind, text, column))
        at = match.end()
    return tokens


def terms(query: Query) -> frozenset[str]:
    """Return the ``w:`` tags of all words and phrases in a query, for the spotter to look for."""
    match query:
        case Term(tag=tag):
            return frozenset({tag}) if tag.startswith("w:") else frozenset()
        case And(parts=parts) | Or(parts=parts):
            return frozenset().union(*(terms(part) for part in parts))
        case Within(part=part):
            return terms(part)
        case Without(keep=left, drop=right) | Near(left=left, right=right):
            return terms(left) | terms(right)
    return frozenset()
