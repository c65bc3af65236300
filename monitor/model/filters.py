"""Filters of routes, digests and recipients on alerts, and the reasons of a refusal in words."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from .alerts import Alert
from .verdicts import Placement


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Conditions on an alert. All must hold; an empty one always holds.

    `events`, `stages` and `polarity` are of the main event. `entities` are ids of named entities
    (``weapon:s-400``), of watch lists (``watch:ssb``) or names of sanctions lists; `countries` are codes.
    `credibility` is the lowest letter that fits, `at_least` the lowest placement.
    """

    topics: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    polarity: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    min_severity: int = 0
    credibility: str = "D"
    at_least: Placement = Placement.TAIL

    def fits(self, alert: Alert) -> bool:
        """Say whether an alert meets all conditions."""
        return not any(True for _ in self._refused(alert))

    def refusals(self, alert: Alert) -> tuple[str, ...]:
        """Return in words every condition that an alert does not meet."""
        return tuple(self._refused(alert))

    def _refused(self, alert: Alert) -> Iterator[str]:
        verdict, placement = alert.verdict, alert.decision.placement
        if placement < self.at_least:
            yield f"placement {placement.name.lower()} is below {self.at_least.name.lower()}"
        if verdict.severity < self.min_severity:
            yield f"severity {verdict.severity} is below {self.min_severity}"
        if (letter := verdict.credibility.letter) > self.credibility:
            yield f"credibility {letter} is below {self.credibility}"
        for what, asked, found in self._asked(alert):
            if asked and set(asked).isdisjoint(found):
                yield f"{what} {' and '.join(filter(None, found)) or 'none'} is not {' or '.join(asked)}"
        for what, asked, found in self._named(alert):
            if asked and set(asked).isdisjoint(found):
                yield f"names no {what} {' or '.join(asked)}"

    def _asked(self, alert: Alert) -> Iterator[tuple[str, tuple[str, ...], Collection[str]]]:
        """Yield the conditions on fields with one or two values: (name, accepted values, the alert's)."""
        event = alert.verdict.event
        yield "topic", self.topics, alert.verdict.topics
        yield "event", self.events, (event.type if event else "",)
        yield "stage", self.stages, (event.stage if event else "",)
        yield "polarity", self.polarity, (event.polarity if event else "",)
        yield "feed", self.feeds, (alert.item.feed,)
        yield "source tier", self.tiers, (alert.tier,)
        yield "language", self.languages, (alert.item.lang.lower().partition("-")[0],)

    def _named(self, alert: Alert) -> Iterator[tuple[str, tuple[str, ...], Collection[str]]]:
        """Yield the conditions on everything an alert names: (name, accepted values, the alert's)."""
        if self.entities:
            named = alert.verdict.entities
            yield "entity", self.entities, {id for each in named for id in (each.id, *each.lists)}
        if self.countries:
            yield "country", self.countries, _countries(alert)


def _countries(alert: Alert) -> set[str]:
    """Return the codes of countries that are named, of named parties, and of the sides of the event."""
    event = alert.verdict.event
    ids = [each.id for each in alert.verdict.entities]
    if event:
        ids += (event.buyer, event.supplier, event.imposer, *event.targets)
    parties = (each for each in alert.verdict.entities if each.kind != "weapon")  # wherever it is made
    named = {id.removeprefix("country:") for id in ids if id.startswith("country:")}
    return named | {code for each in parties for code in each.countries}
