"""Write the changes of a list as a JSON Feed, which is polled and judged like any other feed. Pure.

The newest item comes first. The id of an item names the two versions that it compares, so adding one change
twice has no effect.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.model import Entity

from .diff import ListChange

_MAX_ITEMS = 50
_MAX_NAMED = 25


@dataclass(frozen=True, slots=True)
class ChangeNotice:
    """Where a change comes from: the publisher, the list, its web page and the two versions."""

    authority: str
    title: str
    page: str
    before: str
    after: str


def empty_feed(title: str) -> str:
    """Return a change feed without items."""
    return _document(title, [])


def add_change(feed: str, change: ListChange, notice: ChangeNotice, now: datetime) -> str:
    """Return the feed with this change as its first item."""
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
    return _document(notice.title, [item, *(each for each in items if each["id"] != id)][:_MAX_ITEMS])


def headline(change: ListChange, notice: ChangeNotice) -> str:
    """Return a change in one line, worded like a headline, so that it is recognised like one."""
    added, removed = len(change.added), len(change.removed)
    if added and removed:
        return f"{notice.authority} adds {_number(added)} to the {notice.title}, removes {removed:,}"
    if added:
        return f"{notice.authority} adds {_number(added)} to the {notice.title}"
    if removed:
        return f"{notice.authority} removes {_number(removed)} from the {notice.title}"
    return f"{notice.authority} changes {len(change.changed):,} of the entries of the {notice.title}"


def summary(change: ListChange) -> str:
    """Return who was added, removed and changed, with programmes; long lists name only the first."""
    changed = [after for _, after in change.changed]
    kinds = (("Added", change.added), ("Removed", change.removed), ("Changed", changed))
    return " ".join(_sentence(kind, entities) for kind, entities in kinds if entities)


def _number(parties: int) -> str:
    return f"{parties:,} {'party' if parties == 1 else 'parties'}"


def _sentence(kind: str, entities: Iterable[Entity]) -> str:
    named = [_named(entity) for entity in entities]
    more = len(named) - _MAX_NAMED
    omitted = f"; and {more:,} more" if more > 0 else ""
    return f"{kind}: {'; '.join(named[:_MAX_NAMED])}{omitted}."


def _named(entity: Entity) -> str:
    programmes = ", ".join(entity.programmes)
    return f"{entity.name} ({programmes})" if programmes else entity.name


def _document(title: str, items: list[dict[str, Any]]) -> str:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": title, "items": items}
    return json.dumps(feed, ensure_ascii=False, indent=1)
