"""Build the policy of a run from settings, rules and templates, with the connections that it holds."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import httpx

from monitor.alerts.raise_alerts import AlertContext
from monitor.alerts.reminders import ReminderTimes
from monitor.alerts.signed_links import SignedLinks
from monitor.channels import Channel, Tools
from monitor.clock import Clock
from monitor.config import Settings
from monitor.executor import Executor
from monitor.feeds.http.fetch import Fetcher, Limits
from monitor.feeds.http.guard import Guard
from monitor.feeds.http.limits import NO_HOSTS
from monitor.feeds.http.transport import client, port_of
from monitor.feeds.websub.base import Subscribe
from monitor.feeds.websub.client import HubClient
from monitor.jobs.context import Close
from monitor.jobs.policy import ArticleAccess, Policy
from monitor.store import Store
from monitor.translation.base import Translator
from monitor.translation.translator import EndpointTranslator
from monitor.web.secret import load_or_create_key

from . import derive, list_settings
from .evidence import rules_from_files
from .grouping import grouping_model, interruption_rules
from .late_renderer import LateRenderer
from .members import version_of
from .rulebook import Rulebook, rulebook

if TYPE_CHECKING:
    from monitor.render.renderer import Renderer

OnFallback = Callable[[str], None]

#: How much one document of a sanctions list may cost.
LIST_LIMITS = Limits(wire_bytes=300_000_000, body_bytes=600_000_000)
_ARTICLE = Limits(2_000_000, 8_000_000, one_host=True)
_ROBOTS = Limits(600_000, 600_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyBuilder:
    """Builds policies for one running program; `stream` is where the console channel writes.

    `config_file` is what pages may change.
    """

    store: Store
    db: Executor
    clock: Clock
    stream: TextIO | None
    on_fallback: OnFallback
    config_file: Path | None = None

    async def build(self, settings: Settings, rules: Rulebook | None = None) -> tuple[Policy, Close]:
        """Return a policy and what closes its connections; `rules` are read unless given.

        Raises:
            ConfigError: the settings, rules, lexicon or templates cannot be used.
        """
        rules = rules or await load_rules(settings)
        async with AsyncExitStack() as stack:
            policy = await self._policy(settings, rules, stack)
            versions = rules.engine.versions
            await self.db.run(self.store.store_rule_files, versions, rules.files, self.clock())
            return policy, stack.pop_all().aclose
        raise AssertionError("unreachable")  # an exit stack suppresses nothing of its own

    async def _policy(self, settings: Settings, rules: Rulebook, stack: AsyncExitStack) -> Policy:
        guard, agent = derive.guard_of(settings), derive.user_agent_of(settings)
        kept_hosts = derive.kept_hosts_of(settings)
        polling = await stack.enter_async_context(client(guard, agent, kept_hosts=kept_hosts))
        posting = await stack.enter_async_context(client(guard, agent, kept_hosts=NO_HOSTS))
        links = links_of(settings)
        return Policy(
            alerts=alert_context_of(settings, rules),
            fetch=await stack.enter_async_context(Fetcher(polling, guard, derive.limits_of(settings))),
            articles=article_access_of(polling, guard, agent),
            renderer=LateRenderer(own_templates(settings), self.on_fallback, links),
            subscriptions=derive.subscriptions_of(settings),
            channels=self._channels(settings, posting, links),
            forms={name: table.form for name, table in settings.channels.items()},
            quiet_hours=derive.quiet_hours_of(settings),
            links=links,
            lists=list_settings.lists_of(settings),
            list_cache=list_settings.list_cache_of(settings),
            fetch_list=await stack.enter_async_context(Fetcher(polling, guard, LIST_LIMITS)),
            canary=derive.canary_schedule_of(settings),
            escalation=derive.escalation_of(settings),
            reminders=ReminderTimes(settings.reminders.days, settings.reminders.after_midnight),
            health_channels=settings.health.channels,
            health_language=settings.health.language,
            retention=derive.retention_of(settings),
            polling=derive.poll_limits_of(settings),
            delivery=derive.delivery_limits_of(settings),
            expiry=derive.expiry_of(settings),
            web=derive.web_access_of(settings),
            engine=rules.engine,
            rules_folder=settings.rules,
            rules_from=rules_from_files(settings),
            config_file=self.config_file,
            feeds_off=derive.switched_off(settings),
            watch_lists={name: table.names for name, table in settings.watch.items()},
            lexicon_folder=settings.lexicon,
            settings_version=version_of(settings),
            translate=self._translator(settings, posting),
            subscribe=_hub_client(settings, posting),
        )

    def _translator(self, settings: Settings, http: httpx.AsyncClient) -> Translator | None:
        table = settings.translation
        return EndpointTranslator(table.endpoint, http, self.clock) if table else None

    def _channels(
        self, settings: Settings, http: httpx.AsyncClient, links: SignedLinks | None
    ) -> dict[str, Channel]:
        tools = self._tools(http, links)
        return {name: table.build(tools) for name, table in settings.channels.items()}

    def _tools(self, http: httpx.AsyncClient, links: SignedLinks | None) -> Tools:
        async def receipts(channel: str, story: str) -> tuple[str, ...]:
            return await self.db.run(self.store.receipts, channel, story)

        tools = Tools(http=http, clock=self.clock, stream=self.stream or sys.stdout, receipts=receipts)
        return replace(tools, unsubscribe_link=links.unsubscribe_link) if links else tools


def _hub_client(settings: Settings, http: httpx.AsyncClient) -> Subscribe | None:
    if not settings.websub.enabled:
        return None
    return HubClient(http, settings.web.base_url, settings.websub.lease)


async def load_rules(settings: Settings) -> Rulebook:
    """Return the rules, the lexicon and the scoring, read in a thread.

    Raises:
        ConfigError: a file cannot be used.
    """
    return await asyncio.to_thread(rulebook, settings, list_settings.log_rebuild)


def alert_context_of(settings: Settings, rules: Rulebook) -> AlertContext:
    """Return the context in which items are judged and routed."""
    return AlertContext(
        feeds=derive.feeds_of(settings),
        judge=rules.engine.judge,
        table=rules.table,
        grouping=grouping_model(),
        interruption=interruption_rules(),
        routes=derive.routes_of(settings),
        channel_targets=derive.channel_targets_of(settings),
        recipients=derive.recipients_of(settings),
        corroborated=rules.engine.corroborated,
    )


def article_access_of(http: httpx.AsyncClient, guard: Guard, agent: str) -> ArticleAccess:
    """Return how the pages behind items are fetched."""

    def is_internal(url: str) -> bool:
        parsed = httpx.URL(url)
        return guard.allows(parsed.host, port_of(parsed))

    return ArticleAccess(
        fetch=Fetcher(http, guard, _ARTICLE),
        fetch_robots=Fetcher(http, guard, _ROBOTS),
        agent=agent.partition("/")[0],
        is_internal=is_internal,
    )


def renderer_of(settings: Settings) -> "Renderer":
    """Return the renderer of a command that shows or checks messages, without links to the desk."""
    from monitor.render.renderer import Renderer  # noqa: PLC0415  see `LateRenderer`

    return Renderer(own_templates(settings))


def own_templates(settings: Settings) -> Path | None:
    """Return the operator's folder of templates, which counts once it exists."""
    return settings.templates if settings.templates.is_dir() else None


def links_of(settings: Settings) -> SignedLinks | None:
    """Return the signer of the links in messages; None without `web.base_url`.

    Raises:
        ConfigError: the key can be neither read nor created.
    """
    web = settings.web
    if not web.base_url:
        return None
    secret = web.secret.get_secret_value() if web.secret else load_or_create_key(web.key_file)
    return SignedLinks(web.base_url, secret, web.link_life)
