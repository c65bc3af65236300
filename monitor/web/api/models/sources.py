"""Feeds, sanctions lists and their entries."""

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import BaseModel, Field

from monitor.web.api.parameters import Text

from .pages import Page


class Feed(BaseModel):
    """A feed and how it answers."""

    name: Text = Field(description="Its name in the configuration.")
    title: Text = Field(description="Its title.")
    url: Text = Field(description="Its address without query and credentials; empty if it left.")
    tier: Text = Field(description="The tier of the source.")
    lang: Text = Field(description="Its language.")
    health: Text = Field(description="The outcome of the last poll.")
    reason: Text = Field(description="The reason in words.")
    failures: int = Field(description="Failed polls in a row.")
    items_seen: int = Field(description="Items brought so far.")
    polled_at: datetime | None = Field(description="The last poll with any outcome.")
    good_at: datetime | None = Field(description="The last poll that proved content.")
    next_poll_at: datetime = Field(description="When the next poll is due.")


class FeedPage(Page):
    """Feeds by name."""

    items: list[Feed] = Field(description="The feeds.")


class Poll(BaseModel):
    """A poll that brought news or was answered otherwise than the one before."""

    at: datetime = Field(description="When the feed was polled.")
    health: Text = Field(description="The outcome.")
    reason: Text = Field(description="The reason in words.")
    news: int = Field(description="Items that were new or revised.")
    items: int = Field(description="All items of the document.")
    size: int = Field(description="The length of the document in bytes; 0 if none came.")
    took_s: float = Field(description="How long the poll took, in seconds.")
    repeats: int = Field(description="Polls after it that came to the same and are not listed.")


class PollPage(Page):
    """The latest polls of a feed, newest first."""

    items: list[Poll] = Field(description="The polls; at most 40 are kept of each feed.")


class SanctionsList(BaseModel):
    """A sanctions list and the state of its last good copy."""

    name: Text = Field(description="Its name in the configuration.")
    title: Text = Field(description="Its title.")
    authority: Text = Field(description="Who keeps it.")
    format: Text = Field(description="Its format.")
    version: Text = Field(description="The version of the copy; empty without one.")
    entries: int | None = Field(description="The number of entries of the copy.")
    fetched_at: datetime | None = Field(description="When the copy was fetched.")
    checked_at: datetime | None = Field(description="When the list was last asked for.")
    problem: Text = Field(description="What was wrong the last time; empty if nothing.")


class ListPage(Page):
    """Sanctions lists by name."""

    items: list[SanctionsList] = Field(description="The lists.")


class EntityName(BaseModel):
    """A name of a party."""

    text: Text = Field(description="The name in spoken order.")
    strength: Text = Field(description="primary, alias or weak.")
    lang: Text = Field(description="Its language as the list writes it; may be empty.")


class EntityIdentifier(BaseModel):
    """A number of a party: of a passport, a register, a ship."""

    number: Text = Field(description="The number as the list writes it.")
    kind: Text = Field(description="What it is, in words of the list; may be empty.")


class Entity(BaseModel):
    """An entry of a sanctions list."""

    list: Text = Field(description="The name of the list.")
    id: Text = Field(description="Its id within the list.")
    kind: Text = Field(description="person, organisation, vessel, aircraft or other.")
    name: Text = Field(description="Its main name.")
    names: Sequence[EntityName] = Field(description="All its names, the main one first.")
    countries: Sequence[Text] = Field(description="Codes of its countries.")
    programmes: Sequence[Text] = Field(description="Its programmes.")
    listed_on: date | None = Field(description="When it was listed, if the list states it.")
    ends_on: date | None = Field(description="The last day on which it is in force, if stated.")
    identifiers: Sequence[EntityIdentifier] = Field(description="Its numbers, as far as the list has them.")


class EntityPage(Page):
    """Entries of sanctions lists, in the order of the lists and of their entries."""

    items: list[Entity] = Field(description="The entries.")
    problems: list[Text] = Field(description="Lists whose copy cannot be read, and why.")
