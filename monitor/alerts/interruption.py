"""Lower the placement of grave items that should not interrupt, such as live pages and asides. Pure."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from monitor.errors import ConfigError
from monitor.model import Event, Fingerprint, Judged, Placement
from monitor.stories.arguments import FAMILIES
from monitor.stories.kinds import ReportKind, kind_of_title
from monitor.text import fold
from monitor.text.english import is_english

#: Terms of which a title has one if it is about an act of sanctions, or about one of trade in arms.
_OF_SANCTIONS = frozenset({"act:sanction", "act:impose", "act:relax", "act:seize"})
_OF_TRADE = frozenset({"act:buy", "act:sell", "act:halt", "act:aid"})
_TRADE = frozenset({"trade", "halt"})


@dataclass(frozen=True, slots=True, kw_only=True)
class InterruptionRule:
    """A reason not to interrupt for an event under an English title; it applies if all that it states holds.

    The patterns are regular expressions over folded text. `missing` are fields of the event that are empty.
    """

    reason: str
    topic: str = ""
    types: tuple[str, ...] = ()
    title: str = ""
    quote: str = ""
    unless_title: str = ""
    unless_quote: str = ""
    missing: tuple[str, ...] = ()

    def applies(self, event: Event, title: str) -> bool:
        """Say whether the rule holds for an event and a folded title."""
        quote = fold(event.quote)
        return (
            self.topic in {"", event.topic}
            and (not self.types or event.type in self.types)
            and not any(getattr(event, name) for name in self.missing)
            and re.search(self.title, title) is not None
            and re.search(self.quote, quote) is not None
            and not _matches(self.unless_title, title)
            and not _matches(self.unless_quote, quote)
        )


def rules_of(text: str, origin: str) -> tuple[InterruptionRule, ...]:
    """Read the rules of a TOML text, a table each.

    Raises:
        ConfigError: the text is not TOML, or a rule has an unknown key, a wrong pattern or no reason.
    """
    try:
        return tuple(_rule_of(table) for table in tomllib.loads(text).values())
    except (tomllib.TOMLDecodeError, TypeError, re.error) as error:
        raise ConfigError(f"{origin}: {error}") from error


def without_interruption(
    judged: Judged, fingerprint: Fingerprint, rules: Iterable[InterruptionRule] = ()
) -> Judged:
    """Return an item placed at the top of the digest at most if there is a reason not to interrupt."""
    decision = judged.decision
    if decision.placement is not Placement.NOW:
        return judged
    reason = next(_reasons(judged, fingerprint, rules), "")
    if not reason:
        return judged
    because = f"{decision.because}; {reason}"
    return replace(judged, decision=replace(decision, placement=Placement.TOP, because=because))


def _rule_of(table: object) -> InterruptionRule:
    if not isinstance(table, Mapping):
        raise TypeError("a table is expected")
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in table.items()
    }
    rule = InterruptionRule(**values)
    for pattern in (rule.title, rule.quote, rule.unless_title, rule.unless_quote):
        re.compile(pattern)
    if unknown := set(rule.missing) - {each.name for each in fields(Event)}:
        raise TypeError(f"an event has no {', '.join(sorted(unknown))}")
    return rule


def _reasons(judged: Judged, fingerprint: Fingerprint, rules: Iterable[InterruptionRule]) -> Iterator[str]:
    kind = kind_of_title(judged.item.title)
    if kind is not ReportKind.REPORT:
        yield f"not a report: {kind}"
    event = judged.verdict.event
    if event is None or not is_english(judged.item.lang, judged.item.title):
        return
    if event.field == "summary" and not _is_about(fingerprint, event):
        yield "the title is about something else"
    title = fold(judged.item.title)
    yield from (rule.reason for rule in rules if rule.applies(event, title))


def _is_about(fingerprint: Fingerprint, event: Event) -> bool:
    """Say whether a title has a word of the kind of act that its text reports."""
    of_trade = FAMILIES.get(event.type, "") in _TRADE
    return not (_OF_TRADE if of_trade else _OF_SANCTIONS).isdisjoint(fingerprint.title_terms)


def _matches(pattern: str, text: str) -> bool:
    return bool(pattern) and re.search(pattern, text) is not None
