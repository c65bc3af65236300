"""Texts to explain, queries to evaluate, and rules to replay."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from monitor.web.api.parameters import BODY, GivenText, Moment, Text


class GivenItem(BaseModel):
    """A text to judge as if a feed had brought it."""

    model_config = BODY

    title: GivenText = Field(min_length=1, max_length=2_000, description="The title.")
    summary: GivenText = Field(default="", max_length=60_000, description="The rest of the text.")
    source: GivenText = Field(default="", max_length=200, description="The name or title of a feed.")
    lang: GivenText = Field(default="", max_length=35, description="The language, such as tr.")
    date: Moment | None = Field(default=None, description="When it was published.")
    categories: tuple[Annotated[GivenText, Field(max_length=100)], ...] = Field(
        default=(), max_length=40, description="The publisher's categories and tags."
    )


class QueryRequest(BaseModel):
    """A query to evaluate on the stored items of the last days."""

    model_config = BODY

    query: GivenText = Field(min_length=1, max_length=2_000, description="In the language of rules.")
    days: int = Field(default=30, ge=1, le=366, description="How many days back.")


class QueryHit(BaseModel):
    """An item that fits, or nearly."""

    id: Text = Field(description="The id of the item.")
    title: Text = Field(description="Its title.")
    feed: Text = Field(description="The feed that brought it.")
    url: Text = Field(description="Its address; empty unless http or https.")
    first_seen_at: datetime = Field(description="When it was first seen.")
    flagged: Text = Field(description="What it was flagged for.")
    lacks: Text = Field(description="What is missing in an item that nearly fits.")


class QueryResult(BaseModel):
    """What a query finds. With `mistakes` it was not run."""

    mistakes: list[Text] = Field(description="Mistakes in the query, with column and suggestion.")
    hit_count: int = Field(description="Items that fit.")
    miss_count: int = Field(description="Items that lack one part.")
    unflagged: int = Field(description="Items that fit and are not flagged.")
    examined: int = Field(description="Items examined.")
    by_day: dict[str, int] = Field(description="Items that fit, by day.")
    reached: datetime | None = Field(description="How far back it came, if its time ran out; else null.")
    hits: list[QueryHit] = Field(description="The newest items that fit.")
    missed: list[QueryHit] = Field(description="The newest items that nearly fit.")


class ReplayRequest(BaseModel):
    """Rules to judge stored items by again; nothing is stored or sent."""

    model_config = BODY

    rules: GivenText = Field(
        default="",
        max_length=100_000,
        description="Rules as TOML, read after those in force; empty for those in force.",
    )
    days: int = Field(default=7, ge=1, le=366, description="How many days back.")
    limit: int = Field(default=100, ge=1, le=500, description="Most changes listed.")
    after: GivenText = Field(
        default="", max_length=400, description="`next` of the part before; the counts are of each part."
    )


class Replayed(BaseModel):
    """An item with another result: topics added and removed, and its placement before and after."""

    change: Literal["flagged", "dropped", "moved"] = Field(description="The kind of change.")
    item: Text = Field(description="The id of the item.")
    feed: Text = Field(description="The feed that brought it.")
    title: Text = Field(description="Its title.")
    first_seen_at: datetime = Field(description="When it was first seen.")
    won: list[Text] = Field(description="Topics that it is newly flagged for.")
    lost: list[Text] = Field(description="Topics that it is no longer flagged for.")
    before: Text = Field(description="The placement before.")
    after: Text = Field(description="The placement after.")
    because: Text = Field(description="The reason of the placement after.")
    relevance: dict[str, int] = Field(description="0 to 100 for each topic, after.")
    event: Text | None = Field(description="The type of the event, after.")
    rules: list[Text] = Field(description="Ids of the rules that gave points, after.")


class ReplayResult(BaseModel):
    """What rules change in a part of the period, from the oldest item on."""

    mistakes: list[Text] = Field(description="Mistakes in the rules; with any, nothing was judged.")
    since: datetime = Field(description="The beginning of the period.")
    items: int = Field(description="Items judged again in this part.")
    flagged: int = Field(description="Items newly flagged for a topic.")
    dropped: int = Field(description="Items no longer flagged for a topic.")
    moved: int = Field(description="Items with another placement only.")
    changes: list[Replayed] = Field(description="The changes of this part, the oldest first.")
    next: str | None = Field(description="The value of `after` for the next part; null at the end.")
    versions: dict[str, str] = Field(description="Versions of what judged.")


class CallerInfo(BaseModel):
    """Who a request is from."""

    name: Text = Field(description="The user, token:NAME, or empty for whoever sits at this machine.")
    may_edit: bool = Field(description="Whether things may be changed.")
    by_token: bool = Field(description="Whether a token was sent.")
