"""Rows to values of the model and back; a column has the name of the field it holds."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Column, Table

from monitor.model import Alert, Item, Judged

from . import tables as t
from .codec import names_of


def columns_of(table: Table, shape: Any) -> list[Column[Any]]:
    """Return the columns that hold the fields of a dataclass, in its order: row by row its arguments."""
    return [table.c[name] for name in names_of(shape)]


def row_of(value: Any) -> dict[str, Any]:
    """Return the fields of a dataclass by name."""
    return {name: getattr(value, name) for name in names_of(value.__class__)}


_ITEM = names_of(Item)

#: What `judged_in` reads.
JUDGED = [*columns_of(t.items, Item), t.items.c.verdict, t.items.c.decision]


def judged_in(row: Sequence[Any]) -> Judged:
    """Return the item of a row of `JUDGED` with its verdict."""
    *item, verdict, decision = row
    return Judged(Item(**dict(zip(_ITEM, item, strict=True))), verdict, decision)


#: What `alert_in` reads.
ALERT = [t.alerts.c.alert, t.alerts.c.seq]


def alert_in(row: Sequence[Any]) -> Alert:
    """Return the alert of a row of `ALERT`, with its place in the match sequence."""
    alert: Alert
    alert, seq = row
    return replace(alert, seq=seq)
