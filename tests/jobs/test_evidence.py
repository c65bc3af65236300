"""Judging stored items again by the files of their version."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from monitor.alerts.routing import RoutingCell, RoutingTable
from monitor.errors import ConfigError
from monitor.jobs.evidence import Replayer, VersionedRules, collect_evidence
from monitor.model import (
    Decision,
    FileRole,
    Item,
    Judged,
    Placement,
    Replay,
    ReplayOutcome,
    RuleFile,
    Tier,
    Verdict,
)
from monitor.store import SqlStore
from tests.conftest import NOW, item, verdict
from tests.store.builders import raised

FILES = (
    RuleFile(
        FileRole.RULES, "own.toml", '[rule.weapon-bought]\ntopic = "arms"\npoints = 60\nwhen = "orders"\n'
    ),
    RuleFile(FileRole.SCORING, "scoring.toml", ""),
)
TABLE: RoutingTable = {severity: dict.fromkeys("ABCD", RoutingCell(Placement.NOW)) for severity in range(6)}
STORED = Judged(item(), verdict(), Decision(Placement.NOW, "severity 4, credibility B"))
NEW_LISTS = {"rules": "r1", "lexicon": "l1", "lists": "changed"}


def replayer(
    store: SqlStore,
    judge: Callable[[Item, Tier], Verdict] = lambda item, tier: verdict(),
    versions: Mapping[str, str] = STORED.verdict.versions,
) -> Replayer:
    """Return a replayer whose rules judge so."""
    store.store_rule_files(STORED.verdict.versions, FILES, NOW)

    def rules_from(files: tuple[RuleFile, ...]) -> VersionedRules:
        assert set(files) == set(FILES)
        return VersionedRules(judge=judge, table=TABLE, tiers={"wire": Tier.WIRE}, versions=versions)

    return Replayer(store, rules_from)


def test_the_same_verdict_is_the_same_whatever_its_credibility(store: SqlStore) -> None:
    assert replayer(store).replay(STORED) == Replay(ReplayOutcome.SAME)
    other = replace(STORED.verdict.credibility, letter="D", score=1)
    assert replayer(store, lambda item, tier: replace(verdict(), credibility=other)).replay(STORED) == Replay(
        ReplayOutcome.SAME
    )


def test_the_tier_is_that_of_the_alert_or_else_of_the_feed_now(store: SqlStore) -> None:
    tiers: list[Tier] = []

    def judge(item: Item, tier: Tier) -> Verdict:
        tiers.append(tier)
        return verdict()

    judging = replayer(store, judge)
    judging.replay(STORED, "official")
    judging.replay(STORED)
    judging.replay(replace(STORED, item=item(feed="gone")))
    assert tiers == [Tier.OFFICIAL, Tier.WIRE, Tier.REGIONAL]


def test_each_field_that_differs_is_named(store: SqlStore) -> None:
    changed = replace(verdict(), topics=("sanctions",), rules=("x",))
    found = replayer(store, lambda item, tier: changed).replay(STORED)
    assert found.differs == ("topics", "rules")
    assert found.reason == "another version of the program may have judged it"


def test_other_lists_are_named_as_a_reason(store: SqlStore) -> None:
    reason = "the sanctions lists are of another version now"
    same = replayer(store, versions=NEW_LISTS).replay(STORED)
    assert same == Replay(ReplayOutcome.SAME, reason=reason)
    changed = replace(verdict(), entities=())
    found = replayer(store, lambda item, tier: changed, NEW_LISTS).replay(STORED)
    assert found == Replay(ReplayOutcome.DIFFERENT, ("entities",), reason)


@pytest.mark.parametrize(
    ("decision", "differs"),
    [
        (Decision(Placement.TOP, "severity 4, credibility B"), ("placement",)),
        (Decision(Placement.DIGEST, "severity 4, credibility B", doubt="published 9 days before"), ()),
        (Decision(Placement.ARCHIVE, "older than the backlog", from_backlog=True), ()),
    ],
)
def test_what_lowered_a_placement_lowers_it_again(
    store: SqlStore, decision: Decision, differs: tuple[str, ...]
) -> None:
    assert replayer(store).replay(replace(STORED, decision=decision)).differs == differs


def test_files_that_are_no_longer_understood_or_not_stored_say_so(store: SqlStore) -> None:
    def refuse(files: tuple[RuleFile, ...]) -> VersionedRules:
        raise ConfigError("own.toml: x: unknown key")

    unknown = replace(STORED, verdict=verdict(versions={}))
    assert replayer(store).replay(unknown).outcome is ReplayOutcome.NOT_POSSIBLE
    found = Replayer(store, refuse).replay(STORED)
    assert found.reason == "its rule files are no longer understood: own.toml: x: unknown key"


def test_evidence_is_about_all_alerts_of_an_item_or_about_one(store: SqlStore) -> None:
    (first,) = raised(store, item())
    raised(store, item(), kind="update", news="now official")
    judged = store.item(first.item.id)
    assert judged is not None
    whole = collect_evidence(store, judged, replayer(store))
    assert [each.alert.kind for each in whole.alerts] == ["new", "update"]
    assert [(each.id, each.when) for each in whole.excerpts] == [("weapon-bought", "orders")]
    assert list(whole.files) == ["rules r1", "lexicon l1"]
    one = collect_evidence(store, judged, replayer(store), first)
    assert [each.alert.id for each in one.alerts] == [first.id]
