"""Alerts, and the stories they tell."""

from dataclasses import dataclass
from datetime import datetime

from .keys import key_of
from .news import Item
from .verdicts import Decision, Placement, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An item worth telling about. `story` groups retellings of one event.

    `kind` is ``new``, or ``update`` when a told story has a material new fact, which `news` then says.
    `source` is the feed's title, `tier` its standing. `seq` is the match sequence, given by the store; 0
    before that. `late` is set in a digest that tells what was to be told earlier.
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
    late: bool = False
    tier: str = ""

    @property
    def id(self) -> str:
        """An item that says more in full than in its feed may be told of again."""
        in_full = ("in full",) if self.item.body else ()
        return key_of("alert", self.item.id, self.kind, self.news, self.item.content_hash, *in_full)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """How one text tells its event: enough to know a retelling by, in its own language or in another.

    `words` are the telling words of its title, `plain` those of them that only name the event or a state,
    `body` the first words of its summary. `titled` are ids of what its title names, states of authorities
    among them, and `named` those of all it names. `figures` and `sums` (``USD 4500000000``) are the title's,
    `counted` figures of the summary.
    """

    lang: str = ""
    words: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    titled: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What was last told of a story: enough to decide whether something is materially new.

    `gists` are tellings by which a retelling is recognised, the first one's first; `feeds` who told it,
    `voices` the publishers and agencies behind them. `steps` is every stage and direction told, `placement`
    the most urgent one; `hedged` while only supposed. `parties` are ids of listed parties, `sums` the latest
    amount in each currency, `deadlines` dates told of. `silent` counts retellings that said nothing new.
    `version` counts what was written of the story; the store gives it, 0 before that.
    """

    id: str
    event_type: str
    stage: str
    polarity: str
    official: bool
    updated_at: datetime
    item_ids: tuple[str, ...] = ()
    fingerprints: tuple[Fingerprint, ...] = ()
    feeds: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    hedged: bool = False
    placement: Placement = Placement.NOW
    publishers: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()
    deadlines: tuple[str, ...] = ()
    silent: int = 0
    version: int = 0
