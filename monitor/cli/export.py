"""`export`: write all that is stored as CSV, JSON Lines or FollowTheMoney entities."""

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from monitor import config as configuration
from monitor.app.list_settings import list_cache_of, lists_of
from monitor.errors import MonitorError
from monitor.jobs.export import ExportSource
from monitor.model import ExportKind, Period
from monitor.render.export import ExportFormat, export_lines
from monitor.render.export_ftm import FTM_KINDS
from monitor.resources import make_private_folder, replacement_of

from .common import DEFAULT_CONFIG, ConfigPath, opened_store
from .periods import moment_before


def export(
    kinds: Annotated[list[ExportKind] | None, typer.Argument(help="What to export; all without.")] = None,
    form: Annotated[
        ExportFormat, typer.Option("--format", help="CSV, JSON Lines, or FollowTheMoney entities.")
    ] = ExportFormat.JSONL,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="A file; for CSV of several kinds, a folder.")
    ] = None,
    since: Annotated[str, typer.Option(help="Stored since then: 24h, 30d, or a date.")] = "",
    until: Annotated[str, typer.Option(help="Stored before then.")] = "",
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Write all stored records in open formats: items, alerts, deliveries, feedback, entries of lists.

    Records are written as they are read, oldest first, so memory does not grow with their number. Deliveries
    have no text: it holds links that act for their recipient. CSV has no cell that a spreadsheet evaluates.
    """
    wanted = _wanted(kinds, form)
    period = Period(moment_before(since) if since else None, moment_before(until) if until else None)
    settings = configuration.load(config)
    with opened_store(settings) as store:
        source = ExportSource(store, list_cache_of(settings), tuple(lists_of(settings)))
        texts = {kind: export_lines(kind, form, source.records(kind, period)) for kind in wanted}
        if out is None and form is ExportFormat.CSV and len(wanted) > 1:
            raise typer.BadParameter("CSV has one table: name one kind, or a folder with --out")
        _write(texts, out, form)


def _wanted(kinds: list[ExportKind] | None, form: ExportFormat) -> tuple[ExportKind, ...]:
    known = FTM_KINDS if form is ExportFormat.FTM else tuple(ExportKind)
    wanted = tuple(dict.fromkeys(kinds or known))
    for kind in wanted:
        if kind not in known:
            raise typer.BadParameter(f"{kind} have no FollowTheMoney form; {' and '.join(known)} have one")
    return wanted


def _write(texts: dict[ExportKind, Iterator[str]], out: Path | None, form: ExportFormat) -> None:
    if out is None:
        sys.stdout.writelines(chain.from_iterable(texts.values()))
        return
    try:
        if form is ExportFormat.CSV and (len(texts) > 1 or out.is_dir()):
            make_private_folder(out)
            for kind, lines in texts.items():
                _write_file(out / f"{kind}.csv", lines)
        else:
            _write_file(out, chain.from_iterable(texts.values()))
    except OSError as error:
        raise MonitorError(f"{out} cannot be written: {error.strerror}; name another place") from error


def _write_file(path: Path, lines: Iterator[str]) -> None:
    with replacement_of(path) as new, new.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines)
