"""Read configuration, rules and templates of a running program again, one time after another."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from monitor import config
from monitor.errors import MonitorError
from monitor.jobs.membership import Membership
from monitor.resources import settle_memory

from . import sd_notify
from .build import App
from .members import fetch_rules, publish_rules

log = structlog.get_logger()


@dataclass(kw_only=True)
class Reloads:
    """Reloads a program from `config_path`; `spawn` runs what was requested in the background."""

    app: App
    config_path: Path
    spawn: Callable[[Awaitable[None]], None]
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _one_waits: bool = False

    def request(self) -> None:
        """Reload soon, all members of a cluster; requests while a reload waits are one."""
        if self.app.membership:
            self.spawn(self._request_of_members(self.app.membership))
        else:
            self.request_here()

    def request_here(self) -> None:
        """Reload this process soon."""
        if not self._one_waits:
            self._one_waits = True
            self.spawn(self._reload_in_turn())

    async def reload(self) -> None:
        """Read configuration, rules and templates again; the old ones stay in force if that fails."""
        sd_notify.reloading()
        try:
            settings = config.load(self.config_path)
            if self.app.membership:
                await fetch_rules(self.app, settings)
            await self.app.reload(settings)
            await self.app.deliver.resume_channels()
        except MonitorError as error:
            log.error("reload_refused", reason=str(error))
        else:
            self._reloaded()
        finally:
            sd_notify.ready()

    async def reload_names(self) -> None:
        """Put the names of another copy of a list in force."""
        async with self._turn:
            await self.app.reload(self.app.settings)
        self._reloaded()

    async def _request_of_members(self, membership: Membership) -> None:
        try:
            await publish_rules(self.app, config.load(self.config_path))
        except MonitorError as error:
            log.error("reload_refused", reason=str(error))
        else:
            await membership.request_reload()

    async def _reload_in_turn(self) -> None:
        async with self._turn:
            self._one_waits = False
            await self.reload()

    def _reloaded(self) -> None:
        settle_memory(after_reload=True)
        log.info("reloaded", feeds=len(self.app.policy.alerts.feeds))
