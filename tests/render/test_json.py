import json

import pytest

from monitor.model import Alert
from monitor.render import samples as sample
from monitor.render.json import alert_data, digest_data, verdict_data


def test_a_verdict_has_the_documented_keys() -> None:
    data = verdict_data(sample.TALKS.verdict, sample.TALKS.decision)
    assert set(data) == {
        *("topics", "possible", "relevance", "event", "background", "entities", "evidence", "penalties"),
        *("credibility", "route", "rules", "would_change", "versions"),
    }
    assert data["topics"] == ["sanctions", "arms"]
    assert data["relevance"] == {"sanctions": 93, "arms": 71}
    assert {"topic", "type", "stage", "polarity", "severity"} <= set(data["event"])
    assert [(each["year"], each["type"], each["background"]) for each in data["background"]] == [
        (2020, "imposed", True),
        (2017, "contract", True),
        (2019, "delivery", True),
    ]
    assert set(data["entities"][0]) == {"id", "name", "kind", "lists", "countries", "quote"}
    assert set(data["evidence"][0]) == {"field", "start", "stop", "quote", "because", "points"}
    assert data["credibility"] == {
        "letter": "B",
        "score": 80,
        "reasons": ["wire or major paper", "no primary document found"],
    }
    assert data["route"] == {"placement": "top", "because": "severity 3, credibility B", "unconfirmed": False}
    assert set(data["versions"]) == {"rules", "lexicon", "lists"}


@pytest.mark.parametrize("alert", sample.ALERTS, ids=lambda a: a.item.guid)
def test_an_alert_survives_json_and_its_offsets_lead_to_its_quotes(alert: Alert) -> None:
    data = json.loads(json.dumps(alert_data(alert)))
    assert data == alert_data(alert)
    for each in (*data["evidence"], *data["penalties"], *data["background"]):
        field = {"title": alert.item.title, "summary": alert.item.summary}[each["field"]]
        assert field[each["start"] : each["stop"]] == each["quote"]


def test_an_alert_names_itself() -> None:
    data = alert_data(sample.DENIAL)
    assert list(data)[:13] == [
        *("type", "id", "story", "kind", "news", "title", "url", "source", "lang"),
        *("published_at", "first_seen_at", "raised_at", "placement"),
    ]
    assert data["type"] == "alert"
    assert data["id"] == sample.DENIAL.id
    assert data["url"] == "javascript:void(0)"  # as given: programs judge for themselves
    assert data["published_at"] is None
    assert data["placement"] == "top"


def test_without_an_event_there_is_none() -> None:
    assert alert_data(sample.POSSIBLE)["event"] is None
    in_json = digest_data(sample.DIGEST)["alerts"][sample.ALERTS.index(sample.POSSIBLE)]
    assert (in_json["severity"], in_json["stage"], in_json["authority"], in_json["phrase"]) == (
        0,
        "",
        None,
        "",
    )


def test_a_digest_says_who_imposes_and_who_buys_what_by_name() -> None:
    in_json = {each["title"]: each for each in digest_data(sample.DIGEST)["alerts"]}
    listing, sale = in_json[sample.LISTING.item.title], in_json[sample.SALE.item.title]
    assert (listing["authority"], listing["phrase"]) == ("OFAC", "added to the SDN List")
    assert (sale["buyer"], sale["supplier"], sale["systems"]) == ("Sweden", "United States", ["M142 HIMARS"])
    assert (sale["quantity"], sale["amounts"], sale["countries"]) == ("20", ["$900 million"], ["SE", "US"])


def test_a_digest_has_its_window_its_counts_and_every_alert_in_match_order() -> None:
    data = json.loads(json.dumps(digest_data(sample.DIGEST)))
    assert data["type"] == "digest"
    assert data["window"]["from_seq"] == 35
    assert data["window"]["to_seq"] == 45
    assert data["window"]["zone"] == "Europe/Istanbul"
    assert data["window"]["covers"] == ["2026-11-22", "2026-11-23"]
    assert data["counts"]["feeds_failing"] == ["Ministry notices"]
    assert [each["id"] for each in data["alerts"]] == [alert.id for alert in sample.ALERTS]
