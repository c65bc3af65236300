"""``[engine]``: whether one process serves the database, or several."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from .base import Duration, Section


class EngineSettings(Section):
    """``[engine]``: one process with an embedded engine, or a cluster of processes on one PostgreSQL."""

    kind: Literal["embedded", "cluster"] = "embedded"
    lease: Duration = Field(timedelta(seconds=30), ge=timedelta(seconds=2))
    share_rules: bool = False
