"""Purchases of arms whose stages are reported over months and years."""

from dataclasses import dataclass

from .alerts import DatedStage, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """A story of a purchase: the ids of buyer, suppliers and systems, and its stages, oldest first."""

    story: Story
    buyer: str
    suppliers: frozenset[str]
    systems: frozenset[str]
    stages: tuple[DatedStage, ...]
