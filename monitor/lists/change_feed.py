"""The changes of a list as a feed of its own: a JSON Feed that is polled, judged and told like any other.

Its newest item stands first; an item is known by the two versions it lies between, so that telling a change
twice changes nothing. Pure.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.model import Entity

from .diff import ListChange

_MOST_ITEMS = 50
_MOST_NAMED = 25


@dataclass(frozen=True, slots=True)
class ChangeNotice:
    """What a change is told with: whose list, its name, where a person finds it, and the two versions."""

    authority: str
    title: str
    page: str
    before: str
    after: str


def empty_feed(title: str) -> str:
    """Return the feed of a list that has not changed yet."""
    return _document(title, [])


def add_change(feed: str, change: ListChange, notice: ChangeNotice, now: datetime) -> str:
    """Return the feed with this change at its head."""
    items: list[dict[str, Any]] = json.loads(feed)["items"]
    id = f"{notice.before}-{notice.after}"
    item = {
        "id": id,
        "url": notice.page,
        "title": headline(change, notice),
        "content_text": summary(change),
        "date_published": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "language": "en",
    }
    return _document(notice.title, [item, *(each for each in items if each["id"] != id)][:_MOST_ITEMS])


def headline(change: ListChange, notice: ChangeNotice) -> str:
    """Return a change in one line, in the words in which news tell it."""
    added, removed = len(change.added), len(change.removed)
    if added and removed:
        return f"{notice.authority} adds {_number(added)} to the {notice.title}, removes {removed:,}"
    if added:
        return f"{notice.authority} adds {_number(added)} to the {notice.title}"
    if removed:
        return f"{notice.authority} removes {_number(removed)} from the {notice.title}"
    return f"{notice.authority} changes {len(change.changed):,} of the entries of the {notice.title}"


def summary(change: ListChange) -> str:
    """Return who came and went with their programmes, the first of them by name."""
    changed = [after for _, after in change.changed]
    kinds = (("Added", change.added), ("Removed", change.removed), ("Changed", changed))
    return " ".join(_sentence(kind, entities) for kind, entities in kinds if entities)


def _number(parties: int) -> str:
    return f"{parties:,} {'party' if parties == 1 else 'parties'}"


def _sentence(kind: str, entities: Iterable[Entity]) -> str:
    named = list(_named(entities))
    more = len(named) - _MOST_NAMED
    rest = f"; and {more:,} more" if more > 0 else ""
    return f"{kind}: {'; '.join(named[:_MOST_NAMED])}{rest}."


def _named(entities: Iterable[Entity]) -> Iterator[str]:
    for entity in entities:
        where = ", ".join(entity.programmes)
        yield f"{entity.name} ({where})" if where else entity.name


def _document(title: str, items: list[dict[str, Any]]) -> str:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": title, "items": items}
    return json.dumps(feed, ensure_ascii=False, indent=1)
