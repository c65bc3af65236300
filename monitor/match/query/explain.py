"""Put queries into words: what must occur where, and what a text lacks."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitor.match.lexicon import Lexicon
from monitor.match.spans import CATEGORY, Doc

from .nodes import And, AtLeast, Match, Near, Or, Query, Spread, Term, Without, between, mentions, parted
from .pattern import Pattern
from .pattern import parse as parse_pattern

#: Most alternatives, patterns or quotes shown; the others are counted.
SHOWN = 6

_KINDS = {
    "amount": "a sum of money",
    "pair": "two different states in one sentence",
    "listed": "a thing that is on a list",
    "watch": "a name of any of your watch lists",
}

_ALONE = {
    "word": "the word “{}”",
    "stem": "a word that begins with “{}”",
    "glob": "a word like “{}”",
    "number": "a number",
}
_SIGNS = {"...": "... is a gap of at most four words", "#": "# is a number", "*": "* is any letters"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an outline; with a text, `holds` and `found` are the result of that part."""

    depth: int
    text: str
    holds: bool | None = None
    found: tuple[str, ...] = ()


def outline(query: Query, lexicon: Lexicon, doc: Doc | None = None, depth: int = 0) -> Iterator[Line]:
    """Yield a query line by line, the parts of an operator indented below it."""
    if isinstance(query, Without):
        yield from outline(query.keep, lexicon, doc, depth)
        yield _line(depth, "but nowhere in the item:", query.drop, doc, absent=True)
        yield from outline(query.drop, lexicon, doc, depth + 1)
        return
    parts = _parts(query)
    terms = [part for part in parts if isinstance(part, Term)]
    if isinstance(query, Or) and len(terms) == len(parts):
        alternatives = _some([_term(term, lexicon) for term in terms], "or")
        yield _line(depth, f"one of: {alternatives}", query, doc)
        return
    head = _term(query, lexicon) if isinstance(query, Term) else _head(query)
    yield _line(depth, head, query, doc)
    for part in parts:
        yield from outline(part, lexicon, doc, depth + 1)


def describe(query: Query) -> str:
    """Return a query in one line, its operators in words."""
    match query:
        case Term(source=source, field=field):
            return f"{source} in the {field}" if field else source
        case And(parts=parts):
            return " and ".join(map(describe, parts))
        case Or(parts=parts):
            return f"({' or '.join(map(describe, parts))})"
        case Without(keep=keep, drop=drop):
            return f"{describe(keep)}, without {describe(drop)}"
        case Near(left=left, right=right):
            return f"{describe(left)} {_reach(query)} {describe(right)}"
    return _describe_counted(query)


def _describe_counted(query: Query) -> str:
    match query:
        case Spread(parts=terms, words=words):
            return f"{_listed(terms)} with at most {words} other words among them"
        case AtLeast(times=times, part=part):
            return f"at least {times} mentions of {describe(part)}"
    raise TypeError(query)


def misses(query: Query, doc: Doc) -> tuple[str, ...]:
    """Return what a text lacks for a query to hold, by the closest alternative; empty if it holds."""
    if query.find(doc):
        return ()
    match query:
        case Term(tag=tag, source=source, field=field):
            only = f"{source} stands elsewhere than in the {field}"
            absent = f"no {field} has {source}" if field == CATEGORY else f"{source} is missing"
            return (only if field and doc[tag] else absent,)
        case Or(parts=parts) if all(isinstance(part, Term) for part in parts):
            return (f"none of {_some([describe(part) for part in parts], 'or')} is there",)
        case Or(parts=parts):
            return min((misses(part, doc) for part in parts), key=len)
        case Without(keep=keep, drop=drop):
            return misses(keep, doc) or (f"ruled out by {_quoted(drop.find(doc), doc)}",)
    lacking = tuple(miss for part in _parts(query) for miss in misses(part, doc))
    return lacking or (_too_little(query, doc),)


def _too_little(query: Query, doc: Doc) -> str:
    """Return why a query does not hold although every part does."""
    match query:
        case Near():
            return _apart(query, doc)
        case Spread(parts=terms, words=words):
            return f"more than {words} other words stand among {_listed(terms)}"
        case AtLeast(times=times, part=part):
            return f"{describe(part)} is mentioned {mentions(part.find(doc))} of {times} times"
    raise TypeError(query)


def quotes(matches: Iterable[Match], doc: Doc) -> tuple[str, ...]:
    """Return the words that were found, each once, in the order of the matches."""
    found = (doc.texts[match.field].quote(match.start, match.stop) for match in matches)
    return tuple(dict.fromkeys(found))[:SHOWN]


def notation_of(pattern: Pattern) -> str:
    """Return a pattern in the notation of the lexicon."""
    if pattern.written:
        return f"={pattern.written}"
    signs = {"stem": "{}*", "number": "#", "gap": "..."}
    return " ".join(
        _wildcards(each.value) if each.kind == "glob" else signs.get(each.kind, "{}").format(each.value)
        for each in pattern.elements
    )


def _wildcards(glob: str) -> str:
    """Undo `fnmatch.translate`."""
    return re.sub(r"\.(\*?)", lambda dot: dot[1] or "?", glob.removeprefix("(?s:").rpartition(")")[0])


def _parts(query: Query) -> tuple[Query, ...]:
    match query:
        case And(parts=parts) | Or(parts=parts) | Spread(parts=parts):
            return parts
        case Near(left=left, right=right):
            return left, right
        case AtLeast(part=part):
            return (part,)
    return ()


def _head(query: Query) -> str:
    match query:
        case And():
            return "all of these, anywhere in the item:"
        case Or():
            return "at least one of these:"
        case Near(words=None):
            return "both of these in one sentence:"
        case Near(words=words, ordered=ordered):
            order = "the first before the second" if ordered else "in any order"
            return f"both of these, {order}, with at most {words} words between them:"
        case Spread(words=words):
            return f"all of these in one field, in any order, with at most {words} other words among them:"
        case AtLeast(times=times):
            return f"at least {times} mentions of this:"
    raise TypeError(query)


def _line(depth: int, text: str, query: Query, doc: Doc | None, absent: bool = False) -> Line:
    if doc is None:
        return Line(depth, text)
    matches = query.find(doc)
    return Line(depth, text, bool(matches) is not absent, quotes(matches, doc))


def _term(term: Term, lexicon: Lexicon) -> str:
    where = f" in the {term.field}" if term.field else ""
    if term.tag.startswith("w:"):
        return _words(term.tag.removeprefix("w:")) + where
    if concept := lexicon.concepts.get(term.tag):
        return f"the concept @{term.tag} ({_some([f'“{notation_of(p)}”' for p in concept], 'or')}){where}"
    if entry := lexicon.entries.get(term.tag):
        name = f"a name of your watch list {entry.name}" if entry.kind == "watch" else entry.name
        return f"{name}{'' if entry.kind == 'watch' else f' ({entry.kind})'}{where}"
    return _KINDS.get(term.tag, f"any {term.tag} that the lexicon knows") + where


def _words(source: str) -> str:
    if source.startswith("="):
        return f"“{source[1:]}”, letter for letter"
    first, *others = parse_pattern(source).elements
    if not others:
        return _ALONE[first.kind].format(source.rstrip("*") if first.kind == "stem" else source)
    explained = [explanation for sign, explanation in _SIGNS.items() if sign in source]
    return f"the phrase “{source}”" + (f" ({', '.join(explained)})" if explained else "")


def _some(names: list[str], joint: str) -> str:
    shown, more = names[:SHOWN], len(names) - SHOWN
    if more > 0:
        return f"{', '.join(shown)} {joint} {more} more"
    return f" {joint} ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


def _listed(terms: Iterable[Term]) -> str:
    return ", ".join(f"“{term.source}”" for term in terms)


def _reach(node: Near) -> str:
    if node.words is None:
        return "in the same sentence as"
    return f"followed within {node.words} words by" if node.ordered else f"within {node.words} words of"


def _quoted(matches: Iterable[Match], doc: Doc) -> str:
    return ", ".join(f"“{quote}”" for quote in quotes(matches, doc))


def _apart(node: Near, doc: Doc) -> str:
    """Return why two parts that both hold are not near enough."""
    both = f"{describe(node.left)} and {describe(node.right)}"
    pairs = [
        (left, right)
        for left in node.left.find(doc)
        for right in node.right.find(doc)
        if left.field == right.field
    ]
    if not pairs:
        return f"{both} stand in different fields"
    if node.words is None:
        return f"{both} stand in different sentences"
    left, right = min(pairs, key=lambda pair: (parted(doc, *pair), between(*pair)))
    if between(left, right) <= node.words:
        return f"{both} stand in the other order" if node.ordered else f"{both} are the same words"
    return f"{both} stand {between(left, right)} words apart, at most {node.words} are wanted"
