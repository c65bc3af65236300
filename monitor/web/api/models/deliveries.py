"""Deliveries and digests."""

from datetime import datetime

from pydantic import BaseModel, Field

from monitor.web.api.parameters import Text

from .pages import Page


class Delivery(BaseModel):
    """One message to one recipient of one channel."""

    id: Text = Field(description="Its id, which every attempt carries.")
    kind: Text = Field(description="alert, digest, storm, silence, health, canary or test.")
    ref: Text = Field(description="The id of its alert, digest or report.")
    story: Text = Field(description="The id of its story; empty if it has none.")
    channel: Text = Field(description="The name of the channel.")
    recipient: Text | None = Field(description="The recipient; null for who may only read.")
    subject: Text = Field(description="The subject of the message.")
    state: Text = Field(description="owed, leased, sent, uncertain, dead, discarded, suppressed or expired.")
    reason: Text = Field(description="Why it is in its state.")
    severity: int = Field(description="The severity of its alert; 0 for other kinds.")
    attempts: int = Field(description="Attempts since it was last due anew.")
    created_at: datetime = Field(description="When it was owed.")
    due_at: datetime = Field(description="When the next attempt is due.")
    covered_by: Text = Field(description="The digest or summary that covers it instead.")


class DeliveryPage(Page):
    """Deliveries, the newest first."""

    items: list[Delivery] = Field(description="The deliveries.")


class Attempt(BaseModel):
    """One attempt at a delivery."""

    number: int = Field(description="Its number, from 1.")
    started_at: datetime = Field(description="When it began.")
    ended_at: datetime | None = Field(description="When it ended.")
    phase: Text = Field(description="How far it came: connect, data or done.")
    outcome: Text = Field(description="How it ended; empty while it is open.")
    code: Text = Field(description="The code of the receiver.")
    reason: Text = Field(description="The answer of the receiver.")


class DeliveryHistory(BaseModel):
    """A delivery with its attempts."""

    delivery: Delivery = Field(description="The delivery.")
    history: list[Attempt] = Field(description="Its attempts, the oldest first.")


class Digest(BaseModel):
    """A digest that was planned."""

    id: Text = Field(description="Its id.")
    subscription: Text = Field(description="The name of the subscription.")
    key: Text = Field(description="Its occasion, such as 2026-11-27.")
    due_at: datetime = Field(description="When it was due.")
    planned_at: datetime = Field(description="When it was planned.")
    skipped: bool = Field(description="Whether it was empty and not sent.")
    deliveries: int = Field(description="How many deliveries it has.")
    alerts: int = Field(description="How many alerts it has.")


class DigestPage(Page):
    """Digests, the newest first."""

    items: list[Digest] = Field(description="The digests.")


class DigestDetail(BaseModel):
    """A digest with the ids of its alerts, and at most 200 of its deliveries."""

    digest: Digest = Field(description="The digest.")
    alert_ids: list[Text] = Field(description="Ids of its alerts, in match order.")
    deliveries: list[Delivery] = Field(description="Its deliveries.")
