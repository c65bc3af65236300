"""The cutoffs of retention."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RetentionCutoffs:
    """What may be deleted: items last seen before `items`, documents received before `documents`, and so on.

    `messages` is for the messages of deliveries sent before it, `incidents` for incidents closed before it.
    """

    items: datetime
    documents: datetime
    messages: datetime
    incidents: datetime
