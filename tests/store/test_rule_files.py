"""The files by which items were judged, and the deliveries about an alert, on every database."""

from dataclasses import replace
from datetime import timedelta

from monitor.model import (
    DeliveryState,
    FileRole,
    RuleFile,
)
from monitor.store import SqlStore
from tests.conftest import NOW, delivery, item
from tests.store.builders import raised, write_plan
from tests.store.test_digests import DAILY, plan

RULES = RuleFile(FileRole.RULES, "rules/own.toml", "[rule.x]\nwhen = 'Türkiye'\n")
LEXICON = RuleFile(FileRole.LEXICON, "lexicon/own.toml", "[concept.x]\n")
SCORING = RuleFile(FileRole.SCORING, "scoring.toml", "[routing]\n")
VERSIONS = {"rules": "r1", "lexicon": "l1", "lists": ""}


def test_files_of_a_version_are_stored_once_and_found_by_kind(store: SqlStore) -> None:
    store.store_rule_files(VERSIONS, (RULES, LEXICON, SCORING), NOW)
    store.store_rule_files(VERSIONS, (replace(RULES, text="other"),), NOW)
    assert store.rule_files(FileRole.RULES, "r1") == (RULES,)
    assert store.rule_files(FileRole.LEXICON, "l1") == (LEXICON, SCORING)
    assert store.rule_files(FileRole.RULES, "l1") == ()


def test_deliveries_about_an_alert_have_their_attempts(store: SqlStore) -> None:
    (alert,) = raised(store, item())
    own, other = delivery(ref=alert.id, id="own"), delivery(ref="other", id="other")
    covering = delivery(ref="storm", id="storm", kind="storm")
    covered = delivery(
        ref=alert.id,
        id="covered",
        state=DeliveryState.SUPPRESSED,
        covered_by="storm",
        recipient="a@b.example",
    )
    store.add_deliveries((own, other, covered, covering))
    (leased,) = store.lease("desk", NOW, NOW + timedelta(minutes=1))
    store.close_delivery(leased, NOW, state=DeliveryState.SENT, code="250")
    found = store.deliveries_about(alert)
    assert [each.delivery.id for each in found] == ["own", "covered", "storm"]
    assert [[attempt.code for attempt in each.attempts] for each in found] == [["250"], [], []]


def test_deliveries_of_a_digest_with_the_alert_are_about_it(store: SqlStore) -> None:
    (alert,) = raised(store, item())
    store.subscribe([DAILY], NOW)
    assert store.deliveries_about(alert) == ()
    assert write_plan(store, plan(seqs=(1,)))
    assert [each.delivery.id for each in store.deliveries_about(alert)] == ["d-2026-11-24"]
