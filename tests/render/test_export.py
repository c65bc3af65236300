"""Records as CSV, JSON Lines and FollowTheMoney entities."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from monitor.lists.ftm import read_ftm
from monitor.model import (
    Action,
    ActionKind,
    Attempt,
    AttemptOutcome,
    AttemptPhase,
    DeliveryHistory,
    Entity,
    EntityKind,
    ExportKind,
    Judged,
    Mention,
    Name,
    Strength,
)
from monitor.render.export import ExportFormat, export_lines
from monitor.render.export_csv import COLUMNS
from tests.conftest import NOW, alert, delivery, item, verdict

ENTRY = Entity(
    id="42",
    list="un",
    kind=EntityKind.PERSON,
    names=(Name("Ali Veli", Strength.PRIMARY), Name("Абу Али"), Name("Abu", Strength.WEAK)),
    countries=("TR", "SY"),
    programmes=("QDe",),
)
ATTEMPT = Attempt(
    delivery="d",
    number=1,
    started_at=NOW,
    phase=AttemptPhase.DONE,
    outcome=AttemptOutcome.SENT,
    reason="250 ok",
)


def judged(**changes: Any) -> Judged:
    return Judged(item(**changes), verdict(), alert().decision)


RECORDS: dict[ExportKind, Any] = {
    ExportKind.ITEMS: judged(),
    ExportKind.ALERTS: alert(),
    ExportKind.DELIVERIES: DeliveryHistory(delivery(recipient="ayse@x.example"), (ATTEMPT,)),
    ExportKind.FEEDBACK: Action("a1", ActionKind.NOISE, "desk", "ayse@x.example", NOW),
    ExportKind.ENTRIES: ENTRY,
}


def table(kind: ExportKind, *records: Any) -> list[dict[str, str]]:
    text = "".join(export_lines(kind, ExportFormat.CSV, records))
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("kind", ExportKind)
def test_every_kind_has_a_row_with_all_columns_and_a_line_of_json(kind: ExportKind) -> None:
    (row,) = table(kind, RECORDS[kind])
    assert tuple(row) == COLUMNS[kind]
    (line,) = export_lines(kind, ExportFormat.JSONL, [RECORDS[kind]])
    assert json.loads(line)["record"] == kind


def test_a_table_without_records_has_its_headings() -> None:
    lines = "".join(export_lines(ExportKind.FEEDBACK, ExportFormat.CSV, []))
    assert lines == '"alert","kind","channel","recipient","at_utc"\r\n'


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r=", "＝"])
def test_no_cell_begins_like_a_formula(sign: str) -> None:
    hostile = f"{sign}HYPERLINK(1)"
    rows = [
        *table(ExportKind.ITEMS, judged(title=hostile, lang=hostile)),
        *table(ExportKind.FEEDBACK, Action("a1", ActionKind.NOISE, hostile, hostile, NOW)),
        *table(ExportKind.ENTRIES, replace(ENTRY, names=(Name(hostile, Strength.PRIMARY),))),
    ]
    for row in rows:
        assert not [cell for cell in row.values() if cell.lstrip()[:1] in ("=", "+", "@", "＝")]
        assert "'" in "".join(row.values())


def test_a_delivery_has_no_text_and_no_link() -> None:
    owed = delivery()
    message = replace(owed.message, text="https://desk.example/a/act.secret", subject="Subject")
    history = DeliveryHistory(replace(owed, message=message), (ATTEMPT,))
    for form in (ExportFormat.CSV, ExportFormat.JSONL):
        text = "".join(export_lines(ExportKind.DELIVERIES, form, [history]))
        assert "secret" not in text
        assert "250 ok" in text


def test_records_are_written_as_they_come() -> None:
    read: list[int] = []

    def records() -> Iterator[Judged]:
        for number in range(1000):
            read.append(number)
            yield judged(guid=str(number))

    for form in ExportFormat:
        read.clear()
        lines = export_lines(ExportKind.ITEMS, form, records())
        next(lines)
        next(lines)
        assert len(read) <= 2


def test_an_entry_is_read_back_as_it_was() -> None:
    (line,) = export_lines(ExportKind.ENTRIES, ExportFormat.FTM, [ENTRY])
    (found,) = read_ftm(io.BytesIO(line.encode()), "un")
    assert replace(found, id="42", programmes=ENTRY.programmes) == ENTRY
    entity = json.loads(line)
    assert (entity["schema"], entity["id"]) == ("Person", "un-42")
    assert (entity["properties"]["programId"], entity["properties"]["topics"]) == (["QDe"], ["sanction"])


def test_an_item_is_an_article_with_the_listed_parties_that_it_names() -> None:
    listed = Mention(
        id="ofac:7", name="Rosoboronexport", kind="organisation", quote="Rosoboronexport", lists=("ofac",)
    )
    one = Judged(item(), replace(verdict(), entities=(*verdict().entities, listed)), judged().decision)
    article, party, link = map(json.loads, export_lines(ExportKind.ITEMS, ExportFormat.FTM, [one]))
    assert (article["schema"], party["schema"], link["schema"]) == (
        "Article",
        "Organization",
        "Documentation",
    )
    assert link["properties"]["document"] == [article["id"]]
    assert link["properties"]["entity"] == [party["id"]] == ["ofac:7"]
    assert article["properties"]["title"] == ["Ministry orders 12 howitzers"]
    for entity in (article, party, link):
        values = [value for values in entity["properties"].values() for value in values]
        assert all(isinstance(value, str) and value for value in values)
