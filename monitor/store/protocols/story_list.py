"""The protocol for the list of stories."""

from collections.abc import Sequence
from typing import Protocol

from monitor.model import Alert, Delivery, Story, StoryFilter, StoryRow


class StoryListStore(Protocol):
    """Stories as the desk lists them, the newest first."""

    def story_rows(self, filter: StoryFilter, before: int = 0, limit: int = 50) -> tuple[StoryRow, ...]:
        """Return the newest stories that fit, or those `before` a place in the match sequence."""

    def count_stories(self, filter: StoryFilter, most: int = 1000) -> int:
        """Return how many stories fit; `most` + 1 stands for any larger number."""

    def story_row(self, story: str) -> StoryRow | None:
        """Return the row of a story, by id or unambiguous beginning of one."""

    def story_rows_of(self, stories: Sequence[str]) -> tuple[StoryRow, ...]:
        """Return the rows of these stories, at most 200, in no order; unknown ones are left out."""

    def story(self, id: str) -> Story | None:
        """Return the latest state of a story."""

    def story_alerts(self, story: str) -> tuple[Alert, ...]:
        """Return all alerts of a story, in match order."""

    def story_deliveries(self, story: str, limit: int = 100) -> tuple[Delivery, ...]:
        """Return the newest deliveries about a story, newest first."""
