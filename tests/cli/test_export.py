"""`export`: everything that is stored, in open formats."""

import csv
import json
import shutil
from collections import Counter
from pathlib import Path

from tests.lists.test_formats import DATA
from tests.support.commands import Cli

LIST = '[lists.un]\nformat = "un"\npath = "un.xml"\n'


def add_list(cli: Cli, folder: Path) -> None:
    config = folder / "config.toml"
    config.write_text(config.read_text("utf-8") + LIST, "utf-8")
    shutil.copyfile(DATA / "un.xml", folder / "un.xml")
    assert cli("lists", "refresh").code == 0


def test_everything_is_one_stream_of_json_lines(sampled: Cli, tmp_path: Path) -> None:
    add_list(sampled, tmp_path)
    done = sampled("export")
    assert (done.code, done.err) == (0, "")
    records = [json.loads(line) for line in done.out.splitlines()]
    counts = Counter(each["record"] for each in records)
    assert counts["entries"] == 2
    assert counts["items"] == len(sampled("search", "--since", "1970-01-01", "--limit", "500", "--json").data)
    assert counts["alerts"] > 0
    assert counts["deliveries"] == len(sampled("outbox", "list", "--limit", "500", "--json").data)


def test_csv_of_several_kinds_goes_into_a_folder_of_files(sampled: Cli, tmp_path: Path) -> None:
    refused = sampled("export", "--format", "csv")
    assert (refused.code, "name one kind, or a folder with --out" in refused.err) == (2, True)
    done = sampled("export", "--format", "csv", "--out", "tables")
    assert (done.code, done.out) == (0, "")
    names = {path.name for path in (tmp_path / "tables").iterdir()}
    assert names == {"items.csv", "alerts.csv", "deliveries.csv", "feedback.csv", "entries.csv"}
    with (tmp_path / "tables" / "alerts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(row["alert"] and row["item"] and row["title"] for row in rows)
    assert (tmp_path / "tables" / "items.csv").stat().st_mode & 0o777 == 0o600


def test_csv_of_one_kind_is_what_search_prints(sampled: Cli) -> None:
    exported = sampled("export", "items", "--format", "csv").out.splitlines()
    searched = sampled("search", "--since", "1970-01-01", "--limit", "500", "--csv").out.splitlines()
    assert exported[0] == searched[0]
    assert sorted(exported) == sorted(searched)


def test_a_period_and_a_file_can_be_given(sampled: Cli, tmp_path: Path) -> None:
    assert sampled("export", "alerts", "--until", "1970-01-02").out == ""
    assert sampled("export", "alerts", "--since", "1d", "--out", "a.jsonl").out == ""
    assert json.loads((tmp_path / "a.jsonl").read_text("utf-8").splitlines()[0])["type"] == "alert"


def test_only_items_and_entries_have_a_form_in_follow_the_money(sampled: Cli) -> None:
    refused = sampled("export", "deliveries", "--format", "ftm")
    assert (refused.code, "FollowTheMoney" in refused.err) == (2, True)
    schemata = {json.loads(line)["schema"] for line in sampled("export", "--format", "ftm").out.splitlines()}
    assert "Article" in schemata


def test_a_place_that_cannot_be_written_is_named(sampled: Cli) -> None:
    done = sampled("export", "items", "--out", "nowhere/items.jsonl")
    assert (done.code, done.err) == (
        1,
        "nowhere/items.jsonl cannot be written: No such file or directory; name another place\n",
    )
