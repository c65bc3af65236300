"""`run`, `once`, `reload`: the service, one round of it, and a word to the one that runs."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import structlog
import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from monitor import config as configuration
from monitor.app import build as program
from monitor.app import log as logging
from monitor.app.once import RunSummary
from monitor.app.once import once as one_round
from monitor.app.rulebook import rulebook
from monitor.app.service import Service
from monitor.engine.local import LocalEngine
from monitor.errors import StoreError
from monitor.store.lock import holder

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, print_json, stderr, stdout

log = structlog.get_logger()


def run(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Serve: poll feeds, raise alerts, make deliveries, send digests, until told to stop.

    SIGTERM finishes what is in flight and ends; SIGHUP, or `reload`, reads rules and configuration again.
    """
    settings = configuration.load(config)
    logging.configure(settings.log.format, settings.log.level)
    asyncio.run(_serve(settings, config))


async def _serve(settings: configuration.Settings, path: Path) -> None:
    async with program.build(settings, on_fallback=_warn_of_template) as app:
        await Service(app=app, engine=LocalEngine(), config_path=path).run()


def once(config: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Poll what is due, deliver what is owed, and end; for cron and for trying.

    Exit code 1 says that a feed or a list failed or a delivery was given up.
    """
    settings = configuration.load(config)
    logging.configure(settings.log.format, "warning" if settings.log.level == "info" else settings.log.level)
    done = asyncio.run(_once(settings, as_json))
    if as_json:
        print_json(summary(done))
    else:
        _print_summary(done)
    if done.polled.failed or done.sent.dead or any(each.state == "kept" for each in done.lists):
        raise typer.Exit(1)


async def _once(settings: configuration.Settings, as_json: bool) -> RunSummary:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=stderr, transient=True, disable=not stderr.is_terminal) as progress:
        progress.add_task("polling feeds, judging, delivering", total=None)
        stream = sys.stderr if as_json else sys.stdout
        async with program.build(settings, stream=stream, on_fallback=_warn_of_template) as app:
            return await one_round(app)


def summary(done: RunSummary) -> dict[str, Any]:
    """Return what `once --json` prints."""
    return {
        "polled": done.polled.polled,
        "failed": done.polled.failed,
        "items": done.polled.items,
        "alerts": done.polled.alerts,
        "deliveries": {"sent": done.sent.sent, "postponed": done.sent.postponed, "dead": done.sent.dead},
        "digests": done.digests,
    }


def _print_summary(done: RunSummary) -> None:
    polled, sent = done.polled, done.sent
    stdout.print(
        f"{polled.polled} feeds polled, {polled.failed} failed; {polled.items} items,"
        f" {polled.alerts} alerts; {sent.sent} deliveries sent, {sent.postponed} postponed,"
        f" {sent.dead} dead; {done.digests} digests",
        soft_wrap=True,
    )


def reload(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Make the running service read its configuration, rules and templates again."""
    settings = configuration.load(config)
    rulebook(settings)
    pid = holder(settings.database)
    if pid is None:
        raise StoreError("no sanctions-monitor serves this database; start one with `sanctions-monitor run`")
    os.kill(pid, signal.SIGHUP)
    stdout.print(f"sent process {pid} the signal to reload; its log has the result")


def _warn_of_template(reason: str) -> None:
    log.warning("template_warned", reason=reason)
