"""The processes of a cluster."""

from datetime import datetime

from pydantic import BaseModel, Field

from monitor.web.api.parameters import Text


class Lane(BaseModel):
    """The runs of a kind of job in a process."""

    kind: Text = Field(description="The kind of job.")
    runs: int = Field(description="How many runs go on.")
    limit: int = Field(description="How many may go on at once.")


class Worker(BaseModel):
    """A process that serves the database."""

    process: Text = Field(description="Its number and machine.")
    state: Text = Field(description="working, desk only, missing, or replaced by a later one.")
    program: Text = Field(description="The version of the program.")
    config: Text = Field(description="The hash of its settings without secrets.")
    rules: Text = Field(description="The version of its rules.")
    lexicon: Text = Field(description="The version of its lexicon.")
    lists: Text = Field(description="The version of its names of sanctions lists.")
    differs: list[Text] = Field(description="What it runs in another version than the rest.")
    started_at: datetime = Field(description="When it began.")
    seen_at: datetime = Field(description="Its last heartbeat.")
    lanes: list[Lane] = Field(description="What it runs.")


class StuckShard(BaseModel):
    """A shard whose due feeds are not polled."""

    shard: int = Field(description="Its number.")
    feeds: int = Field(description="How many feeds are due.")
    since: datetime = Field(description="Since when the first of them could have been polled.")
    process: Text = Field(description="The process that polls it; empty if none does.")


class Cluster(BaseModel):
    """The processes that serve the database together; none if one process serves it alone."""

    workers: list[Worker] = Field(description="The processes, the oldest first.")
    stuck_shards: list[StuckShard] = Field(description="Stuck shards, the longest stuck first.")
