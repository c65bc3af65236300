"""The protocol for keeping the index of words up to date with the folding of text."""

from typing import Protocol


class WordIndexStore(Protocol):
    """The folded words of items and stories."""

    def refold(self, limit: int = 200) -> int:
        """Fold the words of the next rows again, if they were folded otherwise than today; return how many.

        0 once all have the words of today. A stopped change goes on where it was.
        """
