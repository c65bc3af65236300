"""`search`: what is stored, by a query in the language of rules and by properties."""

import csv
import io
import re
import sqlite3
from pathlib import Path

import pytest

from tests.support.commands import Cli


def titles(sampled: Cli, *args: str) -> list[str]:
    return [each["title"] for each in sampled("search", *args, "--json").data]


def test_a_query_of_rules_finds_items_newest_first(sampled: Cli) -> None:
    both = titles(sampled, "shipping OR S-400")
    assert set(titles(sampled, "shipping")) | set(titles(sampled, "S-400")) == set(both)
    assert titles(sampled, "shipping NOT shipping") == []
    assert len(titles(sampled, "shipping OR S-400", "--limit", "1")) == 1


def test_names_of_the_lexicon_can_be_asked_for(sampled: Cli) -> None:
    everything = sampled("search", "--since", "1970-01-01", "--limit", "500", "--json").data
    of_turkey = [title for each in everything if re.search("T[uü]rk", title := each["title"])]
    assert titles(sampled, "@country:TR") == of_turkey != []


def test_a_mistake_is_shown_with_its_column_and_the_remedy(sampled: Cli) -> None:
    answer = sampled("search", "tanks NEAR shells")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.splitlines() == [
        "tanks NEAR shells",
        "      ^",
        "column 7: write NEAR/8 with a number of words",
    ]
    unknown = sampled("search", "@country:TX")
    assert (unknown.code, "column 1: the lexicon has no @country:TX" in unknown.err) == (2, True)


def test_properties_restrict_what_is_found(sampled: Cli) -> None:
    everything = sampled("search", "--since", "1970-01-01", "--limit", "500", "--json").data
    arms = titles(sampled, "--topic", "arms", "--limit", "500")
    assert arms == [each["title"] for each in everything if "arms" in each["verdict"]["topics"]]
    severe = sampled("search", "--severity", "4", "--limit", "500", "--json").data
    assert severe
    assert all(each["verdict"]["event"]["severity"] >= 4 for each in severe)
    near = titles(sampled, "--possible", "--limit", "500")
    assert near == [each["title"] for each in everything if each["verdict"]["possible"]]
    assert titles(sampled, "--feed", "sample", "--limit", "500") == [each["title"] for each in everything]
    assert titles(sampled, "--until", "1970-01-02") == []


def test_a_near_miss_is_called_possible(sampled: Cli, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "monitor.db") as database:
        database.execute(
            "UPDATE items SET topics = '[]', verdict = json_set(verdict, '$.topics', json('[]'),"
            " '$.possible', json('[\"arms\"]')) WHERE number = 1"
        )
    database.close()
    assert "possibly arms" in sampled("search", "--possible", "--topic", "arms").flat


@pytest.mark.parametrize(
    ("option", "value", "hint"),
    [
        ("--topic", "arm", "did you mean arms?"),
        ("--feed", "sampel", "did you mean sample?"),
        ("--event", "impose", "did you mean imposed?"),
        ("--since", "yesterday", 'neither a duration such as "30d" nor a date'),
    ],
)
def test_an_unknown_value_is_refused_with_a_suggestion(
    sampled: Cli, option: str, value: str, hint: str
) -> None:
    answer = sampled("search", "tank", option, value)
    assert (answer.code, hint in " ".join(answer.err.replace("│", " ").split())) == (2, True)


def test_a_search_for_nothing_is_refused(sampled: Cli) -> None:
    assert sampled("search").code == 2


def test_csv_is_safe_in_a_spreadsheet(sampled: Cli, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "monitor.db") as database:
        database.execute("UPDATE items SET title = '=HYPERLINK(\"x\")' WHERE number = 1")
    database.close()
    answer = sampled("search", "--since", "1970-01-01", "--limit", "500", "--csv")
    rows = list(csv.DictReader(io.StringIO(answer.out)))
    assert '\'=HYPERLINK("x")' in [row["title"] for row in rows]
    assert all(row["item"] and row["first_seen_utc"].endswith("Z") for row in rows)
    assert len(rows) == len(titles(sampled, "--since", "1970-01-01", "--limit", "500"))


def test_nothing_found_is_an_empty_list_for_programs(sampled: Cli) -> None:
    assert sampled("search", "nowhere", "--json").data == []
    assert sampled("search", "nowhere").flat == "nothing found"


def test_a_row_has_the_day_and_the_minute_so_that_titles_have_room(sampled: Cli) -> None:
    heading, first, *_ = sampled("search", "S-400").out.splitlines()
    seen = heading.index("first seen")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", first[seen : seen + 16])
    assert first[seen + 16 : seen + 18] == "  "
