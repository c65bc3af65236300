"""Alerts, stories, and the fingerprints by which a later report of a story is recognised."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .keys import key_of
from .news import Item
from .verdicts import Decision, Placement, Polarity, Stage, Verdict


class AlertKind(StrEnum):
    """Whether an alert begins a story or is the first to state its act, or adds a material new fact."""

    NEW = "new"
    UPDATE = "update"


class ChangeKind(StrEnum):
    """The kinds of material new facts in a report of a known story."""

    STEP = "step"
    DIRECTION = "direction"
    FAILURE = "failure"
    DENIAL = "denial"
    AUTHORITY = "authority"
    CONFIRMATION = "confirmation"
    SUM = "sum"
    PARTY = "party"
    DEADLINE = "deadline"
    REMINDER = "reminder"
    CORRECTION = "correction"
    EDIT = "edit"


@dataclass(frozen=True, slots=True)
class Change:
    """A material new fact, with the value before and the value now; both may be empty.

    Of a step they are event types or arms stages, of a direction polarities, of an authority or party names,
    of a sum sums (``USD 4500000000``), of a deadline ISO dates, of a reminder the days left and an ISO date.
    `words` states the fact for people.
    """

    kind: ChangeKind
    before: str = ""
    now: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class DatedStage:
    """A stage of a purchase of arms with the report that states it: when, its title, its sums, its source."""

    stage: Stage
    at: datetime
    title: str
    amounts: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An item that is reported. `story` is the id of the story that groups all reports of one act.

    `changes` are the material new facts of an update, which `news` states in words. `source` is the feed's
    title, `tier` its tier. `seq` is the match sequence, given by the store; 0 before that. `late` is set in a
    digest for an alert that an earlier message should have carried. `related` are ids of stories about other
    acts on the same matter, the closest first; `grouped_because` says why the item is a report of its story.
    `deadlines` are the ISO dates of the deadlines that the item states, in reading order; `stages` are the
    earlier stages of the story's purchase of arms, oldest first. `translation` is a machine's of the title.
    """

    item: Item
    verdict: Verdict
    decision: Decision
    story: str
    raised_at: datetime
    source: str = ""
    kind: AlertKind = AlertKind.NEW
    news: str = ""
    seq: int = 0
    late: bool = False
    tier: str = ""
    changes: tuple[Change, ...] = ()
    related: tuple[str, ...] = ()
    grouped_because: str = ""
    deadlines: tuple[str, ...] = ()
    stages: tuple[DatedStage, ...] = ()
    translation: str = ""

    @property
    def id(self) -> str:
        """Stable id; it differs once the full text is read."""
        in_full = ("in full",) if self.item.body else ()
        return key_of("alert", self.item.id, self.kind, self.news, self.item.content_hash, *in_full)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventArguments:
    """The arguments of the act that a text reports: who does what to whom; empty where the text does not say.

    `kind` is what the text is (``report``, ``question``, …), `family` the family of acts (``impose``, …),
    `status` that of the event. `actors` are ids of states and unions, `targets` ids of what the act is aimed
    at, `objects` terms of the head noun and its modifiers, `places` ids of the other states in the title.
    `names` are stems of names that no table has. `counts` are figures with what they count (``20 jet``).
    """

    kind: str = ""
    family: str = ""
    status: str = ""
    actors: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """The features of one text by which another report of its act is recognised, in any language.

    `words` are the distinctive words of its title, `body` the first words of its summary. `titled` are ids of
    what its title names, states of authorities among them, and `named` those of all it names. `figures` and
    `sums` (``USD 4500000000``) are the title's, `counted` figures of the summary. `title_terms` and
    `lead_terms` are ids, families of acts and stems, the first `main_terms` of the title those of its main
    clause; a fingerprint of an earlier version has none, and no `arguments`, but the words in `plain`.
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
    title_terms: tuple[str, ...] = ()
    lead_terms: tuple[str, ...] = ()
    main_terms: int = 0
    arguments: EventArguments | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The latest state of a story; whether a report is materially new is decided by it.

    `fingerprints` are of reports, the first one's first; `feeds` are those that reported it, `publishers` the
    publishers and agencies behind them. `steps` is every stage and direction reported, `placement` the most
    urgent one; `hedged`: the event last reported is hedged. `parties` are ids of listed parties, `sums` the
    latest amount in each currency, `deadlines` dates reported. `silent` counts reports without anything new.
    `version` counts the writes of the story; the store sets it, 0 before that. `related` are ids of stories
    about other acts on the same matter, the latest last. `has_report` is false while only questions, comments
    and the like belong to it. `opened_at` and `published_at` are when its first and latest report were
    published; None in a story of an earlier version.
    """

    id: str
    event_type: str
    stage: Stage
    polarity: Polarity
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
    related: tuple[str, ...] = ()
    has_report: bool = True
    opened_at: datetime | None = None
    published_at: datetime | None = None
