"""`evidence`: show the documents that an item's alerts were made from, and write a pack for auditors."""

from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from monitor import config as configuration
from monitor.app.evidence import replayer_of
from monitor.errors import MonitorError
from monitor.jobs.evidence import collect_evidence
from monitor.model import Alert, ArchivedDocument, EvidencePack, Exhibit, Judged
from monitor.render.evidence_pack import pack_evidence
from monitor.render.sanitize import sanitize
from monitor.store import SqlStore

from .common import (
    DEFAULT_CONFIG,
    AsJson,
    ConfigPath,
    moment,
    not_found,
    opened_store,
    print_json,
    stderr,
    stdout,
)


def evidence(
    item: Annotated[
        str, typer.Argument(help="An id of an item or of an alert, or its beginning; `search` shows items.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write the newest document, exactly as received.")
    ] = None,
    pack: Annotated[
        Path | None, typer.Option(help="Write everything that an auditor needs into this ZIP file.")
    ] = None,
    mask: Annotated[bool, typer.Option(help="Mask the addresses of recipients in the pack.")] = False,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Show an item's alerts and the documents they came from: hash, size, when, from where, headers.

    A document is checked against its hash whenever it is read.
    """
    settings = configuration.load(config)
    with opened_store(settings) as store:
        judged, alert = _found(store, item)
        exhibits = tuple(each for each in store.exhibits(judged.item.id) if alert in (None, each.alert))
        collected = (
            collect_evidence(store, judged, replayer_of(store, settings), alert) if pack is not None else None
        )
    if out is not None:
        _write(out, item, exhibits)
    if pack is not None and collected is not None:
        _write_pack(pack, collected, mask)
    if as_json:
        print_json({"item": judged.item.id, "alerts": [_data(each) for each in exhibits]})
        return
    stdout.print(sanitize(judged.item.title), soft_wrap=True)
    for each in exhibits:
        _print(each)
    if not exhibits:
        stdout.print("it raised no alert, so no document was kept")


def _found(store: SqlStore, id: str) -> tuple[Judged, Alert | None]:
    """Return the item with an id; or the alert with that id, and its item as stored now."""
    if judged := store.item(id):
        return judged, None
    alert = store.alert(id)
    judged = store.item(alert.item.id) if alert else None
    if judged is None:
        raise not_found("item", id, "nor an alert; see `sanctions-monitor search WORDS`")
    return judged, alert


def _write_pack(path: Path, pack: EvidencePack, mask: bool) -> None:
    content = pack_evidence(pack, mask_addresses=mask)
    _write_bytes(path, content)
    outcomes = Counter(each.replay.outcome.value for each in (pack.alerts or (pack,)))
    said = ", ".join(f"{outcome} ({count})" for outcome, count in outcomes.items())
    stderr.print(f"{path}: {len(content):,} bytes, SHA-256 {sha256(content).hexdigest()}", soft_wrap=True)
    stderr.print(f"judged again by the rules of its version: {said}", soft_wrap=True)


def _write_bytes(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise MonitorError(f"{path} cannot be written: {error.strerror}") from error


def _write(out: Path, item: str, exhibits: tuple[Exhibit, ...]) -> None:
    kept = [each.document for each in exhibits if each.document]
    if not kept:
        raise not_found("document of item", item, "none was kept, or no longer is")
    _write_bytes(out, kept[-1].body)


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
