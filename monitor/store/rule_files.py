"""Store the files by which items are judged, each version once; find the deliveries about an alert."""

import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, select

from monitor.model import Alert, Attempt, Delivery, DeliveryHistory, FileRole, RuleFile

from . import tables as t
from .codec import from_json, to_json
from .database import SqlPart, chunks, insert_missing
from .rows import columns_of, value_of

_DELIVERY = columns_of(t.deliveries, Delivery)
_ATTEMPT = columns_of(t.attempts, Attempt)

#: Verdicts name one version for the rules, and one for all other files.
_KINDS = (FileRole.RULES, FileRole.LEXICON)


class SqlEvidence(SqlPart):
    """The `EvidenceStore` of one database."""

    def store_rule_files(self, versions: Mapping[str, str], files: Sequence[RuleFile], now: datetime) -> None:
        r = t.rule_files.c
        query = select(r.kind, r.version).where(r.version.in_([*versions.values()]))
        with self.database.read_transaction() as connection:
            stored = {(row.kind, row.version) for row in connection.execute(query)}
        missing = [kind for kind in _KINDS if (kind, versions[kind]) not in stored]
        rows = [_row(kind, versions[kind], files, now) for kind in missing]
        if rows:
            with self.database.write_transaction() as connection:
                insert_missing(connection, t.rule_files, rows)

    def rule_files(self, kind: FileRole, version: str) -> tuple[RuleFile, ...]:
        r = t.rule_files.c
        query = select(r.texts).where(r.kind == kind, r.version == version)
        with self.database.read_transaction() as connection:
            packed = connection.scalar(query)
        return from_json(tuple[RuleFile, ...], zlib.decompress(packed).decode()) if packed else ()

    def deliveries_about(self, alert: Alert) -> tuple[DeliveryHistory, ...]:
        d = t.deliveries.c
        with self.database.read_transaction() as connection:
            refs = _refs(connection, alert)
            rows = connection.execute(select(*_DELIVERY).where(d.ref.in_(refs)).order_by(d.number))
            deliveries = [value_of(Delivery, row) for row in rows]
            attempts = _attempts(connection, [each.id for each in deliveries])
        return tuple(DeliveryHistory(each, tuple(attempts[each.id])) for each in deliveries)


def _row(kind: FileRole, version: str, files: Sequence[RuleFile], now: datetime) -> dict[str, Any]:
    own = tuple(each for each in files if (each.role is FileRole.RULES) == (kind is FileRole.RULES))
    return {"kind": kind, "version": version, "stored_at": now, "texts": _packed(own)}


@lru_cache(maxsize=len(_KINDS))
def _packed(files: tuple[RuleFile, ...]) -> bytes:
    """Return the stored form of files, cached: megabytes of word forms are compressed."""
    return zlib.compress(to_json(files).encode())


def _refs(connection: Connection, alert: Alert) -> list[str]:
    """Return what deliveries about an alert refer to: itself, digests with it, and what covers it instead."""
    d, in_digest, a = t.deliveries.c, t.digest_alerts.c, t.alerts.c
    digests = select(in_digest.digest).join_from(t.digest_alerts, t.alerts, in_digest.alert_seq == a.seq)
    covering = select(d.covered_by).where(d.ref == alert.id, d.covered_by != "")
    found = {alert.id, *connection.scalars(covering), *connection.scalars(digests.where(a.id == alert.id))}
    return sorted(found)


def _attempts(connection: Connection, deliveries: Sequence[str]) -> dict[str, list[Attempt]]:
    a, found = t.attempts.c, defaultdict[str, list[Attempt]](list)
    for chunk in chunks(deliveries):
        query = select(*_ATTEMPT).where(a.delivery.in_(chunk)).order_by(a.delivery, a.number)
        for row in connection.execute(query):
            attempt = value_of(Attempt, row)
            found[attempt.delivery].append(attempt)
    return found
