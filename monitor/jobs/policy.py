"""What the operator decided, as one frozen value that a run of a job reads at its start."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from monitor.alerts.quiet_hours import QuietHours
from monitor.alerts.raise_alerts import AlertContext
from monitor.alerts.reminders import ReminderTimes
from monitor.alerts.signed_links import SignedLinks
from monitor.channels import Channel
from monitor.channels.settings import is_loopback
from monitor.digests.wording import DigestRenderer
from monitor.feeds.base import Fetch
from monitor.feeds.websub.base import Subscribe
from monitor.lists.base import SanctionsList
from monitor.lists.cache import ListCache
from monitor.match.engine import Engine
from monitor.model import (
    Alert,
    Escalation,
    Feed,
    HealthReport,
    Message,
    MessageForm,
    Placement,
    RetentionCutoffs,
    Role,
    Subscription,
)
from monitor.translation.base import Translator

from .evidence import RulesFrom

#: The longest wait that a host may request for all its feeds and pages.
MAX_HOST_WAIT = timedelta(hours=2)

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class Renderer(DigestRenderer, Protocol):
    """Turns alerts, digests and health reports into the messages of a form, and renders web pages."""

    def alert(self, alert: Alert, form: MessageForm, language: str = "") -> tuple[Message, ...]:
        """Return the messages of an alert in a language, in order; "" is English."""

    def health(self, report: HealthReport, form: MessageForm, language: str = "") -> tuple[Message, ...]:
        """Return the messages of a health report in a language, in order; "" is English."""

    def web_page(self, context: Mapping[str, Any], /) -> str:
        """Return the HTML of a page of the web server."""

    def desk_page(self, name: str, context: Mapping[str, Any], /) -> str:
        """Return the HTML of a page of the desk."""

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the templates in use."""


@dataclass(frozen=True, slots=True)
class PollLimits:
    """How feeds and articles are fetched: gap between two requests to a host, time and concurrency."""

    host_gap: timedelta = timedelta(seconds=2)
    time_limit_s: float = 30.0
    max_concurrent: int = 64

    def host_free_at(self, now: datetime, requested: timedelta | None = None) -> datetime:
        """Return when a host may get another request, if it has `requested` a wait or not."""
        wait = min(requested or timedelta(), MAX_HOST_WAIT)
        return now + max(self.host_gap, wait)


@dataclass(frozen=True, slots=True)
class ArticleAccess:
    """How the web pages behind items are fetched.

    `fetch` stays on one host, `fetch_robots` need not; `agent` is our name in robots.txt; `is_internal` says
    whether only the operator may open an address.
    """

    fetch: Fetch
    fetch_robots: Fetch
    agent: str
    is_internal: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class DeliveryLimits:
    """When a delivery without an answer is repeated, and how many alerts a recipient gets at once.

    `gaps` holds the interval between two messages of a channel where it is not the usual one, `connections`
    how many messages of a channel may leave at the same time where it is more than one.
    """

    uncertain_wait: timedelta = timedelta(minutes=15)
    storm: int = 20
    gaps: Mapping[str, timedelta] = field(default_factory=dict)
    connections: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expiry:
    """How long alerts, digests, and deliveries to a channel that was removed, are tried."""

    alerts: timedelta = timedelta(hours=6)
    digests: timedelta = timedelta(hours=20)
    missing: timedelta = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class EscalationSteps:
    """The channels of each step, how long each step waits for a reaction, and the lowest severity."""

    steps: tuple[tuple[str, ...], ...] = ()
    after: timedelta = timedelta(minutes=30)
    min_severity: int = 5

    def due(self, waiting: Escalation, now: datetime) -> int | None:
        """Return the step that is due now, 1 or more; None if none is."""
        alert, taken = waiting.alert, len(waiting.steps)
        if alert.decision.placement is not Placement.NOW or alert.verdict.severity < self.min_severity:
            return None
        since = max((alert.raised_at, *waiting.steps))
        return taken + 1 if taken < len(self.steps) and now - since >= self.after else None


@dataclass(frozen=True, slots=True)
class RetentionPeriods:
    """How long items, documents, messages and closed incidents are kept."""

    items: timedelta
    documents: timedelta
    messages: timedelta
    incidents: timedelta

    def cutoffs(self, now: datetime) -> RetentionCutoffs:
        """Return the moments before which each of them may be deleted."""
        return RetentionCutoffs(
            now - self.items, now - self.documents, now - self.messages, now - self.incidents
        )


@dataclass(frozen=True, slots=True)
class CanarySchedule:
    """When which channels get a canary: at `at` after midnight UTC and every `every` from there.

    A canary that is not sent `within` this time is missed. `to` replaces the first recipient of mail.
    """

    every: timedelta
    at: timedelta
    within: timedelta
    channels: tuple[str, ...]
    to: str = ""

    def due(self, now: datetime) -> datetime:
        """Return the last time that was due, whatever the clock did since."""
        begun = _EPOCH + self.at
        return begun + (now - begun) // self.every * self.every


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """Host and port to listen at.

    `public_url` is the address by which a proxy leads clients here; `names` are further names of this server.
    """

    host: str
    port: int
    public_url: str = ""
    names: tuple[str, ...] = ()

    @property
    def is_local(self) -> bool:
        """Say whether only programs on this machine can connect, as far as is known."""
        public = urlsplit(self.public_url).hostname
        return is_loopback(self.host) and (not public or is_loopback(public))

    def accepts_host(self, name: str) -> bool:
        """Say whether a request with this Host header is accepted: against DNS rebinding.

        Beyond loopback an IP address is accepted too, because no name can be rebound to it.
        """
        try:
            named = urlsplit(f"//{name}").hostname or ""
        except ValueError:
            return False
        if is_loopback(named) or named in {self.host, urlsplit(self.public_url).hostname, *self.names}:
            return True
        return not is_loopback(self.host) and _is_ip_address(named)


@dataclass(frozen=True, slots=True)
class TrustedProxy:
    """A proxy that signs people in: the header with their name, where it connects from, their role."""

    header: str
    networks: tuple[IPv4Network | IPv6Network, ...]
    role: Role

    def is_at(self, address: str) -> bool:
        """Say whether a connection from this address is the proxy's."""
        try:
            given = ip_address(address)
        except ValueError:
            return False
        return any(given in network for network in self.networks)


@dataclass(frozen=True, slots=True)
class WebAccess:
    """Where the web server listens, None for nowhere, the token of the Atom feed, and a trusted proxy."""

    listen: ListenAddress | None = None
    feed_token: str = ""
    proxy: TrustedProxy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Everything that the configuration, the rules and the templates decide; a reload replaces it whole.

    `forms` names the message form of each channel; `health_channels` get health reports in
    `health_language`. `engine` reads the queries that people search by; `rules_folder` has the operator's own
    rules. `rules_from` makes the rules of an earlier version of their files. `config_file` is the file that
    the configuration was read from, None if it must not be written; `feeds_off` are the feeds switched off
    in it, `watch_lists` the names of each watch list. `lexicon_folder` has the operator's own lexicon.
    `settings_version` is the hash of the settings without secrets, in a cluster. `translate` is None unless
    the operator names an endpoint, `subscribe` unless feeds are subscribed at their hubs.
    """

    alerts: AlertContext
    fetch: Fetch
    articles: ArticleAccess
    renderer: Renderer
    subscriptions: tuple[Subscription, ...]
    channels: Mapping[str, Channel]
    forms: Mapping[str, MessageForm]
    quiet_hours: tuple[QuietHours, ...]
    links: SignedLinks | None
    lists: Mapping[str, SanctionsList]
    list_cache: ListCache
    fetch_list: Fetch
    canary: CanarySchedule | None
    escalation: EscalationSteps
    health_channels: tuple[str, ...]
    retention: RetentionPeriods
    health_language: str = ""
    reminders: ReminderTimes = field(default_factory=ReminderTimes)
    polling: PollLimits = PollLimits()
    delivery: DeliveryLimits = DeliveryLimits()
    expiry: Expiry = Expiry()
    web: WebAccess = WebAccess()
    engine: Engine | None = None
    rules_folder: Path | None = None
    rules_from: RulesFrom | None = None
    config_file: Path | None = None
    feeds_off: Mapping[str, Feed] = field(default_factory=dict)
    watch_lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lexicon_folder: Path | None = None
    settings_version: str = ""
    translate: Translator | None = None
    subscribe: Subscribe | None = None


def _is_ip_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
