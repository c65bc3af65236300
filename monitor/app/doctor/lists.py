"""Examine the copies of sanctions lists: missing, old, or refused at the last refresh."""

from collections.abc import Iterator
from datetime import timedelta

from monitor.app.list_settings import list_cache_of, lists_of
from monitor.lists.base import SanctionsList
from monitor.lists.records import CacheRecord

from .base import Examination, Finding, fail, ok, warn

_REFRESH = "run `sanctions-monitor lists refresh`"
_OLD = timedelta(days=7)


def examine_lists(examination: Examination) -> Iterator[Finding]:
    """Yield what is wrong with each list."""
    cache, lists = list_cache_of(examination.settings), lists_of(examination.settings)
    good = 0
    for each in lists.values():
        found = list(_faults(examination, each, cache.record(each.name)))
        good += not found
        yield from found
    yield ok(f"{good} of {len(lists)} lists have a recent copy") if lists else ok("no list is configured")


def _faults(examination: Examination, list: SanctionsList, record: CacheRecord) -> Iterator[Finding]:
    place = examination.place("lists", list.name)
    if record.problem:
        yield warn(f"the last refresh was refused: {record.problem}", place, _REFRESH)
    if not record.version:
        yield warn("it was never fetched, so none of its names is recognised", place, _REFRESH)
    elif record.checked_at and examination.now - record.checked_at > max(_OLD, list.every * 3):
        days = (examination.now - record.checked_at).days
        yield fail(f"it was last compared with its source {days} days ago", place, _REFRESH)
