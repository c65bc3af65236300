"""Collect everything that shows how an item was judged and what was sent about it. Writes nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Protocol

from monitor import __version__
from monitor.alerts.routing import RoutingTable, decide, lowered
from monitor.errors import ConfigError
from monitor.match.rules import excerpts_of
from monitor.model import (
    Action,
    Alert,
    AlertEvidence,
    Decision,
    DeliveryHistory,
    EvidencePack,
    Exhibit,
    FileRole,
    Item,
    Judged,
    Placement,
    Replay,
    ReplayOutcome,
    RuleExcerpt,
    RuleFile,
    Tier,
    Verdict,
)

#: What depends on the reports of other publishers; the stored credibility is used in its place.
_NOT_COMPARED = frozenset({"credibility", "versions", "would_change"})

_NO_FILES = "the rule files of this version are not stored"
_OTHER_LISTS = "the sanctions lists are of another version now"
_OTHER_PROGRAM = "another version of the program may have judged it"


class Records(Protocol):
    """The part of the store that holds what an evidence pack shows."""

    def exhibits(self, item: str) -> tuple[Exhibit, ...]:
        """Return every alert of an item, oldest first, with the document it came from."""

    def actions(self, alert: str) -> tuple[Action, ...]:
        """Return the actions on an alert, oldest first."""

    def rule_files(self, kind: FileRole, version: str) -> tuple[RuleFile, ...]:
        """Return the files of a version of the rules, or of the lexicon with scoring; none if not stored."""

    def deliveries_about(self, alert: Alert) -> tuple[DeliveryHistory, ...]:
        """Return the deliveries of an alert, of digests with it and of what covers it, with attempts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionedRules:
    """An engine and a routing table of one version, and the tiers of the feeds configured now."""

    judge: Callable[[Item, Tier], Verdict]
    table: RoutingTable
    tiers: Mapping[str, Tier]
    versions: Mapping[str, str]


#: Makes rules from files. Raises ConfigError if they are no longer understood.
RulesFrom = Callable[[tuple[RuleFile, ...]], VersionedRules]


@dataclass(slots=True)
class Replayer:
    """Judges stored items by the rules of the version that judged them; makes each version once."""

    records: Records
    rules_from: RulesFrom
    _rules: dict[tuple[str, str], VersionedRules | str] = field(default_factory=dict)

    def files(self, versions: Mapping[str, str]) -> dict[str, tuple[RuleFile, ...]]:
        """Return the stored files of a verdict's versions, by ``rules 1a2b…`` and ``lexicon 3c4d…``."""
        found = {}
        for kind in (FileRole.RULES, FileRole.LEXICON):
            if files := self.records.rule_files(kind, versions.get(kind, "")):
                found[f"{kind} {versions[kind]}"] = files
        return found

    def replay(self, stored: Judged, tier: str = "") -> Replay:
        """Judge a stored item again, as from a source of this tier; without one, by its feed's tier now."""
        rules = self._rules_of(stored.verdict.versions)
        if isinstance(rules, str):
            return Replay(ReplayOutcome.NOT_POSSIBLE, reason=rules)
        now = rules.tiers.get(stored.item.feed, Tier.REGIONAL)
        verdict = rules.judge(stored.item, Tier(tier) if tier else now)
        verdict = replace(verdict, credibility=stored.verdict.credibility)
        differs = tuple(_differences(stored, verdict, _placed(stored, verdict, rules.table)))
        same_lists = rules.versions.get("lists") == stored.verdict.versions.get("lists")
        if not differs:
            return Replay(ReplayOutcome.SAME, reason="" if same_lists else _OTHER_LISTS)
        reason = _OTHER_PROGRAM if same_lists else _OTHER_LISTS
        return Replay(ReplayOutcome.DIFFERENT, differs, reason)

    def _rules_of(self, versions: Mapping[str, str]) -> VersionedRules | str:
        """Return the rules of some versions, or why there are none."""
        key = versions.get("rules", ""), versions.get("lexicon", "")
        if key not in self._rules:
            self._rules[key] = self._made(self.files(versions))
        return self._rules[key]

    def _made(self, files: Mapping[str, tuple[RuleFile, ...]]) -> VersionedRules | str:
        if len(files) < 2:
            return _NO_FILES
        try:
            return self.rules_from(tuple(file for several in files.values() for file in several))
        except ConfigError as error:
            return f"its rule files are no longer understood: {error}"


def collect_evidence(
    records: Records, judged: Judged, replayer: Replayer, alert: Alert | None = None
) -> EvidencePack:
    """Return the evidence about an item and all its alerts, or only about one `alert` of it."""
    exhibits = records.exhibits(judged.item.id)
    wanted = [each for each in exhibits if alert is None or each.alert.id == alert.id]
    verdicts = (*(each.alert.verdict for each in wanted), judged.verdict)
    files: dict[str, tuple[RuleFile, ...]] = {}
    for verdict in verdicts:
        files |= replayer.files(verdict.versions)
    return EvidencePack(
        judged=judged,
        replay=replayer.replay(judged),
        alerts=tuple(_of_alert(records, each, replayer) for each in wanted),
        excerpts=tuple(dict.fromkeys(_excerpts(verdicts, files))),
        files=files,
        program=__version__,
    )


def _of_alert(records: Records, exhibit: Exhibit, replayer: Replayer) -> AlertEvidence:
    alert = exhibit.alert
    return AlertEvidence(
        exhibit=exhibit,
        deliveries=records.deliveries_about(alert),
        actions=records.actions(alert.id),
        replay=replayer.replay(Judged(alert.item, alert.verdict, alert.decision), alert.tier),
    )


def _excerpts(
    verdicts: Iterable[Verdict], files: Mapping[str, tuple[RuleFile, ...]]
) -> Iterator[RuleExcerpt]:
    """Yield the rules and event types of verdicts, as the files of their versions state them."""
    for verdict in verdicts:
        texts = {each.name: each.text for each in files.get(f"rules {verdict.versions.get('rules')}", ())}
        events = [event.type for event in (verdict.event, *verdict.background) if event]
        yield from excerpts_of(texts, verdict.rules, events)


def _placed(stored: Judged, verdict: Verdict, table: RoutingTable) -> Decision:
    """Return the placement of a verdict; what lowered the stored one lowers it too."""
    if stored.decision.from_backlog:
        return replace(stored.decision, placement=Placement.ARCHIVE)
    return lowered(decide(verdict, table), stored.item, None, doubt=stored.decision.doubt)


def _differences(stored: Judged, verdict: Verdict, decision: Decision) -> Iterator[str]:
    for each in fields(Verdict):
        name = each.name
        if name not in _NOT_COMPARED and getattr(stored.verdict, name) != getattr(verdict, name):
            yield name
    if decision.placement is not stored.decision.placement:
        yield "placement"
