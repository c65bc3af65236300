"""Remember what single hosts need: another form of User-Agent, uncompressed bodies, another client."""

from dataclasses import dataclass

MAX_HOSTS = 10_000


@dataclass(frozen=True, slots=True)
class HostQuirks:
    """What one host needs that others do not; `other_client` parses headers that the usual one refuses."""

    compatible_agent: bool = False
    uncompressed: bool = False
    other_client: bool = False


class QuirkCache:
    """The quirks of hosts; emptied when it is full."""

    def __init__(self) -> None:
        self._quirks: dict[str, HostQuirks] = {}

    def get(self, host: str) -> HostQuirks:
        """Return what worked for a host last time."""
        return self._quirks.get(host, HostQuirks())

    def forget(self, host: str) -> None:
        """Forget a host for which nothing worked."""
        self._quirks.pop(host, None)

    def remember(self, host: str, quirks: HostQuirks) -> None:
        """Remember what worked for a host."""
        if len(self._quirks) >= MAX_HOSTS:
            self._quirks.clear()
        self._quirks[host] = quirks
