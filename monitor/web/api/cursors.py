"""Make and read cursors: the place where the next page of one list begins. Pure."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import HTTPException

#: Parameters that say which page of a list is meant, and not which list.
_OF_THE_PAGE = frozenset({"after", "limit"})

_MAX_LENGTH = 400


@dataclass(frozen=True, slots=True)
class ListKey:
    """A list: its path and its filter. A cursor belongs to one list."""

    digest: str

    def cursor(self, place: object) -> str:
        """Return the cursor for a place, which is a number or an id."""
        return base64.urlsafe_b64encode(f"{self.digest}.{place}".encode()).decode().rstrip("=")

    def place(self, cursor: str) -> str:
        """Return the place that a cursor stands for; "" for the first page.

        Raises:
            HTTPException: 422, it is none, or that of another list.
        """
        if not cursor:
            return ""
        try:
            text = base64.urlsafe_b64decode(cursor[:_MAX_LENGTH] + "=" * (-len(cursor) % 4)).decode()
        except ValueError:
            text = ""
        digest, _, place = text.partition(".")
        if digest != self.digest or not place:
            raise unknown_cursor()
        return place

    def number(self, cursor: str) -> int:
        """Return the number that a cursor stands for; 0 for the first page.

        Raises:
            HTTPException: 422, it is none, or that of another list.
        """
        place = self.place(cursor)
        if not place:
            return 0
        if not (place.isascii() and place.isdigit() and len(place) < 19):
            raise unknown_cursor()
        return int(place)


def unknown_cursor() -> HTTPException:
    """Return the refusal of a cursor."""
    return HTTPException(422, "query.after: it belongs to another list; begin without it.")


def list_key(path: str, query: Iterable[tuple[str, str]]) -> ListKey:
    """Return the list that a path and its parameters ask for."""
    filter = sorted(pair for pair in query if pair[0] not in _OF_THE_PAGE)
    return ListKey(hashlib.sha256(repr((path, filter)).encode("utf-8", "replace")).hexdigest()[:12])
