"""Continue the story of a purchase of arms when a later stage of it is reported, however long after. Pure."""

from dataclasses import replace
from datetime import timedelta

from monitor.model import Deal, Event

from .index import StoryIndex
from .retelling import Retelling
from .steps import is_later_stage

#: The longest time between two stages of a purchase.
LONGEST_PURCHASE = timedelta(days=5 * 365)


def continued_deal(retelling: Retelling, stories: StoryIndex) -> Deal | None:
    """Return the purchase whose next stage a report states: same buyer and system, no other supplier."""
    event = retelling.verdict.event
    if event is None or not retelling.is_report:
        return None
    deals = stories.deals(event.buyer, event.systems) if event.buyer else []
    known = (replace(deal, story=stories.get(deal.story.id) or deal.story) for deal in deals)
    return next((each for each in known if _continues(retelling, event, each)), None)


def _continues(retelling: Retelling, event: Event, deal: Deal) -> bool:
    latest = deal.stages[-1].at
    in_time = latest <= retelling.published_at <= latest + LONGEST_PURCHASE
    if not retelling.can_join(deal.story):
        return False
    same_supplier = not (event.supplier and deal.suppliers) or event.supplier in deal.suppliers
    return in_time and same_supplier and is_later_stage(retelling, deal.story)
