"""Read a list's filter from an address and write it back; what cannot be read is named. Pure."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from monitor.model import StoryFilter, StoryView

#: Parameters of a list of stories, in the order in which an address has them.
MANY = ("topic", "event", "status", "direction", "party", "authority", "feed", "lang")
ONE = ("q", "severity", "view", "assigned", "since", "until", "limit")
NAMES = (*ONE[:1], *MANY, *ONE[1:])

#: Parameters of the page that are no part of the filter.
OF_THE_PAGE = frozenset({"after", "peek", "undo", "done", "name"})

DEFAULT_LIMIT, MAX_LIMIT = 50, 200

_AGE = re.compile(r"(\d{1,4})([hd])")
_SEVERITY = re.compile(r"([0-5])(\.\.)?")
_MAX_VALUE = 300


class UnreadableValue(ValueError):
    """The value of a parameter cannot be read; the text says what it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRequest:
    """What an address asks for: its parameters as given, the filter, and what could not be read.

    `search` is the query in the language of rules, not part of `filter` yet.
    """

    given: tuple[tuple[str, str], ...]
    filter: StoryFilter
    search: str = ""
    limit: int = DEFAULT_LIMIT
    before: int = 0
    mistakes: tuple[str, ...] = ()
    undo: str = ""

    def address(self, path: str = "/stories", **changes: str) -> str:
        """Return the address of this list with other values; "" leaves a parameter out."""
        kept = [(name, value) for name, value in self.given if name not in changes]
        pairs = [*kept, *((name, value) for name, value in changes.items() if value)]
        pairs.sort(key=lambda pair: NAMES.index(pair[0]) if pair[0] in NAMES else len(NAMES))
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def given_for(self, name: str) -> tuple[str, ...]:
        """Return the values given for a parameter."""
        return tuple(value for key, value in self.given if key == name)

    def cursor(self, seq: int) -> str:
        """Return the value of ``after`` for the page behind a place in the match sequence."""
        return base64.urlsafe_b64encode(f"{seq}.{self._hash}".encode()).decode().rstrip("=")

    def place(self, cursor: str) -> int:
        """Return the place that a cursor of this filter stands for.

        Raises:
            UnreadableValue: it is none, or that of another filter.
        """
        try:
            text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
            seq, _, hash = text.partition(".")
            place = int(seq)
        except ValueError:
            place, hash = 0, ""
        if hash != self._hash or place < 1:
            raise UnreadableValue("after: this page belongs to another list; begin at its first page")
        return place

    @property
    def _hash(self) -> str:
        return hashlib.sha256(repr(sorted(self.given)).encode()).hexdigest()[:12]


def read_request(query: Iterable[tuple[str, str]], now: datetime) -> ListRequest:
    """Return what the parameters of an address ask for; a repeated parameter means "or"."""
    reading = _Reading(now)
    given: list[tuple[str, str]] = []
    of_page: dict[str, str] = {}
    for name, value in query:
        if name in OF_THE_PAGE:
            of_page[name] = value
        elif name not in NAMES:
            reading.mistakes.append(f"{name[:40]}: there is no such filter")
        elif value and reading.take(name, value[:_MAX_VALUE]):
            given.append((name, value[:_MAX_VALUE]))
    request = reading.request(tuple(given), of_page.get("undo", "")[:80])
    if cursor := of_page.get("after", ""):
        try:
            return replace(request, before=request.place(cursor))
        except UnreadableValue as error:
            return replace(request, mistakes=(*request.mistakes, str(error)))
    return request


@dataclass
class _Reading:
    """Collects the values of parameters."""

    now: datetime
    many: dict[str, list[str]] = field(default_factory=dict)
    one: dict[str, object] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)

    def take(self, name: str, value: str) -> bool:
        """Read one parameter; False if it cannot be read."""
        try:
            if name in MANY:
                self.many.setdefault(name, []).append(value)
            else:
                self.one[name] = _PARSERS[name](value, self.now)
        except UnreadableValue as error:
            self.mistakes.append(str(error))
            return False
        return True

    def request(self, given: tuple[tuple[str, str], ...], undo: str) -> ListRequest:
        filter = StoryFilter(
            topics=self._all("topic"),
            events=self._all("event"),
            statuses=self._all("status"),
            polarity=self._all("direction"),
            parties=self._all("party"),
            authorities=self._all("authority"),
            feeds=self._all("feed"),
            languages=self._all("lang"),
            **{_FIELDS[name]: value for name, value in self.one.items() if name in _FIELDS},  # type: ignore[arg-type]
        )
        search, limit = str(self.one.get("q", "")), int(str(self.one.get("limit", DEFAULT_LIMIT)))
        return ListRequest(
            given=given,
            filter=filter,
            search=search,
            limit=limit,
            mistakes=tuple(self.mistakes),
            undo=undo,
        )

    def _all(self, name: str) -> tuple[str, ...]:
        return tuple(self.many.get(name, ()))


_FIELDS: Mapping[str, str] = {
    "severity": "min_severity",
    "view": "view",
    "assigned": "assigned",
    "since": "since",
    "until": "until",
}


def _read_severity(value: str, now: datetime) -> int:
    found = _SEVERITY.fullmatch(value)
    if found is None:
        raise UnreadableValue("severity: write 0 to 5; stories of that severity and above are shown")
    return int(found[1])


def _read_view(value: str, now: datetime) -> StoryView:
    if value not in StoryView._value2member_map_:
        raise UnreadableValue(f"view: write one of {', '.join(StoryView)}")
    return StoryView(value)


def read_moment(name: str, value: str, now: datetime) -> datetime:
    """Return the moment that an age such as ``7d``, or a date, stands for.

    Raises:
        UnreadableValue: it is neither.
    """
    if found := _AGE.fullmatch(value):
        return now - timedelta(**{"hours" if found[2] == "h" else "days": int(found[1])})
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise UnreadableValue(f"{name}: write 12h, 7d or a date such as 2026-11-27") from error


def _read_since(value: str, now: datetime) -> datetime:
    return read_moment("since", value, now)


def _read_until(value: str, now: datetime) -> datetime:
    return read_moment("until", value, now)


def _read_limit(value: str, now: datetime) -> int:
    if not value.isascii() or not value.isdigit() or not 1 <= int(value[:6]) <= MAX_LIMIT:
        raise UnreadableValue(f"limit: write 1 to {MAX_LIMIT}")
    return int(value)


def _as_written(value: str, now: datetime) -> str:
    return value


_PARSERS = {
    "q": _as_written,
    "severity": _read_severity,
    "view": _read_view,
    "assigned": _as_written,
    "since": _read_since,
    "until": _read_until,
    "limit": _read_limit,
}
