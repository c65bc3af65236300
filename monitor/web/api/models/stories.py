"""Stories, and what people do about them."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from monitor.web.api.parameters import BODY, GivenText, Text
from monitor.web.stories.actions import MAX_TEXT

from .news import Alert
from .pages import Page


class StorySummary(BaseModel):
    """A story in a list, by its newest alert."""

    id: Text = Field(description="Its id.")
    line: Text = Field(description="The act in one line.")
    severity: int = Field(description="The highest severity so far, 0 to 5.")
    topics: list[Text] = Field(description="Topics it is flagged for.")
    possible: list[Text] = Field(description="Topics just below the threshold.")
    event: Text | None = Field(description="The type of the event.")
    status: Text | None = Field(description="How far the act has come.")
    direction: Text | None = Field(description="What it does to sanctions or to a purchase.")
    source: Text = Field(description="The title of the feed.")
    sources: Text = Field(description="The title of the feed and how many other publishers.")
    title: Text = Field(description="The title of the newest item.")
    url: Text = Field(description="The address of the newest item; empty unless http or https.")
    language: Text = Field(description="The language of the newest item.")
    at: datetime = Field(description="When the newest alert was raised.")
    alert: Text = Field(description="The id of the newest alert.")
    update: Text | None = Field(description="What is new in an update.")
    answered: bool = Field(description="Whether somebody reacted to the newest alert.")
    silenced: bool = Field(description="Whether a silence fits it.")
    assigned: Text | None = Field(description="Who works on it.")


class Count(BaseModel):
    """How many entries fit in all."""

    n: int = Field(description="The number, at most 1000.")
    more: bool = Field(description="Whether there are more.")


class StoryPage(Page):
    """Stories, those with the newest alert first."""

    items: list[StorySummary] = Field(description="The stories.")
    count: Count | None = Field(description="How many fit; null where each must be tested.")


class Note(BaseModel):
    """What somebody wrote about a story."""

    id: Text = Field(description="Its id.")
    who: Text = Field(description="Who wrote it.")
    at: datetime = Field(description="When.")
    text: Text = Field(description="The text.")


class Story(BaseModel):
    """A story with all its alerts and notes."""

    id: Text = Field(description="Its id.")
    first_at: datetime = Field(description="When its first alert was raised.")
    last_at: datetime = Field(description="When its newest alert was raised.")
    severity: int = Field(description="The highest severity so far, 0 to 5.")
    answered_at: datetime | None = Field(description="When somebody reacted to the newest alert.")
    assigned: Text | None = Field(description="Who works on it.")
    publishers: list[Text] = Field(description="Publishers and agencies behind its reports.")
    alerts: list[Alert] = Field(description="Its alerts, the oldest first.")
    notes: list[Note] = Field(description="Notes about it, the oldest first.")


class StoryAction(BaseModel):
    """What is to be done about a story."""

    model_config = BODY

    action: Literal["acknowledge", "relevant", "wrong", "assign", "note", "mute"] = Field(
        description="What to do."
    )
    text: GivenText = Field(
        default="",
        max_length=MAX_TEXT,
        description="The note, the reason of `mute`, `wrong` and `relevant`, or whom to assign it to.",
    )
    kind: Literal["", "noise", "duplicate", "wrong_entity"] = Field(
        default="", description="What is wrong, for `wrong`."
    )
    days: int = Field(default=7, ge=1, le=365, description="How long to mute it, for `mute`.")


class Done(BaseModel):
    """What was done, and what takes it back."""

    words: Text = Field(description="What was done, in words.")
    undo: Text = Field(description="The token by which it is undone.")
    until: datetime = Field(description="Until when it can be undone.")


class UndoRequest(BaseModel):
    """What is to be undone."""

    model_config = BODY

    token: GivenText = Field(min_length=1, max_length=80, description="`undo` of what was done.")
