"""Read who imposes or lifts sanctions, and on whom, from the ties of an event's names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.model import EventStatus

from .names import Name
from .passive import is_passive
from .prepositions import Tie
from .scene import Scene, Tied
from .subjects import ACTORS, IMPOSERS, PRONOUNS, is_asked, is_habitual, subject_of

TARGETS = frozenset({"country", "agency", "maker", "person"})

#: Objects of which a name before them tells who imposes them, and objects that belong to the target.
MEASURES = frozenset(
    f"object-{name}" for name in "sanctions package measures list licence relief bill curbs alone".split()
)
TRADE = frozenset(f"object-{name}" for name in "trade entry dealings swift".split())

#: Languages in which "to" is where sanctions go, and "from" what they are taken from.
_DATIVE = frozenset("fr es it tr".split())
_TAKEN = frozenset("ru uk pl".split())

#: Languages in which the agent of a participle stands behind the word for "from".
_FROM_AGENT = frozenset("de sv it".split())

#: What is wished or asked is told of by others than those who would do it.
_ASKED = frozenset({EventStatus.WISHED, EventStatus.ASKED})

#: A first name of a sentence so far in is its subject.
OPENING = 1

_VERB_LAST = frozenset({"tr", "fa"})


@dataclass(frozen=True, slots=True)
class Imposing:
    """Ids of entities: `imposer` is "" where the clause does not say."""

    imposer: str = ""
    targets: tuple[str, ...] = ()


def imposing(scene: Scene, status: EventStatus, states: Mapping[str, tuple[str, ...]]) -> Imposing:
    """Return the parties of an event of sanctions; `states` are those of persons and bodies by tag."""
    passive = is_passive(scene)
    imposer = _imposer(scene, passive, status)
    acting = _party(imposer, states) if imposer else ""
    struck = {name.tag for name in _struck(scene, passive, imposer)}
    return Imposing(acting, tuple(sorted(struck - {acting})))


def _party(name: Name, states: Mapping[str, tuple[str, ...]]) -> str:
    """Return who acts: a person acts for a state."""
    if name.kind in {"person", "agency"} and (codes := states.get(name.tag)):
        return f"country:{codes[0]}"
    return name.tag


# ---------------------------------------------------------------- who imposes


def _imposer(scene: Scene, passive: bool, status: EventStatus) -> Name | None:
    if by := [name for name in scene.tied(Tie.BY) if _is_agent(scene, name)]:
        return by[0]
    if scene.lang in _FROM_AGENT and (passive or scene.kind == "p"):
        return next(iter(scene.tied(Tie.FROM)), None) or subject_of(scene)
    named = _of_measures(scene)
    if status in _ASKED:
        return _who_is_asked(scene) or named
    subject = None if passive else subject_of(scene)
    if not scene.frame and subject and not is_habitual(subject):
        return named  # the title of a notice
    if named and (subject is None or named.possessive or (is_habitual(named) and not is_habitual(subject))):
        return named
    return subject or _source(scene) or (None if passive else _leading(scene))


def _is_agent(scene: Scene, name: Name) -> bool:
    """Say whether "by" belongs to the act, not to what describes a party: "a bank controlled by Russia"."""
    if name.kind not in ACTORS:
        return False
    if scene.lang != "en":
        return True
    at = next(each.at for each in scene.ties if each.name is name)
    parts = [scene.cue, *([scene.thing] if scene.thing else [])]
    return any(part.start <= at <= part.stop for part in parts)


def _of_measures(scene: Scene) -> Name | None:
    """Return the name before or behind the measures that tells whose they are."""
    if scene.thing is not None and scene.thing.tag not in MEASURES:
        return None
    names = [name for name in scene.tied(Tie.MODIFIER, Tie.OWNER) if name.kind in ACTORS]
    return next((name for name in names if name.possessive or is_habitual(name)), None)


def _who_is_asked(scene: Scene) -> Name | None:
    """Return who is asked to act; who asks acts himself only if that is usual."""
    asked = [each.name for each in scene.ties if is_asked(scene, each)]
    if scene.cue.tag == "mark" and scene.thing:
        reach = (each for each in scene.ties if scene.cue.start < each.name.start < scene.thing.start)
        asked += [each.name for each in reach if each.tie in {Tie.DIRECT, Tie.ON}]
    asked = [name for name in asked if name.kind in ACTORS]
    if asked:
        return asked[-1]
    subject = subject_of(scene)
    return subject if subject and (is_habitual(subject) or _several(scene, subject)) else None


def _several(scene: Scene, subject: Name) -> bool:
    """Say whether another name stands before the nearest subject: "Киев призвал Канаду ввести"."""
    return scene.lang != "en" and any(name.start < subject.start for name in scene.tied(Tie.SUBJECT))


def _source(scene: Scene) -> Name | None:
    """Return whence measures come in a title without a verb: "ABD'den Küba'ya ambargo kararı"."""
    if scene.lang != "tr":
        return None
    return next((name for name in scene.tied(Tie.FROM, Tie.OF) if name.kind in ACTORS), None)


def _leading(scene: Scene) -> Name | None:
    """Return the first name of the sentence, where the clause takes its subject up or leaves it out."""
    first = next(iter(scene.sentence), None)
    if first is None or first.kind not in ACTORS or first.start >= scene.start:
        return None
    text = scene.text
    begin = text.bounds(first.start)[0]
    if first.start - begin > OPENING:
        return None
    if text.raw.startswith(":", text.stops[first.stop - 1]):
        return first if is_habitual(first) else None
    words = text.words[scene.start : scene.cue.start]
    taken_up = not PRONOUNS.isdisjoint(words) or scene.start == scene.cue.start
    return first if taken_up or scene.lang in _VERB_LAST else None


# ---------------------------------------------------------------- who is struck


def _struck(scene: Scene, passive: bool, imposer: Name | None) -> list[Name]:
    """Return the names of those on whom measures are put, or from whom they are taken."""
    found = [each for each in scene.ties if each.name.kind in TARGETS and each.name is not imposer]
    struck = _first_places(scene, [each for each in found if _strikes(scene, each, passive)])
    return struck or [*_within(found), *_matter(scene, imposer)]


def _first_places(scene: Scene, found: list[Tied]) -> list[Name]:
    """Return the names without those of later prepositions: "on Israel to end the war on Gaza"."""
    for tie in (Tie.ON, Tie.FROM, Tie.TO):
        places = sorted({each.at for each in found if each.tie is tie})
        first = next(
            (at for at in places if scene.thing and at >= scene.thing.start), places[0] if places else 0
        )
        found = [each for each in found if each.tie is not tie or each.at == first or scene.lang == "tr"]
    return [each.name for each in found]


def _strikes(scene: Scene, each: Tied, passive: bool) -> bool:
    thing, tie = scene.thing, each.tie
    measures = thing is None or thing.tag in MEASURES
    if tie is Tie.ON or (
        tie is Tie.SUBJECT and (passive or (not scene.frame and not is_habitual(each.name)))
    ):
        return True
    if tie is Tie.DIRECT:
        return not (scene.lang == "ar" and each.name is subject_of(scene)) and not is_asked(scene, each)
    if tie in {Tie.MODIFIER, Tie.OWNER}:
        return not (
            measures and (each.name.possessive or each.name.tag in IMPOSERS or each.name.kind == "agency")
        )
    if tie is Tie.TO:
        return scene.lang in _DATIVE or (thing is not None and thing.tag in TRADE)
    if tie in {Tie.IN, Tie.FROM}:
        trade = thing is not None and thing.tag in TRADE
        return trade or (tie is Tie.FROM and scene.lang in _TAKEN)
    return False


def _within(found: list[Tied]) -> Iterable[Name]:
    """Return the only state that describes an unnamed target: "on firms that help Iran"."""
    inside = [each.name for each in found if each.tie is Tie.INSIDE]
    return inside if len({name.tag for name in inside}) == 1 else ()


def _matter(scene: Scene, imposer: Name | None) -> Iterable[Name]:
    """Yield the state that a title names first as its matter: "Iran: Washington announces sanctions"."""
    first = next(iter(scene.sentence), None)
    if scene.field != "title" or first is None or first is imposer or first.kind != "country" or first.start:
        return
    text = scene.text
    if text.raw.startswith(":", text.stops[first.stop - 1]) and not is_habitual(first):
        yield first
