"""``[websub]``: whether feeds are subscribed at the hubs that they name."""

from datetime import timedelta

from pydantic import field_validator

from .base import Duration, Section

_SHORTEST, _LONGEST = timedelta(hours=1), timedelta(days=30)


class WebSubSettings(Section):
    """``[websub]``: a feed that names a hub is polled as soon as the hub says that it has changed.

    Hubs call the web server at `web.base_url`, below ``/websub/``. Polls go on at their interval. `lease` is
    how long a subscription is requested for; it is renewed in time.
    """

    enabled: bool = False
    lease: Duration = timedelta(days=10)

    @field_validator("lease")
    @classmethod
    def _is_usual(cls, given: timedelta) -> timedelta:
        if not _SHORTEST <= given <= _LONGEST:
            raise ValueError("from 1h to 30d")
        return given
