"""Find the subject of an act: the party that does it, or is asked to."""

from monitor.text.patterns import late_pattern

from .names import Name
from .prepositions import COORDINATORS, PREPOSITIONS, Tie
from .reach import LISTING, parted
from .scene import Scene, Tied

#: States and bodies whose name before "sanctions" tells who imposes them; any other is the target.
IMPOSERS = frozenset(f"country:{code}" for code in "US EU UN GB CA AU JP CH NATO".split())

#: Words before a verb that take up the subject of the sentence.
PRONOUNS = frozenset("it he she they".split())

#: Ties of who is asked to act.
_ASKED = frozenset({Tie.SUBJECT, Tie.DIRECT, Tie.ON, Tie.FOR, Tie.TO})

#: Right before a verb they give it a subject of its own: "firms that supply".
RELATIVE = frozenset("that which who".split())

#: Verbs whose object may act in what they report.
REPORTING = frozenset(
    "says tells warns urges asks vows announces confirms hopes believes expects claims thinks wants lets"
    " allows makes helps presses pushes calls demands insists reports suggests signals said warned urged"
    " asked announced confirmed claimed allowed pressed pushed demanded suggested as is was".split()
)

#: Whoever does this says that another acts: "Iran accuses the EU of seeking to revive sanctions".
ACCUSING = frozenset("accuse accuses accused accusing".split())

#: What a source does before the name of who acts.
SHOWING = frozenset("indicates shows suggests reveals sees finds spots indicate show suggest reveal".split())

#: Words from a Turkish name to the end of its phrase: "ABD Hazine Bakanlığı,".
PHRASE = 2

#: Whoever does this with a measure does not take it: folded beginnings of verbs before a noun of the act.
_JUDGING = tuple(
    "condemn critici denounc verurteil kritisier condamn denonc conden condann осуд осужд раскритик критик"
    " засуд potepi skrytyk fordom".split()
)

#: Slavic prepositions of a place, the endings of names behind them, and those of a verb in the plural.
_AT = {"ru": frozenset("в во".split()), "uk": frozenset("в у".split())}
_PLACES = {
    "ru": (late_pattern(r"\w{3,}(?:е|ии)"), late_pattern(r"\w+(?:ли|ют|ут|ат|ят)")),
    "uk": (late_pattern(r"\w{3,}(?:і|ії)"), late_pattern(r"\w+(?:ли|(?:ю|у|а|я)ть)")),
}

#: Names so short have no cases: "США".
NO_CASE = 3

#: Whoever does this waits for another to act.
_AWAITING = frozenset("await awaits awaited awaiting".split())

#: First words of a clause whose subject opens the sentence: "Norway likes it, plans to buy".
OPENING_VERBS = frozenset(
    "plans vows pledges agrees wants seeks eyes offers promises hopes considers signs orders to and".split()
)

ACTORS = frozenset({"authority", "country", "person", "agency"})


def is_habitual(name: Name) -> bool:
    """Say whether a state or body is known to impose sanctions."""
    return name.tag in IMPOSERS or name.kind == "authority"


def subject_of(scene: Scene) -> Name | None:
    """Return the subject nearest to the verb, the first of those that share its place.

    Arabic has it behind the verb; in other languages who is asked to act may stand there.
    """
    if scene.lang == "en" and scene.text.words[max(scene.cue.start - 1, 0)] in RELATIVE:
        return None
    before = [each for each in scene.ties if each.tie is Tie.SUBJECT and _may_act(scene, each.name)]
    found = [each for each in before if each.name.kind in ACTORS]
    found += [each for each in scene.ties if each.name.kind in ACTORS and is_asked(scene, each)]
    if not found and scene.lang == "ar":
        direct = (each for each in scene.ties if each.tie is Tie.DIRECT and each.name.kind in ACTORS)
        found = [each for each in direct if not _is_freed(scene, each.name)][:1]
    if not found:
        return _where_they_act(scene)
    found = [each for each in found if not each.name.adjective or is_habitual(each.name)] or found
    if scene.lang == "tr" and (apart := _parted_subject(scene, found)):
        return apart
    nearest = max(found, key=lambda each: each.name.start)
    if scene.lang == "en" and nearest is not found[0] and _belongs_to_another(scene, found[0], nearest):
        nearest = found[0]
    return first_of_list(scene, nearest.name)


def _where_they_act(scene: Scene) -> Name | None:
    """Return the Slavic place that opens a clause before a verb in the plural: "В Канаде ввели санкции"."""
    first, words = next(iter(scene.names), None), scene.text.words
    if first is None or scene.lang not in _PLACES or first.kind not in ACTORS or first.adjective:
        return None
    near = 0 <= scene.cue.start - first.stop <= 1 and first.start - scene.begin == 1
    if not near or words[first.start - 1] not in _AT[scene.lang]:
        return None
    place, plural = _PLACES[scene.lang]
    word = words[first.stop - 1]
    where = place.fullmatch(word) or (len(word) <= NO_CASE and scene.cue.start not in scene.giving)
    return first if where and plural.fullmatch(words[scene.cue.start]) else None


def _parted_subject(scene: Scene, found: list[Tied]) -> Name | None:
    """Return the Turkish name that a comma parts from the rest: "Güney Kore, 8 Kuzey Koreliyi …"."""
    first = scene.opening
    if first is not None and first.kind in ACTORS and _heads_sentence(scene, first):
        return first
    apart = [each.name for each in found if parted(scene.text, each.name.stop)]
    return first_of_list(scene, apart[0]) if apart else None


def _heads_sentence(scene: Scene, first: Name) -> bool:
    """Say whether a name in the nominative opens a sentence and a comma ends its phrase."""
    near = first.start == scene.begin and 0 <= scene.start - first.stop <= PHRASE
    ends = scene.text.raw[scene.text.stops[first.stop - 1] :][:1]
    return near and ends in {" ", ","} and parted(scene.text, scene.start)


def _is_freed(scene: Scene, name: Name) -> bool:
    """Say whether an Arabic noun of the act has a party as its object: "إعفاء سوريا من العقوبات"."""
    freed = scene.kind == "n" or (scene.frame == "delisted" and not is_habitual(name))
    return freed and scene.text.words[name.stop : name.stop + 1] == ("من",)


def _may_act(scene: Scene, name: Name) -> bool:
    """Say whether a name stands before the verb, and accuses nobody else of the act."""
    between = scene.text.words[name.stop : scene.cue.start]
    judged = scene.kind == "n" and any(word.startswith(_JUDGING) for word in between)
    waits = scene.lang == "en" and not _AWAITING.isdisjoint(between)
    return name.start < scene.cue.start and ACCUSING.isdisjoint(between) and not judged and not waits


def _belongs_to_another(scene: Scene, first: Tied, nearest: Tied) -> bool:
    """Say whether the nearest name is no subject: a pronoun or gerund takes up the first, a verb has it."""
    words, text = scene.text.words, scene.text
    if not PRONOUNS.isdisjoint(words[nearest.name.stop : scene.cue.start]):
        return True
    if is_asked(scene, nearest):
        return False
    if nearest.name.stop == scene.cue.start and _reports(words[first.name.stop : nearest.name.start]):
        return False
    gerund = words[scene.cue.start].endswith("ing")
    if gerund and words[scene.cue.start - 1] not in PREPOSITIONS["en"]:
        return True
    between = words[first.name.stop : nearest.name.start]
    verb = (
        len(between) == 1 and between[0].endswith(("s", "ed")) and text.as_written(first.name.stop).islower()
    )
    return verb and between[0] not in REPORTING


def _reports(between: tuple[str, ...]) -> bool:
    """Say whether a source shows what another does: "intelligence indicates Peru preparing a shipment"."""
    return between[-1:] != () and between[-1] in SHOWING


#: Behind a union these are its states: "calls on EU states to halt".
_MEMBERS = frozenset("states countries nations members governments leaders allies partners".split())


def is_asked(scene: Scene, each: Tied) -> bool:
    """Say whether a name is told to act: "calls on the EU to impose"."""
    words, name = scene.text.words, each.name
    edge = scene.thing.start if scene.thing and scene.cue.tag == "mark" else scene.cue.start
    behind = name.stop + (not _MEMBERS.isdisjoint(words[name.stop : name.stop + 1]))
    told = scene.lang == "en" and behind < edge and words[behind] == "to"
    first = name.start == scene.start  # "Ukraine to receive": it will
    return told and not first and each.tie in _ASKED


def first_of_list(scene: Scene, name: Name) -> Name:
    """Return the first of names that share a place by commas and "and"."""
    names, at = scene.names, scene.names.index(name)
    while at and _listed(scene, names[at - 1], names[at]) and names[at - 1].kind in ACTORS:
        at -= 1
    return names[at]


def _listed(scene: Scene, one: Name, other: Name) -> bool:
    text = scene.text
    between = text.words[one.stop : other.start]
    if not between:
        if scene.lang == "ar" and text.as_written(other.start).startswith("و"):
            return True
        return LISTING.match(text.raw, text.stops[one.stop - 1]) is not None
    return len(between) == 1 and between[0] in COORDINATORS
