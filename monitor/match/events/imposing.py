"""Read who imposes or lifts sanctions, and on whom, from the ties of an event's names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from monitor.model import Event, EventStatus, Polarity

from .asking import addressed, is_private, who_is_asked
from .names import Name
from .passive import is_passive, is_suffered
from .prepositions import Tie
from .scene import Scene
from .subjects import ACTORS, IMPOSERS, OPENING_VERBS, PRONOUNS, is_habitual, subject_of
from .targets import MEASURES, VIOLATION, imposes_on, struck_by

#: Who does this puts the measures of another in force: "Swiss adopt EU's sanctions".
TAKING_OVER = frozenset(
    "adopt adopts adopted join joins joined match matches mirror mirrors follow follows".split()
)

_COLON = re.compile(r"\s?:")

#: Languages in which the agent of a participle stands behind the word for "from".
_FROM_AGENT = frozenset("de sv it".split())

#: States under sanctions, in which nobody is punished for breaking them.
SHUNNED = frozenset(f"country:{code}" for code in "RU IR KP BY SY VE CU".split())

#: Between who announces it and what will be done.
_SAYING = frozenset("says said announces announced".split())

#: What is wished or asked is told of by others than those who would do it.
_ASKED = frozenset({EventStatus.WISHED, EventStatus.ASKED})

#: Before "by" these describe a party by another: "a bank controlled by Russia".
_PARTICIPLE = re.compile(r"\w+ed|run|led|held|built|made|known|paid|sent|set|put|bought")

#: A first name of a sentence so far in is its subject.
OPENING = 1

#: Languages in which a name before a noun of the act may be on whom it falls.
_BARE_OBJECT = frozenset({"de", "ar", "zh"})

_VERB_LAST = frozenset({"tr", "fa"})


@dataclass(frozen=True, slots=True)
class Imposing:
    """Ids of entities: `imposer` is "" where the clause does not say."""

    imposer: str = ""
    targets: tuple[str, ...] = ()


def imposing(
    scene: Scene, event: Event, states: Mapping[str, tuple[str, ...]], answers: bool = False
) -> Imposing:
    """Return the parties of an event of sanctions; `states` are those of persons and bodies by tag.

    With `answers` the measures that the act names belong to another: "hits back at US sanctions".
    """
    passive = is_passive(scene)
    imposer = _imposer(scene, passive, event, answers)
    if imposer is None and passive and not is_suffered(scene):
        imposer = _who_says(scene, states)
    called = addressed(scene)
    struck = {name.tag for name in struck_by(scene, passive, imposer) if name is not called}
    if event.polarity is Polarity.ENFORCE:
        places = [
            each.name for each in scene.ties if each.place or (each.tie is Tie.IN and scene.lang == "tr")
        ]
        places = [name for name in places if name.tag not in SHUNNED]
        imposer = _where_enforced(scene, imposer, places)
        struck -= {name.tag for name in places}
    if not struck and event.polarity is Polarity.RELAX and imposer in scene.tied(Tie.WITH):
        struck = {name.tag for name in (subject_of(scene),) if name}
    if not struck and event.type == "relief_talks" and event.status is EventStatus.WISHED:
        struck = {name.tag for name in _who_asks_relief(scene, imposer)}
    acting = party_of(imposer, states) if imposer else ""
    return Imposing(acting, tuple(sorted(struck - {acting})))


def _who_asks_relief(scene: Scene, imposer: Name | None) -> list[Name]:
    """Return the state that asks to be freed of measures, where no other is named: "Iran demands relief"."""
    if imposer is not None and imposer not in scene.tied(Tie.OWNER, Tie.MODIFIER):
        return []
    before = (name for name in scene.tied(Tie.SUBJECT) if name.kind == "country" and name is not imposer)
    return [name for name in before if not is_habitual(name)][:1]


def _where_enforced(scene: Scene, imposer: Name | None, places: list[Name]) -> Name | None:
    """Return who acts, or where it is acted upon somebody of another state: "Iranian arrested in the US"."""
    described = imposer is not None and imposer.adjective and not is_habitual(imposer)
    owner = imposer in scene.tied(Tie.OF)
    return next(iter(places), imposer) if imposer is None or described or owner else imposer


def party_of(name: Name, states: Mapping[str, tuple[str, ...]]) -> str:
    """Return who acts: a person acts for a state."""
    if name.kind in {"person", "agency"} and (codes := states.get(name.tag)):
        return f"country:{codes[0]}"
    return name.tag


def _imposer(scene: Scene, passive: bool, event: Event, answers: bool) -> Name | None:
    if by := [name for name in scene.tied(Tie.BY) if _is_agent(scene, name)]:
        return by[0]
    if scene.lang in _FROM_AGENT and (passive or scene.kind == "p") and not is_suffered(scene):
        return next(iter(scene.tied(Tie.FROM)), None) or subject_of(scene)
    named = None if answers else (of_measures(scene) or (_of_instrument(scene) if passive else None))
    if is_suffered(scene):
        return named or _who_warns(scene)
    if event.status in _ASKED:
        return who_is_asked(scene, event.polarity is Polarity.RELAX) or addressed(scene) or named
    return _who_acts(scene, passive, event, named)


def _who_acts(scene: Scene, passive: bool, event: Event, named: Name | None) -> Name | None:
    """Return who imposes in an act that is done: the subject, or the name whose the measures are."""
    subject = None if passive else subject_of(scene)
    if passive and (place := _where_done(scene)):
        return place
    if subject is not None and (is_private(scene, subject) or _is_kicker(scene, subject)):
        subject = None
    if subject is not None and scene.lang in _BARE_OBJECT:
        subject = _first_of_two(scene, subject)
    usual = subject is not None and is_habitual(subject)
    joins = scene.frame == "joined" and subject is not None
    taken_over = scene.lang == "en" and scene.text.words[scene.cue.start] in TAKING_OVER
    own = joins or (usual and taken_over)
    if event.polarity is Polarity.RELAX and not usual and (partner := _partner(scene)):
        return partner
    notice = not scene.frame and not usual and event.type != "retaliation"
    if not own and (notice or _is_named(named, subject, usual)):
        return named
    return subject or _source(scene) or _of_act(scene) or _leading(scene, passive) or _of_broken(scene)


def _of_act(scene: Scene) -> Name | None:
    """Return the name whose act a noun before measures tells: "accord des ministres de l'UE sur"."""
    if scene.kind != "n" or scene.thing is None:
        return None
    behind = (n for n in scene.names if scene.cue.start < n.start and n.stop <= scene.thing.start)
    return next((name for name in behind if is_habitual(name)), None)


def _is_kicker(scene: Scene, name: Name) -> bool:
    """Say whether a German title begins behind the name that tells its matter: "Ukraine Neue Sanktionen"."""
    begins = scene.text.as_written(scene.cue.start)[:1].isupper() and scene.cue.tag == "mark"
    return scene.lang == "de" and begins and name.stop == scene.cue.start and not is_habitual(name)


def _where_done(scene: Scene) -> Name | None:
    """Return the state in which somebody is put on a list, if it usually imposes: "sanctioned in the UK"."""
    places = (each for each in scene.ties if each.place and scene.lang == "en" and not scene.thing)
    return next((each.name for each in places if is_habitual(each.name)), None)


def _who_says(scene: Scene, states: Mapping[str, tuple[str, ...]]) -> Name | None:
    """Return who says what is done with measures, if its state usually imposes: "Trump says … lifted"."""
    subject = subject_of(scene)
    if scene.lang != "en" or subject is None or subject.adjective or subject.kind == "country":
        return None
    says = scene.text.words[subject.stop : subject.stop + 1]
    return subject if _SAYING.issuperset(says) and party_of(subject, states) in IMPOSERS else None


def _first_of_two(scene: Scene, subject: Name) -> Name:
    """Return the first of two bare names if it usually imposes: "Washington stellt Moskau …"."""
    first = next(iter(scene.tied(Tie.SUBJECT)), subject)
    return first if first is not subject and is_habitual(first) and not is_habitual(subject) else subject


def _is_named(named: Name | None, subject: Name | None, usual: bool) -> bool:
    """Say whether measures are those of the name beside them, whoever the subject is."""
    if named is None:
        return False
    return subject is None or named.possessive or (is_habitual(named) and not usual)


def _of_broken(scene: Scene) -> Name | None:
    """Return whose measures somebody is punished for breaking: "to pay for breaching US sanctions"."""
    if scene.thing is None or scene.thing.tag != VIOLATION:
        return None
    names = scene.tied(Tie.MODIFIER, Tie.OWNER)
    return next((name for name in names if is_habitual(name) and name.kind in ACTORS), None)


def _who_warns(scene: Scene) -> Name | None:
    """Return the first state that usually imposes: "US tells Serbia to leave or face sanctions"."""
    subjects = [name for name in scene.tied(Tie.SUBJECT) if is_habitual(name)]
    return next((name for name in subjects if name is not subject_of(scene)), None)


def _is_agent(scene: Scene, name: Name) -> bool:
    """Say whether "by" belongs to the act, not to what describes a party: "a bank controlled by Russia"."""
    if name.kind not in ACTORS:
        return False
    if scene.lang != "en":
        return True
    at = next(each.at for each in scene.ties if each.name is name)
    parts = [scene.cue, *([scene.thing] if scene.thing else [])]
    if any(part.start <= at <= part.stop for part in parts):
        return True
    before = scene.text.words[at - 1]
    return is_passive(scene) and at > scene.cue.stop and not _PARTICIPLE.fullmatch(before)


def of_measures(scene: Scene) -> Name | None:
    """Return the name before or behind the measures that tells whose they are."""
    if scene.thing is not None and scene.thing.tag not in MEASURES:
        return None
    names = [name for name in scene.tied(Tie.MODIFIER, Tie.OWNER) if name.kind in ACTORS]
    owning = (n for n in names if n.possessive or is_habitual(n) or imposes_on(scene, n))
    return next(owning, None)


def _of_instrument(scene: Scene) -> Name | None:
    """Return whose the measures are with which somebody is hit: "Peru to be hit with Belgian sanctions"."""
    if scene.thing is None or scene.thing.tag not in MEASURES or scene.thing.start < scene.cue.stop:
        return None
    names = (name for name in scene.tied(Tie.MODIFIER) if name.kind in ACTORS and name.adjective)
    return next(names, None)


def _partner(scene: Scene) -> Name | None:
    """Return the state with which it is agreed that it lifts measures: "in a deal with the US to lift"."""
    words, partners = scene.text.words, scene.tied(Tie.WITH)
    agreed = (name for name in partners if name.stop < scene.cue.start and words[name.stop] == "to")
    return next((name for name in agreed if is_habitual(name)), None)


def _source(scene: Scene) -> Name | None:
    """Return whence measures come in a title without a verb: "ABD'den Küba'ya ambargo kararı"."""
    if scene.lang != "tr":
        return None
    sources = (*scene.tied(Tie.FROM), *scene.tied(Tie.OF))
    return next((name for name in sources if name.kind in ACTORS), None)


def _leading(scene: Scene, passive: bool) -> Name | None:
    """Return the first name of the sentence, where the clause takes its subject up or leaves it out."""
    first = scene.opening
    if first is None or first.kind not in ACTORS or first.start >= scene.start or first.possessive:
        return None
    text = scene.text
    if first.start - scene.begin > OPENING:
        return None
    gap = text.raw[text.stops[scene.start - 1] : text.starts[scene.start]]
    if _COLON.match(text.raw, text.stops[first.stop - 1]) or ":" in gap:
        return first if is_habitual(first) else None
    if passive:
        return None
    words = text.words[scene.start : scene.cue.start]
    taken_up = not PRONOUNS.isdisjoint(words) or scene.start == scene.cue.start
    taken_up = taken_up or (words[:1] != () and words[0] in OPENING_VERBS)
    return first if taken_up or scene.lang in _VERB_LAST else None
