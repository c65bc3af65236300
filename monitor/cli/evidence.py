"""`evidence`: show the documents that an item's alerts were made from, byte for byte."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from monitor import config as configuration
from monitor.errors import MonitorError
from monitor.model import ArchivedDocument, Exhibit

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, moment, not_found, opened_store, print_json, stdout


def evidence(
    item: Annotated[str, typer.Argument(help="An item's id, or its beginning; `search` shows them.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write the newest document, exactly as received.")
    ] = None,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Show an item's alerts and the documents they came from: hash, size, when, from where, headers.

    A document is checked against its hash whenever it is read.
    """
    with opened_store(configuration.load(config)) as store:
        judged = store.item(item)
        if judged is None:
            raise not_found("item", item, "see `sanctions-monitor search WORDS`")
        exhibits = store.exhibits(judged.item.id)
    if out is not None:
        _write(out, item, exhibits)
    if as_json:
        print_json({"item": judged.item.id, "alerts": [_data(each) for each in exhibits]})
        return
    stdout.print(judged.item.title, soft_wrap=True)
    for each in exhibits:
        _print(each)
    if not exhibits:
        stdout.print("it raised no alert, so no document was kept")


def _write(out: Path, item: str, exhibits: tuple[Exhibit, ...]) -> None:
    kept = [each.document for each in exhibits if each.document]
    if not kept:
        raise not_found("document of item", item, "none was kept, or no longer is")
    try:
        out.write_bytes(kept[-1].body)
    except OSError as error:
        raise MonitorError(f"{out} cannot be written: {error.strerror}") from error


def _data(exhibit: Exhibit) -> dict[str, Any]:
    alert, document = exhibit.alert, exhibit.document
    facts = {"id": alert.id, "kind": alert.kind, "news": alert.news, "raised_at": moment(alert.raised_at)}
    return facts | {"sha256": exhibit.hash or None, "document": _facts(document) if document else None}


def _facts(document: ArchivedDocument) -> dict[str, Any]:
    return {
        "sha256": document.hash,
        "bytes": len(document.body),
        "fetched_at": moment(document.fetched_at),
        "url": document.url,
        "headers": dict(document.headers),
    }


def _print(exhibit: Exhibit) -> None:
    alert, document = exhibit.alert, exhibit.document
    table = Table.grid(padding=(0, 2), pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("Alert", f"{alert.id}  {alert.kind}  {moment(alert.raised_at)}  {alert.news}".rstrip())
    if document is None:
        gone = f"{exhibit.hash}, no longer kept" if exhibit.hash else "none was kept"
        table.add_row("Document", gone)
    else:
        table.add_row("SHA-256", f"{document.hash}  (checked)")
        table.add_row("Received", f"{len(document.body):,} bytes at {moment(document.fetched_at)}")
        table.add_row("From", document.url)
        for name, value in document.headers:
            table.add_row("", f"{name}: {value}")
    stdout.print()
    stdout.print(table)
