"""Say on whom an act of sanctions falls, from the ties of its names."""

import re
from collections.abc import Iterable

from monitor.match.frames.tables import OBJECT

from .names import Name
from .passive import is_suffered
from .prepositions import ARTICLES, COORDINATORS, PREPOSITIONS, Tie
from .scene import Scene, Tied
from .subjects import IMPOSERS, PRONOUNS, RELATIVE, first_of_list, is_asked, is_habitual, subject_of

TARGETS = frozenset({"country", "agency", "maker", "person"})

#: Objects of which a name before them tells who imposes them, and objects that belong to the target.
MEASURES = frozenset(
    f"{OBJECT}{name}"
    for name in "sanctions package measures list licence relief bill curbs alone cap".split()
)
WEALTH = f"{OBJECT}wealth"
VIOLATION = f"{OBJECT}violation"
TRADE = frozenset(f"{OBJECT}{name}" for name in "trade entry dealings swift cap".split())

#: Objects that suffer a passive act themselves: "sanctions to be lifted".
_THEMSELVES = frozenset(f"{OBJECT}{name}" for name in "sanctions package measures relief bill".split())

#: Languages in which sanctions are put "to" somebody, or taken "from" somebody; trade is banned so in all.
_GOALS = {Tie.TO: ("fr", "es", "it", "tr"), Tie.FROM: ("ru", "uk", "pl"), Tie.IN: ()}

#: Behind these and "on" or "against" stands who is pressed.
_PRESSURE = frozenset("pressure crackdown campaign squeeze clampdown".split())
ON = frozenset({"on", "against"})

#: What is on goods of a state, and no measure against it.
_DUTIES = frozenset("tariffs tariff duties levies".split())

#: Behind the name of who keeps them.
LISTS = frozenset("list lists blacklist".split())

#: Behind "to" and before a name these tell whom measures are to press.
_TO_PRESS = frozenset("deter punish pressure press force squeeze isolate cripple weaken".split())

#: Before the subject of a German condition: "wenn Serbien nicht einlenkt".
_GERMAN_IF = frozenset("wenn falls sofern sollte".split())

#: Before the owner of a deed, and the deeds that measures answer, within so many words.
_REASONS = frozenset("after over for".split())
_DEEDS = frozenset(
    "attack attacks strike strikes invasion war aggression crackdown annexation abuses violations test tests"
    " launch launches coup killings executions bombing assault offensive".split()
)
DEED_REACH = 4

#: Acts by which a party gets on or off a list.
_LISTING = frozenset({"listed", "delisted", "ships-named"})

#: Frames of who gains an exemption from measures, which may be on another.
_GAINED = frozenset({"relief-gained", "licence-gained"})

#: Before a name and a pronoun these tell it what awaits it.
_TELLING = frozenset("tell tells told telling warn warns warned warning".split())

#: Words of a clause that describes the target, up to a name.
RELATIVE_REACH = 6

#: The word for "on" in languages where it ties a name to measures alone: "ограничения на чиновников".
_SLAVIC_ON = {"ru": "на", "uk": "на"}

#: Languages in which names between who imposes and the act are on whom it falls.
_BETWEEN = frozenset({"tr", "fa", "de", "ar"})

_COLON = re.compile(r"\s?:")


def struck_by(scene: Scene, passive: bool, imposer: Name | None) -> list[Name]:
    """Return the names of those on whom measures are put, or from whom they are taken."""
    if is_suffered(scene) and (warned := _warned(scene)):
        return warned
    found = [each for each in scene.ties if each.name.kind in TARGETS and each.name is not imposer]
    struck = _first_places(scene, [each for each in found if _strikes(scene, each, passive)])
    return struck or _before_verb(scene, imposer) or [*_within(scene, found), *_matter(scene, imposer)]


def _warned(scene: Scene) -> list[Name]:
    """Return who is told what awaits it: "to tell Moscow it will face sanctions"."""
    words = scene.text.words
    told = (n for n in scene.names if n.start < scene.cue.start and n.kind in TARGETS and n.start)
    return [n for n in told if words[n.start - 1] in _TELLING and words[n.stop] in PRONOUNS]


def _before_verb(scene: Scene, imposer: Name | None) -> list[Name]:
    """Return the name between who imposes and the act: "ABD, İran petrolü taşıyan gemileri …"."""
    if scene.lang not in _BETWEEN or imposer is None or is_suffered(scene):
        return []
    names = (each.name for each in scene.ties if each.tie in {Tie.SUBJECT, Tie.MODIFIER, Tie.INSIDE})
    behind = (n for n in names if imposer.stop <= n.start < scene.cue.start and n.kind in TARGETS)
    # A Turkish comma parts the subject from the rest: "ABD, İran petrolü …".
    alone = (name for name in behind if scene.lang == "tr" or first_of_list(scene, name) is name)
    return [name for name in alone if not is_habitual(name)][:1]


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
    trade = thing is not None and thing.tag in TRADE
    match tie:
        case Tie.ON:
            falls = measures or trade or not scene.tied(Tie.MODIFIER)
            return falls and not _is_of_list(scene, each.name) and not _is_on_another(scene, each)
        case Tie.SUBJECT:
            itself = thing is not None and thing.tag in _THEMSELVES and thing.start < scene.cue.start
            if is_suffered(scene):
                gains = scene.frame in _GAINED and scene.tied(Tie.ON)
                return first_of_list(scene, each.name) is subject_of(scene) and not gains
            struck = (passive and not itself) or (not scene.frame and not is_habitual(each.name))
            return struck or _gets_listed(scene, each.name)
        case Tie.DIRECT:
            return _suffers(scene, each)
        case Tie.MODIFIER | Tie.OWNER:
            whose = measures or (thing is not None and thing.tag == VIOLATION)
            return not (whose and (_imposes(each.name) or imposes_on(scene, each.name)))
    broken = thing is not None and thing.tag == VIOLATION and tie is Tie.TO
    near = thing is not None and each.at == thing.stop
    aimed = measures and tie is Tie.FOR and _is_aimed_at(scene, each)
    held = near and thing is not None and thing.tag == WEALTH and tie in {Tie.FOR, Tie.IN}
    put_on = tie is Tie.BESIDE and measures and scene.text.words[each.at] == _SLAVIC_ON.get(scene.lang)
    put_on = put_on or (tie is Tie.TO and _is_threatened_with(scene))
    broken = broken or put_on or aimed or (held and each.name.adjective)  # "tillgångar för ryska oligarker"
    return broken or scene.lang in _GOALS.get(tie, ()) or (trade and tie in _GOALS)


def _is_threatened_with(scene: Scene) -> bool:
    """Say whether measures behind a Slavic verb are its instrument: "пригрозил Ирану санкциями"."""
    thing = scene.thing
    ends = scene.doc.small.instrumental
    return (
        scene.lang in _SLAVIC_ON
        and thing is not None
        and thing.tag in MEASURES
        and scene.text.words[thing.start].endswith(ends)
    )


def _is_aimed_at(scene: Scene, each: Tied) -> bool:
    """Say whether measures are "for" a state: "new sanctions for Belarus", not "for Belarus's attack"."""
    text, name, thing = scene.text, each.name, scene.thing
    if thing is None or each.at != thing.stop or name.adjective or name.possessive or scene.tied(Tie.ON):
        return False
    if any(word not in ARTICLES for word in text.words[each.at + 1 : first_of_list(scene, name).start]):
        return False
    behind = text.words[name.stop : name.stop + 1]
    tied = behind != () and (behind[0] in PREPOSITIONS.get(scene.lang, {}) or behind[0] in COORDINATORS)
    return name.stop >= scene.stop or tied or first_of_list(scene, name) is not name


def _gets_listed(scene: Scene, name: Name) -> bool:
    """Say whether a state describes who gets on or off a list: "pétroliers russes placés sur la liste"."""
    described = name.adjective and not is_habitual(name)
    return scene.lang != "en" and scene.frame in _LISTING and described


def _is_of_list(scene: Scene, name: Name) -> bool:
    """Say whether a name tells whose list a party is on: "boards tanker on EU sanctions list"."""
    behind = scene.text.words[name.stop : name.stop + 2]
    return behind[:1] != () and (behind[0] in LISTS or behind[-1] in LISTS)


def _is_on_another(scene: Scene, each: Tied) -> bool:
    """Say whether tariffs, and no measures, are on a name: "ties sanctions to NATO tariffs on China"."""
    first, last = each.at - 2, each.at - 1
    text = scene.text
    gap = text.raw[text.stops[first] : text.starts[last]] if first >= scene.start else ","
    duties = text.words[last] in _DUTIES and text.words[first] not in COORDINATORS
    return scene.lang == "en" and duties and "," not in gap and first != scene.cue.start


def _suffers(scene: Scene, each: Tied) -> bool:
    """Say whether a name behind the verb is its object, not its subject nor who is asked."""
    if scene.thing is not None and scene.thing.tag == WEALTH:
        return not scene.tied(Tie.MODIFIER)
    own = scene.lang == "ar" and each.name is subject_of(scene)
    return not own and not is_asked(scene, each)


def imposes_on(scene: Scene, name: Name) -> bool:
    """Say whether an adjective tells whose measures are on another: "Norwegian sanctions on Sudan"."""
    measured = scene.lang == "en" and scene.thing is not None and scene.thing.tag in MEASURES
    others = (each for each in scene.tied(Tie.ON) if each.kind in TARGETS and each.tag != name.tag)
    return measured and name.adjective and any(others)


def _imposes(name: Name) -> bool:
    return name.possessive or name.tag in IMPOSERS or name.kind == "agency"


def _within(scene: Scene, found: list[Tied]) -> Iterable[Name]:
    """Return the only state that describes an unnamed target: "on firms that help Iran"."""
    inside = [each for each in found if each.tie is Tie.INSIDE or _is_of_target(scene, each)]
    names = [each.name for each in inside] or _in_relative_clause(scene) or _pressed(scene) or _blamed(scene)
    listed = len(inside) > 1 and len({each.at for each in inside}) == 1
    return names if listed or len({name.tag for name in names}) == 1 else ()


def _in_relative_clause(scene: Scene) -> list[Name]:
    """Return the names of a clause that describes the last party: "on people and firms that help Iran"."""
    text, near = scene.text, scene.stop + RELATIVE_REACH
    begun = not RELATIVE.isdisjoint(text.words[scene.stop : scene.stop + 2])
    behind = (name for name in scene.sentence if scene.stop <= name.start < near)
    return [name for name in behind if name.kind in TARGETS] if begun else []


def _pressed(scene: Scene) -> list[Name]:
    """Return whom the measures press by what is told beside them: "as it dials up pressure on Iran"."""
    words = scene.text.words
    behind = (name for name in scene.sentence if name.start > scene.cue.start and name.kind in TARGETS)
    found = []
    for name in behind:
        before = words[max(name.start - 2, 0) : name.start]
        pressed = before[-1:] != () and before[-1] in ON and before[0] in _PRESSURE
        if pressed or (before[0] == "to" and before[-1] in _TO_PRESS):
            found.append(name)
    return found


def _blamed(scene: Scene) -> list[Name]:
    """Return whose deed the measures answer: "after Serbia's strikes", "if Serbia invades"."""
    words = scene.text.words
    if scene.lang == "de":
        named = (name for name in scene.sentence if name.start and name.kind in TARGETS)
        return [n for n in named if words[n.start - 1] in _GERMAN_IF and not is_habitual(n)]
    behind = (name for name in scene.sentence if name.start > scene.cue.start and name.kind in TARGETS)
    found = []
    for name in behind:
        reason = name.possessive and words[name.start - 1] in _REASONS
        done = not _DEEDS.isdisjoint(words[name.stop : name.stop + DEED_REACH])
        if (reason and done) or words[name.start - 1] in {"if", "unless"}:
            found.append(name)
    return found


def _is_of_target(scene: Scene, each: Tied) -> bool:
    """Say whether "from" or "with" describes what measures are put on: "sanctions on trade with Syria"."""
    if scene.lang != "en" or each.tie not in {Tie.FROM, Tie.WITH} or each.name.start < scene.cue.stop:
        return False
    begin = max(scene.cue.stop, scene.thing.stop if scene.thing else 0)
    ties = {PREPOSITIONS["en"].get(word) for word in scene.text.words[begin : each.at]}
    return Tie.BESIDE not in ties and Tie.FOR not in ties


def _matter(scene: Scene, imposer: Name | None) -> Iterable[Name]:
    """Yield the state that a title names first as its matter: "Iran: Washington announces sanctions"."""
    first = scene.opening
    if scene.field != "title" or first is None or first is imposer or first.kind != "country" or first.start:
        return
    text, ends = scene.text, scene.text.stops[first.stop - 1]
    kicker = scene.lang == "de" and len(scene.tied(Tie.SUBJECT)) > 1 and text.raw[ends : ends + 1] == " "
    named = kicker and any(each.start == first.stop for each in scene.tied(Tie.SUBJECT))
    matters = [ends, *text.stops[first.stop : first.stop + 1]]  # "Iran: …", "Russian oil: …"
    if named or (any(_COLON.match(text.raw, end) for end in matters) and not is_habitual(first)):
        yield first
