"""The protocol by which jobs get translations; no HTTP library is imported here."""

from collections.abc import Collection, Mapping
from typing import Protocol


class Translator(Protocol):
    """Translates headlines into one language."""

    @property
    def target(self) -> str:
        """The two-letter code of the language."""

    @property
    def fault(self) -> str:
        """Why the last attempt failed, "" if it did not."""

    async def __call__(self, texts: Collection[str]) -> Mapping[str, str]:
        """Return the translations that are known within the time limit, by text; never an error."""
