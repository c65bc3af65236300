"""`evidence`: what an alert came from, byte for byte, and packs for auditors."""

import json
import sqlite3
import zipfile
from hashlib import sha256
from pathlib import Path

from monitor.app.evidence import replayer_of
from monitor.config import load
from monitor.model import ItemFilter, ReplayOutcome
from monitor.resources import SEEDS
from monitor.store import open_store
from tests.cli.test_preview import sample_item
from tests.support.commands import Cli

FEED = (SEEDS / "sample" / "feed.xml").read_bytes()


def test_an_alert_leads_to_its_document_and_the_file_is_exactly_what_came(
    sampled: Cli, tmp_path: Path
) -> None:
    item = sample_item(sampled, "shipping")
    answer = sampled("evidence", item[:8], "--out", "was.xml")
    assert answer.code == 0
    assert (tmp_path / "was.xml").read_bytes() == FEED
    assert f"{sha256(FEED).hexdigest()} (checked)" in answer.flat
    assert f"{len(FEED):,} bytes at " in answer.flat
    assert "seed:sample/feed.xml" in answer.flat


def test_programs_get_the_same_facts(sampled: Cli) -> None:
    item = sample_item(sampled, "shipping")
    data = sampled("evidence", item, "--json").data
    (alert,) = data["alerts"]
    assert (data["item"], alert["kind"], alert["sha256"]) == (item, "new", sha256(FEED).hexdigest())
    assert (alert["document"]["bytes"], alert["document"]["url"]) == (len(FEED), "seed:sample/feed.xml")


def test_an_item_without_an_alert_has_no_document(sampled: Cli) -> None:
    item = next(
        each["id"] for each in sampled("search", "s-400", "--json").data if each["verdict"]["topics"] == []
    )
    answer = sampled("evidence", item)
    assert (answer.code, "raised no alert" in answer.flat) == (0, True)
    refused = sampled("evidence", item, "--out", "was.xml")
    assert (refused.code, "none was kept" in refused.err) == (2, True)


def test_an_unknown_item_is_the_callers_mistake(sampled: Cli) -> None:
    answer = sampled("evidence", "nothing")
    assert (answer.code, "no item 'nothing'" in answer.err) == (2, True)


def unzipped(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_pack_of_an_alert_has_everything_and_its_item_is_judged_the_same_again(
    sampled: Cli, tmp_path: Path
) -> None:
    item = sample_item(sampled, "shipping")
    alert = sampled("evidence", item, "--json").data["alerts"][0]["id"]
    answer = sampled("evidence", alert, "--pack", "case.zip")
    packed = (tmp_path / "case.zip").read_bytes()
    assert (answer.code, answer.err.splitlines()[0]) == (
        0,
        f"case.zip: {len(packed):,} bytes, SHA-256 {sha256(packed).hexdigest()}",
    )
    assert "judged again by the rules of its version: same (1)" in answer.err
    found = unzipped(tmp_path / "case.zip")
    record = json.loads(found["evidence.json"])
    (raised,) = record["alerts"]
    assert (raised["id"], raised["replay"]["outcome"]) == (alert, "same")
    assert found[raised["document"]["path"]] == FEED
    assert raised["deliveries"][0]["attempts"][0]["outcome"] == "sent"
    assert {rule["id"] for rule in record["rules"] if rule["kind"] == "rule"} == set(raised["rules"])
    assert b"the decision is the same." in found["index.html"]


def test_the_same_pack_twice_has_the_same_bytes(sampled: Cli, tmp_path: Path) -> None:
    item = sample_item(sampled, "shipping")
    for name in ("one.zip", "two.zip"):
        sampled("evidence", item, "--pack", name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_version_can_be_recomputed_from_the_files_in_the_pack(sampled: Cli, tmp_path: Path) -> None:
    sampled("evidence", sample_item(sampled, "shipping"), "--pack", "case.zip")
    found = unzipped(tmp_path / "case.zip")
    record = json.loads(found["evidence.json"])
    for kind, version in record["verdict"]["versions"].items():
        files = {
            each["name"]: each["path"] for each in record["files"] if each["version"] == f"{kind} {version}"
        }
        joined = "\0".join(f"{name}\0{found[files[name]].decode()}" for name in sorted(files))
        assert not version or sha256(joined.encode()).hexdigest()[:12] == version


def test_an_item_is_judged_by_the_rules_of_its_time_though_they_have_changed_since(
    sampled: Cli, tmp_path: Path
) -> None:
    item = sample_item(sampled, "shipping")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "own.toml").write_text(
        '[rule.ships]\ntopic = "sanctions"\npoints = 50\nwhen = "shipping"\nbecause = "ships"\n'
    )
    assert "ships" in sampled("explain", "OFAC adds 14 shipping companies", "--json").data["rules"]
    answer = sampled("evidence", item, "--pack", "case.zip")
    assert "judged again by the rules of its version: same (1)" in answer.err
    assert "own.toml" not in unzipped(tmp_path / "case.zip")["evidence.json"].decode()


def test_a_verdict_that_was_changed_in_the_database_is_found(sampled: Cli, tmp_path: Path) -> None:
    item = sample_item(sampled, "shipping")
    with sqlite3.connect(tmp_path / "monitor.db") as database:
        database.execute("UPDATE alerts SET alert = json_set(alert, '$.verdict.rules', json('[\"x\"]'))")
    database.close()
    answer = sampled("evidence", item, "--pack", "case.zip")
    assert "judged again by the rules of its version: different (1)" in answer.err
    assert b"rules differ" in unzipped(tmp_path / "case.zip")["index.html"]


def test_without_the_files_of_its_version_an_item_cannot_be_judged_again(
    sampled: Cli, tmp_path: Path
) -> None:
    item = sample_item(sampled, "shipping")
    with sqlite3.connect(tmp_path / "monitor.db") as database:
        database.execute("DELETE FROM rule_files")
    database.close()
    assert "not possible (1)" in sampled("evidence", item, "--pack", "case.zip").err
    assert b"the rule files of this version are not stored" in unzipped(tmp_path / "case.zip")["index.html"]


def test_an_item_that_raised_no_alert_has_a_pack_too(sampled: Cli, tmp_path: Path) -> None:
    found = sampled("search", "s-400", "--json").data
    item = next(each["id"] for each in found if each["verdict"]["topics"] == [])
    answer = sampled("evidence", item, "--pack", "case.zip")
    assert "judged again by the rules of its version: same (1)" in answer.err
    assert b"It raised no alert" in unzipped(tmp_path / "case.zip")["index.html"]


def test_a_suppressed_delivery_is_in_the_pack_with_its_reason(sampled: Cli, tmp_path: Path) -> None:
    item = sample_item(sampled, "shipping")
    with sqlite3.connect(tmp_path / "monitor.db") as database:
        database.execute("UPDATE deliveries SET state = 'suppressed', reason = 'silence 12: <leave>'")
    database.close()
    sampled("evidence", item, "--pack", "case.zip")
    assert b"suppressed: silence 12: &lt;leave&gt;" in unzipped(tmp_path / "case.zip")["index.html"]


def test_a_pack_that_cannot_be_written_is_an_error_with_its_path(sampled: Cli) -> None:
    answer = sampled("evidence", sample_item(sampled, "shipping"), "--pack", "nowhere/case.zip")
    assert (answer.code, "nowhere/case.zip cannot be written" in answer.err) == (1, True)


def test_every_stored_item_is_judged_the_same_again(sampled: Cli, tmp_path: Path) -> None:
    settings = load(tmp_path / "config.toml")
    store = open_store(settings.database, lock=False)
    replayer = replayer_of(store, settings)
    items = store.find_items(ItemFilter())
    outcomes = [replayer.replay(judged).outcome for judged in items]
    store.close()
    assert len(items) > 10
    assert set(outcomes) == {ReplayOutcome.SAME}
