"""Restrict a query to one field of an item. Pure."""

from dataclasses import replace

from monitor.match.spans import CATEGORY

from .nodes import ACTS, And, AtLeast, Near, Or, Query, Spread, Term, Without, walk


def within(field: str, query: Query) -> Query:
    """Return the query as it is when all of it must stand, or be absent, in one field.

    Raises:
        ValueError: a part of it stands in another field already.
    """
    match query:
        case Term():
            return _placed(field, query)
        case Spread(parts=terms):
            return replace(query, parts=tuple(_placed(field, term) for term in terms))
        case And(parts=parts) | Or(parts=parts):
            return replace(query, parts=tuple(within(field, part) for part in parts))
        case Without(keep=keep, drop=drop):
            return Without(within(field, keep), within(field, drop))
        case Near(left=left, right=right):
            return replace(query, left=within(field, left), right=within(field, right))
        case AtLeast(part=part):
            return replace(query, part=within(field, part))
    raise TypeError(query)


def _placed(field: str, term: Term) -> Term:
    if term.field not in {"", field}:
        raise ValueError(f"what stands in the {term.field} is never in the {field}")
    if field == CATEGORY and term.tag.startswith(ACTS):
        raise ValueError("a category names a subject and never tells an act")
    return replace(term, field=field)


def asks_categories(query: Query) -> bool:
    """Say whether a query looks into the categories of an item."""
    return any(term.field == CATEGORY for term in walk(query))
