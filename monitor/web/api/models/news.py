"""Items and alerts."""

from datetime import datetime

from pydantic import BaseModel, Field

from monitor.web.api.parameters import Text

from .pages import Page
from .verdicts import Verdict


class Item(BaseModel):
    """A stored item with its verdict, flagged or not."""

    id: Text = Field(description="Its id.")
    feed: Text = Field(description="The name of the feed that brought it.")
    title: Text = Field(description="Its title, without markup.")
    summary: Text = Field(description="Its summary, without markup.")
    url: Text = Field(description="Its address as the feed gives it.")
    lang: Text = Field(description="Its language as the feed states it.")
    published_at: datetime | None = Field(description="When it was published, if the feed states it.")
    first_seen_at: datetime = Field(description="When it was first seen.")
    categories: tuple[Text, ...] = Field(description="The categories and tags that its publisher gave it.")
    verdict: Verdict = Field(description="How it was judged.")


class ItemPage(Page):
    """Items, the newest first."""

    items: list[Item] = Field(description="The items.")


class Change(BaseModel):
    """A material new fact in a report of a known story."""

    kind: Text = Field(description="step, direction, failure, denial, authority, sum, party and others.")
    before: Text = Field(description="The value before; may be empty.")
    now: Text = Field(description="The value now; may be empty.")
    words: Text = Field(description="The fact in words.")


class Alert(Verdict):
    """An item that was reported, as webhooks carry it."""

    type: Text = Field(description="Always alert.")
    id: Text = Field(description="Its id.")
    seq: int = Field(description="Its place in the match sequence.")
    story: Text = Field(description="The id of its story.")
    kind: Text = Field(description="new for the first alert of a story, else update.")
    news: Text = Field(description="What is new in an update, in words.")
    title: Text = Field(description="The title of the item.")
    url: Text = Field(description="The address of the item as the feed gives it.")
    source: Text = Field(description="The title of the feed.")
    lang: Text = Field(description="The language of the item.")
    published_at: datetime | None = Field(description="When the item was published.")
    first_seen_at: datetime = Field(description="When the item was first seen.")
    raised_at: datetime = Field(description="When the alert was raised.")
    placement: Text = Field(description="now, top, digest, tail or archive.")
    changes: list[Change] = Field(description="The material new facts of an update.")
    related: list[Text] = Field(description="Ids of stories about other acts on the same matter.")
    line: Text = Field(description="The act in one line.")


class AlertPage(Page):
    """Alerts, the newest first."""

    items: list[Alert] = Field(description="The alerts.")
