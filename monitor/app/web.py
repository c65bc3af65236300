"""What lets readers act, as a configuration wants it: links, pages, quiet hours, escalation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.alerts.quiet_hours import QuietHours
from monitor.alerts.signed_links import SignedLinks
from monitor.clock import Clock
from monitor.config import Settings
from monitor.executor import Executor
from monitor.jobs.escalate import EscalateJob, EscalationSteps
from monitor.jobs.hold import HoldingStore
from monitor.model import ChannelTarget, Incident
from monitor.render.renderer import Renderer
from monitor.web.secret import load_or_create_key
from monitor.web.server import ListenAddress, WebServer
from monitor.web.views import WebViews


@dataclass
class Acting:
    """The parts of one running program by which readers act; `use` swaps what they work with."""

    store: HoldingStore
    server: WebServer
    escalate: EscalateJob

    def use(
        self,
        settings: Settings,
        links: SignedLinks | None,
        render: Renderer,
        channel_targets: Mapping[str, ChannelTarget],
    ) -> None:
        """Work by these settings from now on; a place that changed is taken at the next `Server.serve`."""
        token = settings.web.feed_token
        self.store.quiet_hours, self.store.links = quiet_hours_of(settings), links
        self.escalate.escalation, self.escalate.channel_targets = escalation_of(settings), channel_targets
        self.escalate.render = render.alert
        self.server.address, views = listen_address_of(settings), self.server.views
        views.words, views.links = render, links
        views.feed_token = token.get_secret_value() if token else ""

    def troubles(self, now: datetime) -> tuple[Incident, ...]:
        """Return what keeps readers from acting."""
        return tuple(self.server.incidents(now))


def acting_of(store: HoldingStore, db: Executor, clock: Clock) -> Acting:
    """Return the parts of a program, of no use before `Acting.use`."""
    store.clock = clock
    words = Renderer()
    views = WebViews(store=store, words=words, links=None, feed_token="", db=db, clock=clock)
    return Acting(
        store, WebServer(views, None), EscalateJob(EscalationSteps(), {}, words.alert, store, db, clock)
    )


def links_of(settings: Settings) -> SignedLinks | None:
    """Return what signs links in messages; None if there is nowhere for them to lead.

    Raises:
        ConfigError: the key can be neither read nor made.
    """
    web = settings.web
    if not web.base_url:
        return None
    secret = web.secret.get_secret_value() if web.secret else load_or_create_key(web.key_file)
    return SignedLinks(web.base_url, secret, web.link_life)


def listen_address_of(settings: Settings) -> ListenAddress | None:
    """Return where the pages are served; None for nowhere."""
    web = settings.web
    return ListenAddress(web.host, web.port, web.base_url) if web.enabled else None


def quiet_hours_of(settings: Settings) -> tuple[QuietHours, ...]:
    """Return the quiet hours as planning sees them."""
    return tuple(
        QuietHours(
            name,
            table.reason,
            table.channels,
            table.start,
            table.end,
            table.zone,
            table.weekdays,
            table.recipients,
            table.break_through,
            table.flips,
            table.release,
        )
        for name, table in settings.quiet.items()
    )


def escalation_of(settings: Settings) -> EscalationSteps:
    """Return who is told in turn of what nobody acknowledges."""
    table = settings.escalation
    return EscalationSteps(table.steps, table.after, table.min_severity)
