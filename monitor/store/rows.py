"""Rows to values of the model and back; a column has the name of the field it holds."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar, cast

from sqlalchemy import Column, Table

from monitor.model import Alert, Item, Judged, Verdict

from . import tables as t
from .codec import field_names

T = TypeVar("T")


def columns_of(table: Table, type: Any) -> list[Column[Any]]:
    """Return the columns that hold the fields of a dataclass, in its order; `value_of` reads such a row."""
    return [table.c[name] for name in field_names(type)]


def value_of(type: type[T], row: Iterable[Any]) -> T:
    """Return the dataclass whose fields a row of `columns_of` holds."""
    names: tuple[str, ...] = field_names(cast(Any, type))
    return type(**dict(zip(names, row, strict=True)))


def row_of(value: Any) -> dict[str, Any]:
    """Return the fields of a dataclass by name."""
    return {name: getattr(value, name) for name in field_names(value.__class__)}


#: What `judged_in` reads.
JUDGED = [*columns_of(t.items, Item), t.items.c.verdict, t.items.c.decision]


def judged_in(row: Sequence[Any]) -> Judged:
    """Return the item of a row of `JUDGED` with its verdict."""
    *item, verdict, decision = row
    return Judged(value_of(Item, item), verdict, decision)


def rated_severity(verdict: Verdict) -> int | None:
    """Return the severity of an item's event, 0 without one; None where nothing was recognised."""
    if verdict.event is not None:
        return verdict.event.severity
    return 0 if verdict.topics or verdict.possible else None


#: What `alert_in` reads.
ALERT = [t.alerts.c.alert, t.alerts.c.seq]


def alert_in(row: Sequence[Any]) -> Alert:
    """Return the alert of a row of `ALERT`, with its place in the match sequence."""
    alert: Alert
    alert, seq = row
    return replace(alert, seq=seq)
