"""Alerts, and the stories they tell."""

from dataclasses import dataclass
from datetime import datetime

from .key import key_of
from .news import Item
from .verdicts import Decision, Placement, Verdict


@dataclass(frozen=True, slots=True)
class Alert:
    """An item worth telling about. `story` groups retellings of one event.

    `kind` is ``new``, or ``update`` when a told story has a material new fact, which `news` then says.
    `source` is the feed's title, `tier` its standing. `seq` is the match sequence, given by the store; 0
    before that.
    """

    item: Item
    verdict: Verdict
    decision: Decision
    story: str
    raised_at: datetime
    source: str = ""
    kind: str = "new"
    news: str = ""
    seq: int = 0
    tier: str = ""

    @property
    def id(self) -> str:
        """An item that says more in full than in its feed may be told of again."""
        in_full = ("in full",) if self.item.body else ()
        return key_of("alert", self.item.id, self.kind, self.news, self.item.content_hash, *in_full)


@dataclass(frozen=True, slots=True)
class Told:
    """What was last told of a story: enough to decide whether something is materially new.

    `telling` are the words of its first title by which a retelling is recognised, `feeds` who told it,
    `steps` every stage and direction told, `placement` the most urgent one; `hedged` while only supposed.
    """

    story: str
    event_type: str
    stage: str
    polarity: str
    official: bool
    told_at: datetime
    item_ids: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    hedged: bool = False
    placement: Placement = Placement.NOW
