"""How far back the archive goes."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RetentionCutoffs:
    """What may go: items last listed before `items`, documents received before `documents`, and so on.

    `messages` are the words of deliveries that were sent, `incidents` those that are over.
    """

    items: datetime
    documents: datetime
    messages: datetime
    incidents: datetime
