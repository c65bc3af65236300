"""Write records as CSV, JSON Lines or FollowTheMoney entities, one after another, as they come."""

import json
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from monitor.model import ExportKind

from .export_csv import csv_lines
from .export_data import DATA
from .export_ftm import ftm_entities


class ExportFormat(StrEnum):
    """The formats of an export; `FTM` is that of FollowTheMoney and OpenSanctions, for items and entries."""

    CSV = "csv"
    JSONL = "jsonl"
    FTM = "ftm"


def export_lines(kind: ExportKind, format: ExportFormat, records: Iterable[Any]) -> Iterator[str]:
    """Yield the text of an export piece by piece; each ends with a line break."""
    if format is ExportFormat.CSV:
        return csv_lines(kind, records)
    if format is ExportFormat.JSONL:
        return (_line({"record": kind.value} | DATA[kind](each)) for each in records)
    return (_line(entity) for each in records for entity in ftm_entities(each))


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
