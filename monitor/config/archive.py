"""``[archive]``: how long items, documents, messages and incidents are kept."""

from datetime import timedelta

from pydantic import Field

from .base import Duration, Section

_A_DAY = timedelta(days=1)


class ArchiveSettings(Section):
    """``[archive]``: periods, counted from when something was last listed, fetched, sent or ended."""

    keep: Duration = Field(timedelta(days=365), ge=_A_DAY)
    keep_documents: Duration = Field(timedelta(days=1095), ge=_A_DAY)
    keep_messages: Duration = Field(timedelta(days=365), ge=_A_DAY)
    keep_incidents: Duration = Field(timedelta(days=365), ge=_A_DAY)
