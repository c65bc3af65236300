"""Find the stories before and after one in the list that somebody came from."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from monitor.jobs.policy import Policy
from monitor.model import StoryRow
from monitor.store import Store

from .filters import ListRequest, read_request
from .listing import AlertViews, listing

_MAX_QUERY = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The way back to a list, and the stories beside one in it; "" where there is none."""

    back: str = "/stories"
    newer: str = ""
    older: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPlace:
    """A list as the query of its address; `views` are the shown parts of its alerts."""

    query: str
    views: AlertViews


def neighbours_of(store: Store, policy: Policy, row: StoryRow, place: ListPlace, now: datetime) -> Neighbours:
    """Return what is beside a story in a list; it need not be in the list any longer."""
    request = read_request(parse_qsl(place.query[:_MAX_QUERY]), now)
    if request.mistakes:
        return Neighbours()
    page = listing(store, policy, request, now, place.views)
    newer = [each for each in page.rows if each.seq > row.seq]
    older = [each for each in page.rows if each.seq < row.seq]
    following = _address(older[0].story, place.query) if older else ""
    if not following and page.next:
        following = _first_of(store, policy, page.next, place, request, now)
    return Neighbours(
        back=f"/stories?{place.query}" if place.query else "/stories",
        newer=_address(newer[-1].story, place.query) if newer else "",
        older=following,
    )


def _first_of(
    store: Store, policy: Policy, after: str, place: ListPlace, request: ListRequest, now: datetime
) -> str:
    """Return the address of the first story of the next page."""
    query = urlencode([*request.given, ("after", after)])
    page = listing(store, policy, read_request(parse_qsl(query), now), now, place.views)
    return _address(page.rows[0].story, query) if page.rows else ""


def _address(story: str, query: str) -> str:
    return f"/stories/{story}?{urlencode({'list': query})}"
