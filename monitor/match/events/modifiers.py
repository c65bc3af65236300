"""Say whether a name stands before the object of an act and describes it."""

from .cases import is_turkish_compound
from .names import Name
from .prepositions import ARTICLES, CLOSING, COORDINATORS, PREPOSITIONS
from .reach import parted
from .scene import Scene

#: Words between a name and the object that it describes.
MODIFIER_REACH = 4

#: Before measures these tell of others than those that a name before them describes.
FRESH = frozenset("new fresh more further additional".split())

#: Before what somebody is threatened or hit with.
_WITH = frozenset("con mit avec med".split())

#: Before the object of a Chinese verb that stands in front of it.
_IN_FRONT = frozenset("将 將 把".split())

#: Languages in which only an adjective, or the first part of a compound, stands before what it describes.
_ADJECTIVES_ONLY = frozenset("ru uk pl fr es it ar fa de".split())

#: Words that end the phrase of a name before them, by language.
_SMALL = {
    lang: (words.keys() | CLOSING.get(lang, frozenset()) | ARTICLES) - COORDINATORS
    for lang, words in PREPOSITIONS.items()
}


def modifies(scene: Scene, name: Name) -> bool:
    """Say whether a name stands before the object and belongs to it."""
    thing, describes = scene.thing, name.adjective or name.possessive
    if thing is None or not name.stop <= thing.start <= name.stop + MODIFIER_REACH:
        return False
    given = not describes and name.start - 1 in scene.giving
    if _owns_another(scene, name) or _is_of_another_phrase(scene, name, thing.start):
        return False
    of_other = scene.lang == "ar" and name.start >= scene.cue.stop  # "تزود الجيش اللبناني بمدرعات"
    if given or of_other or (scene.lang in _ADJECTIVES_ONLY and not describes):
        return False
    if scene.lang == "tr" and not describes:
        another = any(name.stop <= other.start < thing.start for other in scene.names)
        near = thing.start <= name.stop + 1 and not another
        apart = any(parted(scene.text, at) for at in range(name.stop, thing.start + 1))
        return near and not apart and is_turkish_compound(scene.text.as_written(thing.start))
    between = range(name.stop, thing.start)
    if scene.lang == "zh" and not _IN_FRONT.isdisjoint(scene.text.words[name.stop : thing.start]):
        return False
    return not any(_ends_phrase(scene, at) or joins_another(scene, name, at) for at in between)


def _is_of_another_phrase(scene: Scene, name: Name, edge: int) -> bool:
    """Say whether a noun and another name part a Turkish name from the object: "İngiliz gücü Rus gemisi"."""
    behind = next((other for other in scene.names if name.stop < other.start < edge), None)
    return (
        scene.lang == "tr"
        and behind is not None
        and COORDINATORS.isdisjoint(scene.text.words[name.stop : behind.start])
    )


def _owns_another(scene: Scene, name: Name) -> bool:
    """Say whether a name before the object owns another name: "gives Serbia's NIS a reprieve"."""
    owned = scene.text.as_written(name.stop)
    return name.possessive and scene.lang == "en" and len(owned) > 1 and owned.isupper()


def joins_another(scene: Scene, name: Name, index: int) -> bool:
    """Say whether "and" separates the noun of a name from the object: "Ukraine loan and new sanctions".

    It does not in "Syria energy and banking sanctions", nor before "with".
    """
    words = scene.text.words
    if words[index] not in COORDINATORS or COORDINATORS.issuperset(words[name.stop : index + 1]):
        return False
    if not _WITH.isdisjoint(words[name.stop : index]):
        return False  # "amenaza a Colombia con aranceles y sanciones"
    behind = words[index + 1 : scene.thing.start] if scene.thing else ()
    alike = scene.lang == "en" and len(behind) == 1 and behind[0] not in FRESH
    return not alike and "with" not in behind


def _ends_phrase(scene: Scene, index: int) -> bool:
    small = scene.text.words[index] in _SMALL.get(scene.lang, ())
    return small or index == scene.cue.start or parted(scene.text, index)
