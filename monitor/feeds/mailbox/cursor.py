"""The place up to which a mailbox was read. Pure.

UIDs only grow while UIDVALIDITY stays the same (RFC 3501 §2.3.1.1), so the last UID says what is new.
"""

import re
from dataclasses import dataclass
from typing import Self

from monitor.model import Feed, key_of

_TEXT = re.compile(r"([0-9a-f]+) ([0-9]{1,10}) ([0-9]{1,10})")


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last `uid` that was read of a `mailbox` (a hash of account and folder), and its UIDVALIDITY."""

    mailbox: str
    validity: int
    uid: int

    @classmethod
    def parse(cls, text: str | None) -> Self | None:
        """Return the cursor that `text` holds, None if there is none."""
        match = _TEXT.fullmatch(text or "")
        return cls(match[1], int(match[2]), int(match[3])) if match else None

    @property
    def text(self) -> str:
        """The cursor as it is stored, in place of an ETag."""
        return f"{self.mailbox} {self.validity} {self.uid}"


def mailbox_key(feed: Feed) -> str:
    """Return a hash of the account and folder that a feed reads."""
    return key_of("mailbox", feed.url, feed.request.user)
