"""The files that go along with a digest: whole, harmless in a spreadsheet, and never too large."""

import csv
import io
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Alert, Digest
from monitor.render import samples as sample
from monitor.render.attachments import COLUMNS, MAX_BYTES, attached, currency_of, safe_cell, table
from monitor.render.json import digest_data
from monitor.render.renderer import Renderer
from tests.render.test_injection import hostile

CELLS = tomllib.loads((Path(__file__).parent / "injection.toml").read_text("utf-8"))["cell"]
BOTH = replace(sample.DIGEST, subscription=replace(sample.DIGEST.subscription, attach=("csv", "json")))


def rows(digest: Digest) -> list[dict[str, str]]:
    """Return the rows of a digest's table as a spreadsheet reads them."""
    text = table(digest_data(digest))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def one(alert: Alert) -> dict[str, str]:
    (row,) = rows(replace(sample.DIGEST, alerts=(alert,)))
    return row


def test_a_row_has_the_columns_that_a_recipient_sorts_and_filters_by() -> None:
    assert {name: cell for name, cell in one(sample.SALE).items() if cell} == {
        "id": sample.SALE.id,
        "story": "c1177f52",
        "title": "Sweden – M142 HIMARS launchers",
        "category": "arms",
        "action": "approval",
        "country": "SE; US",
        "entities": "Sweden; United States; M142 HIMARS",
        "amount": "$900 million",
        "currency": "USD",
        "severity": "4",
        "phrase": "Approval of a possible Foreign Military Sale",
        "source": "Arms sales notices",
        "url": "https://news.example/sale",
        "first_seen_utc": "2026-11-22T20:00:00+00:00",
        "stage": "approval",
        "buyer": "Sweden",
        "supplier": "United States",
        "system": "M142 HIMARS",
        "quantity": "20",
        "polarity": "supply",
        "credibility": "A",
        "kind": "new",
        "place": "now",
        "line": "United States approves 20 × M142 HIMARS for Sweden, $900m",
        "points": "event approval +60",
    }
    assert one(sample.LISTING)["authority"] == "OFAC"
    assert one(sample.RETRACTION)["news"] == "the earlier report is corrected: no listing"


def test_every_alert_has_its_row_in_match_order() -> None:
    table_rows = rows(sample.DIGEST)
    assert [row["id"] for row in table_rows] == [alert.id for alert in sample.ALERTS]
    assert all(tuple(row) == COLUMNS for row in table_rows)


@pytest.mark.parametrize("case", CELLS, ids=lambda case: case["name"])
def test_no_cell_is_a_formula(case: dict[str, Any]) -> None:
    row = one(hostile(case["text"], url=case["text"]))
    for name in ("title", "source", "phrase", "amount", "entities", "news", "quantity"):
        assert row[name] in {case["cell"], ""}, name
    assert row["title"] == case["cell"]
    assert row["url"] == ""


@given(st.text())
def test_whatever_a_headline_says_its_cell_is_one_line_and_begins_no_formula(text: str) -> None:
    cell = safe_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", " "))
    assert cell == " ".join(cell.splitlines())
    assert one(hostile(text))["title"] == cell


def test_no_separator_within_a_headline_begins_another_cell() -> None:
    for title in ('a";=1+1;\t=2,"', "a;=1", 'a; "=1', "a ;'+1;-1;@x", ";;=1"):
        raw = table(digest_data(replace(sample.DIGEST, alerts=(hostile(title),))))
        for separator in ",;\t":
            read = csv.reader(io.StringIO(raw.removeprefix("\ufeff"), newline=""), delimiter=separator)
            cells = [cell.strip() for row in read for cell in row]
            assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


CURRENCIES = [
    *(
        ("$2.5bn", "USD"),
        ("A$300m", "AUD"),
        ("€310 million", "EUR"),
        ("£4bn", "GBP"),
        ("Rs 4,000 crore", "INR"),
    ),
    *(
        ("825 млн доларів", "USD"),
        ("2,5 milliards d'euros", "EUR"),
        ("1,2 milyar dolar", "USD"),
        ("5 млрд рублей", "RUB"),
    ),
    *(
        ("١٠٠ مليار دولار", "USD"),
        ("111亿美元", "USD"),
        ("30 billion yen", "JPY"),
        ("CHF 20m", "CHF"),
        ("40 units", ""),
    ),
]


@pytest.mark.parametrize(("amount", "code"), CURRENCIES)
def test_an_amount_as_written_has_its_currency(amount: str, code: str) -> None:
    assert currency_of(amount) == code


def test_a_file_too_large_stays_behind_and_is_named() -> None:
    long = replace(sample.TALKS, news="ж" * 200_000)
    digest = replace(BOTH, alerts=tuple(replace(long, story=f"{n}") for n in range(10)))
    files, refused = attached(digest, digest_data(digest))
    assert [file.name for file in files] == ["digest-2026-11-23.csv"]
    assert refused == ("digest-2026-11-23.json",)
    assert sum(len(file.text.encode()) for file in files) <= MAX_BYTES
    said = " ".join(Renderer().digest(digest, "mail")[0].text.split())
    assert "digest-2026-11-23.json is too large to attach; see “preview digest 2026-11-23 --as json”" in said
