"""Verdicts with their reasons, as `explain --json` and webhooks give them."""

from pydantic import BaseModel, Field

from monitor.web.api.parameters import Text


class Event(BaseModel):
    """An event that a text reports."""

    topic: Text = Field(description="sanctions or arms.")
    type: Text = Field(description="The type of the event, such as designation or contract.")
    stage: Text = Field(description="The stage of a purchase; empty for other events.")
    polarity: Text = Field(description="impose, relax, enforce, evade, acquire, supply, halt, neutral.")
    severity: int = Field(description="0 to 5.")
    status: Text = Field(description="done, future, wished, asked, threatened, denied or recalled.")
    field: Text = Field(description="The field of the item that has the words.")
    start: int = Field(description="Where the words begin, in code points.")
    stop: int = Field(description="Where the words end, in code points.")
    quote: Text = Field(description="The words.")
    hedged: bool = Field(description="Whether the text hedges.")
    negated: bool = Field(description="Whether the text denies it.")
    background: bool = Field(description="Whether it is older or secondary.")
    why: Text = Field(description="Why it is background.")
    year: int | None = Field(description="The year that the text names.")
    amounts: list[Text] = Field(description="Amounts as written.")
    ceiling: bool = Field(description="Whether the amounts are upper limits.")
    imposer: Text = Field(description="The id of who imposes or lifts.")
    targets: list[Text] = Field(description="Ids of whom it is aimed at.")
    buyer: Text = Field(description="The id of the buyer.")
    supplier: Text = Field(description="The id of the supplier.")
    systems: list[Text] = Field(description="Ids of the systems.")
    quantity: Text = Field(description="The quantity as written.")
    deadline: Text = Field(description="The deadline as written.")


class Mention(BaseModel):
    """A party, body, system, programme or country that is named."""

    id: Text = Field(description="Its id, such as country:TR.")
    name: Text = Field(description="Its name.")
    kind: Text = Field(description="Its kind.")
    lists: list[Text] = Field(description="Sanctions lists and watch lists that have it.")
    countries: list[Text] = Field(description="Codes of its countries.")
    quote: Text = Field(description="Its first mention.")


class Evidence(BaseModel):
    """One reason for a verdict."""

    field: Text = Field(description="The field of the item that has the words.")
    start: int = Field(description="Where the words begin, in code points.")
    stop: int = Field(description="Where the words end, in code points.")
    quote: Text = Field(description="The words.")
    because: Text = Field(description="The rule or concept.")
    points: float = Field(description="The points it gives; negative ones are a penalty.")


class Credibility(BaseModel):
    """The credibility of the source."""

    letter: Text = Field(description="A to D.")
    score: int = Field(description="0 to 100.")
    reasons: list[Text] = Field(description="The reasons in words.")


class Route(BaseModel):
    """Where an item is placed, and why."""

    placement: Text = Field(description="now, top, digest, tail or archive.")
    because: Text = Field(description="The cell of the routing table, or the reason.")
    unconfirmed: bool = Field(description="Whether it is marked as unconfirmed.")


class Verdict(BaseModel):
    """The result of judging a text, with all reasons."""

    topics: list[Text] = Field(description="Topics it is flagged for.")
    possible: list[Text] = Field(description="Topics just below the threshold.")
    relevance: dict[str, int] = Field(description="0 to 100 for each topic.")
    event: Event | None = Field(description="The main event.")
    background: list[Event] = Field(description="Older or secondary events.")
    entities: list[Mention] = Field(description="Who and what is named.")
    evidence: list[Evidence] = Field(description="Reasons that give points.")
    penalties: list[Evidence] = Field(description="Reasons that take points.")
    credibility: Credibility = Field(description="The credibility of the source.")
    route: Route = Field(description="Where it is placed.")
    rules: list[Text] = Field(description="Ids of the rules that gave points.")
    would_change: list[Text] = Field(description="What would have changed the verdict.")
    versions: dict[str, str] = Field(description="Versions of rules, lexicon and lists.")
