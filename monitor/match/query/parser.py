"""Parse queries by recursive descent; a mistake is reported with its column.

From loosest to tightest: ``OR`` · ``AND`` or nothing between two parts, with ``NOT`` or ``-`` before what
must be absent · ``NEAR/8 ONEAR/8 SAME SENTENCE``, from left to right · ``title: category: ATLEAST/3( )`` ·
words, ``"phrase"``, ``"phrase"~5``, ``stem*``, ``=Exact``, ``@concept``, ``@kind:id``, ``( )``.
"""

from collections.abc import Collection

from monitor.errors import did_you_mean
from monitor.match.spans import QUERY_FIELDS
from monitor.model import iso_id

from .fields import within
from .lexer import QueryError, Token, lex, scan
from .nodes import MOST, And, AtLeast, Near, Or, Query, Spread, Term, Without, walk
from .pattern import parse as parse_pattern

__all__ = ["QueryError", "mistakes_in", "parse", "terms"]


#: Deepest nesting of brackets.
DEEPEST = 40


def parse(source: str, tags: Collection[str]) -> Query:
    """Parse a query; `tags` are the @names of the lexicon.

    Raises:
        QueryError: with the column and a suggestion.
    """
    return _Parser(lex(source), len(source), tags).whole()


def mistakes_in(source: str, tags: Collection[str]) -> list[QueryError]:
    """Return every mistake of a query, by column: those of its tokens, and the first of its structure."""
    tokens, mistakes = scan(source)
    for token in tokens:
        try:
            _check_token(token, tags)
        except QueryError as error:
            mistakes.append(error)
    if source.count('"') % 2 == 0 and source.count("“") == source.count("”"):
        mistakes += _structural(tokens, len(source), tags, {each.column for each in mistakes})
    return sorted(mistakes, key=lambda each: each.column)


def _structural(
    tokens: list[Token], length: int, tags: Collection[str], reported: Collection[int]
) -> list[QueryError]:
    """Return the first mistake of structure, with every token that has a mistake of its own replaced."""
    sound = [
        Token("term", "x", each.column) if each.column in reported and each.kind in _OPERANDS else each
        for each in tokens
    ]
    try:
        _Parser(sound, length, tags).whole()
    except QueryError as error:
        return [] if error.column in reported else [error]
    return []


#: Kinds of tokens that are operands.
_OPERANDS = frozenset({"tag", "term", "phrase", "spread"})


def _check_token(token: Token, tags: Collection[str]) -> None:
    if token.kind == "tag":
        tag_term(token, tags)
    elif token.kind in {"term", "phrase"}:
        word_term(token.text.strip('"“”'), token.text, token.column)


class _Parser:
    def __init__(self, tokens: list[Token], length: int, tags: Collection[str]) -> None:
        self._tokens = tokens
        self._length = length
        self._tags = tags
        self._depth = 0
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
        required = keep[0] if len(keep) == 1 else And(tuple(keep))
        return required if not drop else Without(required, drop[0] if len(drop) == 1 else Or(tuple(drop)))

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
                return self._bracket(token)
            case "field":
                return self._field(token)
            case "atleast":
                return self._at_least(token)
            case "tag":
                return tag_term(token, self._tags)
            case "spread":
                return self._spread(token)
            case "phrase" | "term":
                return word_term(token.text.strip('"“”'), token.text, token.column)
        raise QueryError(f"a word or ( is expected here, not {token.text!r}", token.column)

    def _bracket(self, token: Token) -> Query:
        self._depth += 1
        if self._depth > DEEPEST:
            raise QueryError(f"more than {DEEPEST} brackets within one another", token.column)
        query = self._either()
        if not self._take("close"):
            raise QueryError("this ( is not closed", token.column)
        self._depth -= 1
        return query

    def _field(self, token: Token) -> Query:
        if token.text not in QUERY_FIELDS:
            hint = did_you_mean(token.text.lower(), QUERY_FIELDS, "{}:")
            after = self._peek()
            if after and (tag := f"{token.text}:{after.text}") in self._tags:
                hint = f"; did you mean @{tag}?"
            known = ", ".join(QUERY_FIELDS)
            raise QueryError(f"no field {token.text!r}; there are {known}{hint}", token.column)
        try:
            return within(token.text, self._one())
        except ValueError as error:
            raise error if isinstance(error, QueryError) else QueryError(str(error), token.column) from error

    def _at_least(self, token: Token) -> Query:
        times = int(token.text.partition("/")[2])
        if not 2 <= times <= MOST:
            raise QueryError(f"ATLEAST counts from 2 to {MOST} mentions, not {times}", token.column)
        if (bracket := self._take("open")) is None:
            raise QueryError(f"write {token.text}(…)", token.column)
        part = self._bracket(bracket)
        if isinstance(part, And | Without):
            raise QueryError("ATLEAST counts mentions: join what it counts by OR", bracket.column)
        return AtLeast(times, part)

    def _spread(self, token: Token) -> Query:
        phrase, _, words = token.text.rpartition("~")
        parts = phrase.strip('"“”').split()
        if len(parts) < 2:
            raise QueryError(f"~{words} needs a phrase of two words or more", token.column)
        return Spread(tuple(word_term(word, word, token.column) for word in parts), int(words))

    def _peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self, kind: str, text: str = "") -> Token | None:
        token = self._peek()
        if token is None or token.kind != kind or (text and token.text != text):
            return None
        self._at += 1
        return token

    def _next(self) -> Token:
        token = self._peek()
        if token is None:
            raise QueryError("the query ends where a word is expected", self._length + 1)
        self._at += 1
        return token


def tag_term(token: Token, tags: Collection[str]) -> Term:
    """Return the term of an @name.

    Raises:
        QueryError: the lexicon does not have it.
    """
    name = iso_id(token.text[1:])
    if name not in tags:
        raise QueryError(f"the lexicon has no @{name}{did_you_mean(name, tags, '@{}')}", token.column)
    return Term(name, token.text)


def word_term(words: str, source: str, column: int) -> Term:
    """Return the term of a word, phrase or pattern.

    Raises:
        QueryError: it has no word, or a wildcard with too few letters.
    """
    try:
        parse_pattern(words)
    except ValueError as error:
        raise QueryError(str(error), column) from error
    return Term(f"w:{words}", source)


def terms(query: Query) -> frozenset[str]:
    """Return the ``w:`` tags of all words and phrases of a query, for the spotter."""
    return frozenset(term.tag for term in walk(query) if term.tag.startswith("w:"))
