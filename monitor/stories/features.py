"""Measure features of two reports (terms, arguments, figures, time) and how similar each is. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import lru_cache
from math import sqrt

from monitor.model import EventArguments, Fingerprint
from monitor.text.sums import agreeing, differing

from .figures import conflicting, same_counts
from .fingerprint import stems
from .kinds import ReportKind
from .vocabulary import Vocabulary

#: A term of the lead counts so much beside one of the title.
LEAD_SHARE = 0.5

#: A term of a title's further clauses counts so much beside one of its main clause.
CLAUSE_SHARE = 0.4

#: So many bits in common are as much as a feature can say.
_MOST_BITS, _MOST_NAME_BITS = 40.0, 16.0

#: Bits of a word spelled alike in two languages.
_SPELLED_BITS = 6.0

#: An object of fewer bits says little: a state and nothing else.
_LEAST_OBJECT = 8.0

#: How the ids of weapon systems begin.
_SYSTEM = "weapon:"

#: How the ids of those who act and are acted on begin; one in common says little.
_PARTIES, _FEWEST_PARTIES = ("country:", "person:"), 2

_DONE = "done"

#: So many profiles are kept: the reports of open stories are compared again and again.
MAX_PROFILES = 2_048

#: So much of `Features.names` is more than one common name.
_LEAST_NAME_BITS = 0.1

Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One report, or the mean of several, ready to be compared: weights by term, and the act."""

    lang: str
    title: Vector
    text: Vector
    fingerprint: Fingerprint
    arguments: EventArguments


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """The features of two reports, each from 0 to 1; agreements and conflicts are apart."""

    title: float = 0.0
    text: float = 0.0
    cover: float = 0.0
    shared: float = 0.0
    names: float = 0.0
    same_parties: float = 0.0
    same_family: float = 0.0
    other_family: float = 0.0
    other_status: float = 0.0
    other_kind: float = 0.0
    other_states: float = 0.0
    other_names: float = 0.0
    other_actors: float = 0.0
    other_targets: float = 0.0
    other_systems: float = 0.0
    same_figures: float = 0.0
    other_counts: float = 0.0
    same_sums: float = 0.0
    other_sums: float = 0.0
    time: float = 0.0

    @property
    def share_a_matter(self) -> bool:
        """Whether both name a party or a rare name, or do the same kind of act to much the same object."""
        return self.same_parties > 0 or self.names > _LEAST_NAME_BITS or self.same_family > 0

    def of_another_text(self) -> "Features":
        """Return the features but for those by which a correction or a denial differs from its subject."""
        return replace(self, other_family=0.0, other_status=0.0, other_actors=0.0)


NAMES = tuple(field.name for field in fields(Features))


@lru_cache(maxsize=MAX_PROFILES)
def profile_of(fingerprint: Fingerprint, vocabulary: Vocabulary) -> Profile:
    """Return a fingerprint ready to be compared; one of an earlier version by its words and names."""
    title_terms, lead_terms = fingerprint.title_terms, fingerprint.lead_terms
    if not title_terms:
        title_terms = _terms_of_words((*fingerprint.words, *fingerprint.titled), vocabulary)
        lead_terms = _terms_of_words((*fingerprint.body, *fingerprint.named), vocabulary)
    main = fingerprint.main_terms or len(title_terms)
    title = {
        term: vocabulary.weight(term) * (1.0 if index < main else CLAUSE_SHARE)
        for index, term in enumerate(title_terms)
    }
    title |= {f"figure:{figure}": vocabulary.weight(f"figure:{figure}") for figure in fingerprint.figures}
    lead = {term: vocabulary.weight(term) * LEAD_SHARE for term in lead_terms}
    lead |= {
        f"figure:{each}": vocabulary.weight(f"figure:{each}") * LEAD_SHARE for each in fingerprint.counted
    }
    arguments = fingerprint.arguments or EventArguments()
    return Profile(
        lang=fingerprint.lang, title=title, text=lead | title, fingerprint=fingerprint, arguments=arguments
    )


def centroid_of(profiles: Iterable[Profile]) -> Profile:
    """Return the mean of the profiles of a story; what decides conflicts is its first report's."""
    several = list(profiles)
    return Profile(
        lang=several[0].lang,
        title=_mean([each.title for each in several]),
        text=_mean([each.text for each in several]),
        fingerprint=several[0].fingerprint,
        arguments=several[0].arguments,
    )


def compare(one: Profile, other: Profile, gap_hours: float, window_hours: float) -> Features:
    """Return the features of two reports published so far apart."""
    if foreign := differ_in_language(one, other):
        one, other = _across_languages(one, other)
    mine, theirs = one.fingerprint, other.fingerprint
    shared = one.text.keys() & other.text.keys()
    bits = sum(min(one.text[term], other.text[term]) for term in shared if _is_specific(term))
    names = sum(min(one.text[term], other.text[term]) for term in shared if _is_name(term))
    family = bool(one.arguments.family and other.arguments.family)
    same_family = family and one.arguments.family == other.arguments.family
    return Features(
        title=_cosine(one.title, other.title),
        text=_cosine(one.text, other.text),
        cover=max(_cover(one.title, other.text), _cover(other.title, one.text)),
        shared=min(bits / _MOST_BITS, 1.0),
        names=min(names / _MOST_NAME_BITS, 1.0),
        same_parties=_party_overlap(one, other),
        same_family=_object_overlap(one, other) if same_family else 0.0,
        other_family=float(family and one.arguments.family != other.arguments.family),
        other_status=float(family and _differ_in_status(one.arguments, other.arguments)),
        other_kind=float(_is_report(one.arguments) != _is_report(other.arguments)),
        other_states=float(_states_conflict(one, other)),
        other_names=float(_names_conflict(one, other)),
        other_actors=float(_apart(one.arguments.actors, other.arguments.actors)),
        other_targets=float(_apart(_targets(one), _targets(other))),
        other_systems=float(_apart(_systems(one), _systems(other))),
        same_figures=float(_same_figures(one, other, foreign)),
        other_counts=float(conflicting(one.arguments.counts, other.arguments.counts)),
        same_sums=float(agreeing(mine.sums, theirs.sums)),
        other_sums=float(differing(mine.sums, theirs.sums) is not None),
        time=min(gap_hours / window_hours, 1.0),
    )


def differ_in_language(one: Profile, other: Profile) -> bool:
    """Say whether two reports are in two languages."""
    return bool(one.lang and other.lang and one.lang != other.lang)


def _across_languages(one: Profile, other: Profile) -> tuple[Profile, Profile]:
    """Return the reports with what is the same in two languages: ids, figures, and names spelled alike."""
    alike = stems(one.fingerprint.words) & stems(other.fingerprint.words)
    spelled = {f"name:{cut}": _SPELLED_BITS for cut in alike}
    views = [
        replace(each, title=_without_words(each.title) | spelled, text=_without_words(each.text) | spelled)
        for each in (one, other)
    ]
    return views[0], views[1]


def _without_words(vector: Vector) -> dict[str, float]:
    return {term: weight for term, weight in vector.items() if ":" in term and not term.startswith("act:")}


def gap_hours(one: datetime, other: datetime) -> float:
    """Return how far apart two times are."""
    return abs((one - other).total_seconds()) / 3600


def _terms_of_words(several: Iterable[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    terms = (each if ":" in each else vocabulary.term(each) for each in several)
    return tuple(dict.fromkeys(term for term in terms if term and not term.isdigit()))


def _mean(vectors: list[Vector]) -> Vector:
    total: dict[str, float] = {}
    for vector in vectors:
        for term, weight in vector.items():
            total[term] = total.get(term, 0.0) + weight / len(vectors)
    return total


def _cosine(one: Vector, other: Vector) -> float:
    norm = sqrt(sum(w * w for w in one.values()) * sum(w * w for w in other.values()))
    return sum(one[term] * other[term] for term in one.keys() & other.keys()) / norm if norm else 0.0


def _cover(title: Vector, text: Vector, least: float = 0.0) -> float:
    """Return the share of a title that another text has, too; of `least` bits if it has fewer."""
    total = max(sum(title.values()), least)
    return sum(title[term] for term in title.keys() & text.keys()) / total if total else 0.0


def _is_specific(term: str) -> bool:
    return not term.startswith(("country:", "act:"))


def _is_name(term: str) -> bool:
    return ":" in term and not term.startswith(("country:", "authority:", "act:", "figure:"))


def _is_report(act: EventArguments) -> bool:
    return act.kind in {"", ReportKind.REPORT}


def _differ_in_status(one: EventArguments, other: EventArguments) -> bool:
    return (one.status == _DONE) != (other.status == _DONE)


def _apart(one: Iterable[str], other: Iterable[str]) -> bool:
    mine, theirs = frozenset(one), frozenset(other)
    return bool(mine and theirs and not mine & theirs)


def _targets(profile: Profile) -> frozenset[str]:
    """Return whom an act is aimed at; systems are told apart by themselves."""
    return frozenset(id for id in profile.arguments.targets if not id.startswith(_SYSTEM))


def _systems(profile: Profile) -> frozenset[str]:
    return frozenset(id for id in profile.fingerprint.titled if id.startswith(_SYSTEM))


def _states_conflict(one: Profile, other: Profile) -> bool:
    """Say whether each title names a state that the other text does not."""
    return bool(_states_beyond(one, other) and _states_beyond(other, one))


def _states_beyond(one: Profile, other: Profile) -> bool:
    named = {*other.fingerprint.named, *other.text}
    return any(term.startswith("country:") and term not in named for term in one.title)


def _party_overlap(one: Profile, other: Profile) -> float:
    """Return the share of the parties in both titles among those in either (0-1); 0 for less than two."""
    mine, theirs = ({term for term in each.title if term.startswith(_PARTIES)} for each in (one, other))
    both = mine & theirs
    if len(both) < _FEWEST_PARTIES:
        return 0.0
    weights = {**one.title, **other.title}
    return sum(weights[term] for term in both) / sum(weights[term] for term in mine | theirs)


def _object_overlap(one: Profile, other: Profile) -> float:
    """Return the share of one act's object that the other text has, too (0-1); the larger of both ways."""
    mine, theirs = (
        {term: each.title[term] for term in each.arguments.objects if term in each.title}
        for each in (one, other)
    )
    return max(_cover(mine, other.text, _LEAST_OBJECT), _cover(theirs, one.text, _LEAST_OBJECT))


def _object_vector(profile: Profile) -> Vector:
    return {term: profile.title[term] for term in profile.arguments.objects if term in profile.title}


def _names_conflict(one: Profile, other: Profile) -> bool:
    """Say whether each title has a name that no table has and that the other text lacks."""
    mine = [name for name in one.arguments.names if name not in other.text]
    theirs = [name for name in other.arguments.names if name not in one.text]
    return bool(mine and theirs)


def _same_figures(one: Profile, other: Profile, foreign: bool) -> bool:
    """Say whether both give a figure; a small one must count the same thing if the language is one."""
    common = _figures_of_both(one.fingerprint, other.fingerprint)
    return any(foreign or len(figure) > 1 for figure in common) or same_counts(
        one.arguments.counts, other.arguments.counts
    )


def _figures_of_both(one: Fingerprint, other: Fingerprint) -> frozenset[str]:
    """Return the figures of one title that the other text gives, too."""
    titled = frozenset((*one.figures, *other.figures))
    return titled & frozenset((*one.figures, *one.counted)) & frozenset((*other.figures, *other.counted))
