"""Conflicts in one slot that part two reports however similar they are. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from .features import Features, Profile, differ_in_language

#: Families of acts that one authority does at a time, and the family of acts about weapons.
_OF_ONE_AUTHORITY, _TRADE = frozenset({"impose", "relax", "enforce"}), "trade"

#: The term of vessels, and of their seizure.
_VESSEL, _SEIZE = "act:vessel", "act:seize"

#: From here on a number may be that of a part, or a rounded one; a smaller one may be an ordinal.
_LARGE = 10

#: A title so similar (0-1) is a revised version of a publisher's own, which may count anew; or the same.
_REVISED, _EQUAL = 0.55, 0.9


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two reports. `official`: one is an authority's notice. `own`: both are of one publisher."""

    mine: Profile
    other: Profile
    features: Features
    official: bool
    own: bool


def bar(mine: Profile, other: Profile, features: Features, *, official: bool, own: bool) -> str:
    """Return why two reports cannot be of one act, in words; "" if nothing bars it.

    `official`: one of them is an authority's notice. `own`: both are of one publisher.
    """
    pair = _Pair(mine, other, features, official, own)
    return next((reason for reason, applies in _BARS.items() if applies(pair)), "")


def _only_states(pair: _Pair) -> bool:
    common = pair.mine.text.keys() & pair.other.text.keys()
    different = not differ_in_language(pair.mine, pair.other) and pair.features.title < _EQUAL
    return different and all(term.startswith("country:") for term in common)


def _other_authority(pair: _Pair) -> bool:
    return bool(pair.features.other_actors) and _of_authorities(pair)


def _other_state(pair: _Pair) -> bool:
    return _lacks_leading_state(pair.mine, pair.other) and _lacks_leading_state(pair.other, pair.mine)


def _other_count(pair: _Pair) -> bool:
    """Say whether two reports count the same thing differently; an aside may round a large number."""
    acts = (pair.mine.arguments, pair.other.arguments)
    revised = pair.own and pair.features.title >= _REVISED and not any(act.family for act in acts)
    is_large = all(int(count.partition(" ")[0]) >= _LARGE for act in acts for count in act.counts)
    is_aside = is_large and bool(acts[0].family) != bool(acts[1].family)
    return bool(pair.features.other_counts) and not (revised or is_aside)


def _other_ship(pair: _Pair) -> bool:
    seized = all(_VESSEL in each.title and _SEIZE in each.title for each in (pair.mine, pair.other))
    return bool(pair.features.other_names) and seized


def _other_party(pair: _Pair) -> bool:
    unlisted = bool(pair.features.other_names) and _of_authorities(pair)
    own, theirs = _parties(pair.mine), _parties(pair.other)
    return unlisted or bool(pair.official and own and theirs and not own & theirs)


def _other_system(pair: _Pair) -> bool:
    about_weapons = pair.mine.arguments.family == pair.other.arguments.family == _TRADE
    return bool(pair.features.other_systems) and about_weapons


def _other_programme(pair: _Pair) -> bool:
    own, theirs = _programmes(pair.mine), _programmes(pair.other)
    return _of_authorities(pair) and bool(own and theirs and not own & theirs)


_BARS: dict[str, Callable[[_Pair], bool]] = {
    "nothing but states in common": _only_states,
    "another authority": _other_authority,
    "another state": _other_state,
    "another count of the same thing": _other_count,
    "another ship": _other_ship,
    "another party": _other_party,
    "another system": _other_system,
    "another programme": _other_programme,
}


def _of_authorities(pair: _Pair) -> bool:
    """Say whether both reports are of acts of authorities that are done."""
    acts = (pair.mine.arguments, pair.other.arguments)
    return all(act.family in _OF_ONE_AUTHORITY and act.status == "done" for act in acts)


def _lacks_leading_state(one: Profile, other: Profile) -> bool:
    """Say whether the other's title has a state before its first act that this text does not name."""
    leading = None
    for term in other.title:
        if term.startswith("act:"):
            break
        leading = leading or (term if term.startswith("country:") else None)
    return leading is not None and leading not in one.text and leading not in one.fingerprint.named


def _parties(profile: Profile) -> frozenset[str]:
    kinds = ("country:", "authority:", "programme:", "agency:", "weapon:", "person:", "act:", "figure:")
    return frozenset(term for term in profile.title if ":" in term and not term.startswith(kinds))


def _programmes(profile: Profile) -> frozenset[str]:
    return frozenset(term for term in profile.title if term.startswith("programme:"))
