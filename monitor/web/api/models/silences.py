"""Silences."""

from datetime import datetime, timedelta

from pydantic import BaseModel, Field

from monitor.web.api.parameters import BODY, GivenText, Text

from .pages import Page

#: Longest silence, in hours.
MAX_HOURS = 24 * 365


class Silence(BaseModel):
    """What is suppressed for a time, by whom and why; all criteria given must hold."""

    id: Text = Field(description="Its id.")
    who: Text = Field(description="Who wanted it.")
    reason: Text = Field(description="Why.")
    created_at: datetime = Field(description="When it began.")
    expires_at: datetime = Field(description="When it ends by itself.")
    ended_at: datetime | None = Field(description="When somebody ended it.")
    active: bool = Field(description="Whether it counts now.")
    story: Text = Field(description="The id of a story.")
    feed: Text = Field(description="The name of a feed.")
    entity: Text = Field(description="The id of an entity, or its name.")
    event: Text = Field(description="A type of event.")
    topic: Text = Field(description="sanctions or arms.")
    words: Text = Field(description="Words that all stand in title or summary.")
    break_through: int = Field(description="Alerts of this severity are sent all the same; 6: none.")
    flips: bool = Field(description="Whether changes of direction are sent all the same.")
    channel: Text = Field(description="The one channel it is for; empty for all.")


class SilencePage(Page):
    """Silences, the newest first."""

    items: list[Silence] = Field(description="The silences.")


class NewSilence(BaseModel):
    """A silence to begin now; it needs a criterion, a reason and an end."""

    model_config = BODY

    reason: GivenText = Field(min_length=1, max_length=500, description="Why.")
    hours: int = Field(ge=1, le=MAX_HOURS, description="For how many hours.")
    story: GivenText = Field(default="", max_length=200, description="The id of a story.")
    feed: GivenText = Field(default="", max_length=200, description="The name of a feed.")
    entity: GivenText = Field(default="", max_length=200, description="The id of an entity, or its name.")
    event: GivenText = Field(default="", max_length=200, description="A type of event.")
    topic: GivenText = Field(default="", max_length=200, description="sanctions or arms.")
    words: GivenText = Field(default="", max_length=200, description="Words that all stand in the text.")

    @property
    def lasts(self) -> timedelta:
        """How long it lasts."""
        return timedelta(hours=self.hours)


class SilenceDone(BaseModel):
    """A silence, and what it would have suppressed in the last days."""

    silence: Silence = Field(description="The silence.")
    would_have_suppressed: int = Field(description="Alerts of the last days that it fits.")
    alerts: int = Field(description="All alerts of these days.")
    days: int = Field(description="How many days were read: 30, or fewer where there are many alerts.")
