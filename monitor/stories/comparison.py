"""Compare a report with an open story: with each of its reports and with their mean. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from monitor.model import Story

from .bars import bar
from .features import Features, Profile, centroid_of, compare, differ_in_language, gap_hours, profile_of
from .model import GroupingModel
from .retelling import Retelling

#: How long a story stays open after its latest report, and after its first.
WINDOW, LONGEST = timedelta(hours=72), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How surely a report is of a story's act (0-1), whether it joins it, why, and what bars it.

    A report `is_related` if it is alike, and has a party, a rare name, or the object of its act in common.
    """

    probability: float = 0.0
    joins: bool = False
    is_related: bool = False
    because: str = ""
    barred: str = ""


def comparison(retelling: Retelling, mine: Profile, story: Story, model: GroupingModel) -> Comparison:
    """Compare a report with a story; `mine` is the report's profile.

    A report that corrects or denies another text need not name the same kind of act.
    """
    latest = story.published_at or story.updated_at
    gap = gap_hours(retelling.published_at, latest)
    opened = gap_hours(retelling.published_at, story.opened_at or latest)
    if not story.fingerprints or gap > _hours(WINDOW) or opened > _hours(LONGEST):
        return Comparison()
    profiles = [profile_of(each, model.vocabulary) for each in story.fingerprints]
    alike = [each for each in profiles if not differ_in_language(mine, each)]
    views = [*profiles, centroid_of(alike or profiles)]
    compared = [compare(mine, view, gap, _hours(WINDOW)) for view in views]
    scores = [
        model.score(_features_of(retelling, features), foreign=differ_in_language(mine, view))
        for features, view in zip(compared, views, strict=True)
    ]
    best = max(scores, key=lambda each: (each.joins, each.probability))
    is_close = best.probability >= model.relate
    barred = _barred(retelling, mine, story, profiles) if is_close else ""
    return Comparison(
        probability=best.probability,
        joins=best.joins and not barred,
        is_related=is_close and any(features.share_a_matter for features in compared),
        because=best.because,
        barred=barred,
    )


def _features_of(retelling: Retelling, features: Features) -> Features:
    if retelling.corrects or retelling.denies or retelling.fails:
        return features.of_another_text()
    return features


def _barred(retelling: Retelling, mine: Profile, story: Story, profiles: list[Profile]) -> str:
    """Return the first conflict with any report of the story."""
    if retelling.official and retelling.item.feed in story.feeds:
        return "another notice of the same authority"
    official, own = retelling.official or story.official, retelling.publisher in story.publishers
    conflicts = (
        bar(mine, other, compare(mine, other, 0.0, _hours(WINDOW)), official=official, own=own)
        for other in profiles
    )
    return next(filter(None, conflicts), "")


def _hours(span: timedelta) -> float:
    return span.total_seconds() / 3600
