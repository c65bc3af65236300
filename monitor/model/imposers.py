"""Who acts in an event: the imposer, and those named beside it. Pure."""

import re

from .news import Item
from .verdicts import Verdict

#: Kinds of mentions that act in sanctions, and how a title joins them.
_AUTHORITIES, _AND = frozenset({"country", "authority"}), re.compile(r",\s|\s(?:and|&|und|et|y|и|ve)\s")


def imposers_of(item: Item, verdict: Verdict) -> tuple[str, ...]:
    """Return ids of who acts: the imposer, then those beside it in a title ("US and UK sanction")."""
    event = verdict.event
    if event is None or not event.imposer:
        return ()
    before = item.title[: event.start] if event.field == "title" else ""
    quoted = {each.quote: each.id for each in verdict.entities if each.kind in _AUTHORITIES}
    ids = [quoted.get(name.strip()) for name in _AND.split(before)]
    together = tuple(id for id in ids if id)
    beside = together if len(ids) == len(together) else ()
    return tuple(dict.fromkeys((event.imposer, *beside)))
