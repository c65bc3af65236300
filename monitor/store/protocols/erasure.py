"""The protocol for erasing what is stored about one person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol


class ErasureStore(Protocol):
    """Erases a person: the address of a recipient, or the name of a user."""

    def erase(self, person: str, pseudonym: str, now: datetime, *, dry_run: bool) -> Mapping[str, int]:
        """Replace a person by a pseudonym wherever it is stored; return the rows changed, by table.

        Their pending deliveries are discarded, the text of all their deliveries is blanked, and user,
        sessions and unsubscriptions are deleted. The erasure is recorded in the audit log under the
        pseudonym. Upper and lower case are the same. With `dry_run` nothing is changed.
        """
