"""`run`, `worker`, `once`, `reload`: run the service or a worker, run one round, make it reload."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, Any, TextIO

import structlog
import typer
from rich.text import Text

from monitor import config as configuration
from monitor.app.build import build
from monitor.app.log import configure_logging
from monitor.app.once import RunSummary
from monitor.app.once import once as one_round
from monitor.app.rulebook import rulebook
from monitor.app.service import Service
from monitor.channels.file import FileSettings
from monitor.clock import utc_now
from monitor.errors import ConfigError, StoreError
from monitor.jobs.lists import RefreshState
from monitor.jobs.shared_rules import shared_rules_of
from monitor.model import ClusterRole
from monitor.resources import (
    limit_heaps,
    make_private_file,
    make_private_folder,
    raise_open_files,
    settle_memory,
)
from monitor.store import open_store
from monitor.store.location import file_of
from monitor.store.lock import holder

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, counted, print_json, stderr, stdout
from .screen import Screen

log = structlog.get_logger()

#: How long a thread runs while others wait for the interpreter. A burst of news takes seconds to judge. A
#: page or a poll needs the interpreter often, for moments; with Python's 5 ms each would wait for most of a
#: second.
SWITCH_S = 0.0005


LogTo = Annotated[
    str, typer.Option("--log", help="Where logs go: a file, or - for standard error.", metavar="FILE|-")
]


def run(
    config: ConfigPath = DEFAULT_CONFIG,
    log_to: LogTo = "",
    desk_only: Annotated[
        bool, typer.Option("--desk-only", help="In a cluster: serve the desk and leave all work to workers.")
    ] = False,
) -> None:
    """Serve: poll feeds, raise alerts, make deliveries, send digests, until told to stop.

    On a terminal it shows alerts, warnings and a line of state, and logs go to a file beside the database;
    else they go to standard error. SIGTERM finishes what is in flight and ends; SIGHUP, or `reload`, reads
    rules and configuration again. With `engine.kind = "cluster"` it shares this work with all workers.
    """
    settings = configuration.load(config)
    if desk_only and settings.engine.kind != "cluster":
        raise ConfigError(f'{config}: engine.kind: --desk-only is for a cluster; set kind = "cluster"')
    raise_open_files()
    limit_heaps()
    sys.setswitchinterval(SWITCH_S)
    role = _role(settings, desk_only)
    if log_to == "-" or not (stdout.is_terminal or log_to):
        configure_logging(settings.log.format, settings.log.level)
        asyncio.run(_serve(settings, config, role))
        return
    path = Path(log_to) if log_to else log_file(settings)
    with opened_log(path) as log_stream:
        if stdout.is_terminal:
            _run_on_screen(settings, config, role, path, log_stream)
        else:
            configure_logging(settings.log.format, settings.log.level, log_stream)
            asyncio.run(_serve(settings, config, role))


def worker(config: ConfigPath = DEFAULT_CONFIG, log_to: LogTo = "") -> None:
    """Join a cluster: take a share of its polls, deliveries and other jobs, until told to stop.

    Any number of workers on any number of machines serve one PostgreSQL; `engine.kind = "cluster"` in the
    configuration of each. SIGTERM finishes what is in flight; the others take over the rest. Logs go to
    standard error or to a file.
    """
    settings = configuration.load(config)
    if settings.engine.kind != "cluster":
        raise ConfigError(f'{config}: engine.kind: a worker joins a cluster; set kind = "cluster"')
    raise_open_files()
    limit_heaps()
    sys.setswitchinterval(SWITCH_S)
    with opened_log(Path(log_to)) if log_to not in {"", "-"} else nullcontext() as stream:
        configure_logging(settings.log.format, settings.log.level, stream)
        asyncio.run(_serve(settings, config, ClusterRole.WORKER))


def _role(settings: configuration.Settings, desk_only: bool) -> ClusterRole | None:
    """Return what `run` does in a cluster; None if one process serves the database."""
    if settings.engine.kind != "cluster":
        return None
    return ClusterRole.DESK if desk_only else ClusterRole.ALL


def _run_on_screen(
    settings: configuration.Settings,
    config: Path,
    role: ClusterRole | None,
    log_path: Path,
    log_stream: TextIO,
) -> None:
    """Serve with alerts and warnings on the terminal, and all events in the log."""
    screen = Screen(stdout, places_of(settings, log_path))
    configure_logging(settings.log.format, settings.log.level, log_stream, screen.observe)
    stdout.print(Text(f"sanctions-monitor serves {settings.database}; Ctrl-C ends it.", "dim"))
    with screen:
        asyncio.run(_serve(settings, config, role, screen.stream))


async def _serve(
    settings: configuration.Settings, path: Path, role: ClusterRole | None, stream: TextIO | None = None
) -> None:
    from monitor.app.engines import engine_of  # noqa: PLC0415  one round needs no engine

    building = build(settings, stream=stream, on_fallback=_warn_of_template, config_file=path, role=role)
    async with building as app:
        settle_memory()
        engine = engine_of(settings.database, app.membership)
        has_desk = role != ClusterRole.WORKER
        await Service(app=app, engine=engine, config_path=path, has_desk=has_desk).run()


def log_file(settings: configuration.Settings) -> Path:
    """Return the log of a service on a terminal: beside an SQLite database, else in this folder."""
    database = file_of(settings.database)
    return (database.parent if database else Path()) / "monitor.log"


@contextmanager
def opened_log(path: Path) -> Iterator[TextIO]:
    """Open a log file to append to, readable by its owner only.

    Raises:
        ConfigError: it cannot be written.
    """
    try:
        make_private_folder(path.parent)
        make_private_file(path)
        stream = path.open("a", encoding="utf-8", buffering=1)
    except OSError as error:
        raise ConfigError(f"--log: {path} cannot be written: {error.strerror}") from error
    with stream:
        yield stream


def places_of(settings: configuration.Settings, log_path: Path) -> tuple[str, ...]:
    """Return where digests and the log are, in sentences."""
    folders = [str(table.path) for table in settings.channels.values() if isinstance(table, FileSettings)]
    places = [f"Digests and messages: {', '.join(folders)}"] if folders else []
    return (*places, f"Log: {log_path}")


def once(config: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Poll what is due, deliver what is owed, and end; for cron and for trying.

    Exit code 1 says that a feed or a list failed or a delivery was given up.
    """
    settings = configuration.load(config)
    configure_logging(settings.log.format, "warning" if settings.log.level == "info" else settings.log.level)
    done = asyncio.run(_once(settings, as_json))
    if as_json:
        print_json(summary(done))
    else:
        _print_summary(done)
    if done.polled.failed or done.sent.dead or any(each.state is RefreshState.KEPT for each in done.lists):
        raise typer.Exit(1)


async def _once(settings: configuration.Settings, as_json: bool) -> RunSummary:
    with _spinner() if stderr.is_terminal else nullcontext():
        stream = sys.stderr if as_json else sys.stdout
        async with build(settings, stream=stream, on_fallback=_warn_of_template) as app:
            gc.freeze()  # a collection that visits lexicon and rules takes a quarter of a second
            return await one_round(app)


@contextmanager
def _spinner() -> Iterator[None]:
    """Show on a terminal how long the round has taken so far."""
    from rich.progress import (  # noqa: PLC0415  cron needs none
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=stderr, transient=True) as progress:
        progress.add_task("polling feeds, judging, delivering", total=None)
        yield


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
        f"{counted(polled.polled, 'feed')} polled, {polled.failed} failed; {counted(polled.items, 'item')},"
        f" {counted(polled.alerts, 'alert')}; {counted(sent.sent, 'delivery', 'deliveries')} sent,"
        f" {sent.postponed} postponed, {sent.dead} dead; {counted(done.digests, 'digest')}",
        soft_wrap=True,
    )
    if polled.failed:
        stdout.print("`sanctions-monitor feeds list` says why a feed failed", soft_wrap=True, markup=False)
    if sent.dead:
        stdout.print(
            "`sanctions-monitor outbox list` says why a delivery is dead", soft_wrap=True, markup=False
        )


def reload(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Make the running service read its configuration, rules and templates again."""
    settings = configuration.load(config)
    rulebook(settings)
    if settings.engine.kind == "cluster":
        _reload_cluster(settings)
        return
    pid = holder(settings.database)
    if pid is None:
        raise StoreError("no sanctions-monitor serves this database; start one with `sanctions-monitor run`")
    os.kill(pid, signal.SIGHUP)
    stdout.print(f"sent process {pid} the signal to reload; its log has the result")


def _reload_cluster(settings: configuration.Settings) -> None:
    with closing(open_store(settings.database, lock=False)) as store:
        members = store.workers(utc_now() - settings.engine.lease)
        if not members:
            raise StoreError("no worker serves this database; start one with `sanctions-monitor worker`")
        if rules := shared_rules_of(settings):
            stdout.print(f"published {rules.publish(store)} changed files of rules, lexicon and scoring")
        store.request_reload()
    stdout.print(f"asked {len(members)} processes to reload; the log of each has the result")


def _warn_of_template(reason: str) -> None:
    log.warning("template_warned", reason=reason)
