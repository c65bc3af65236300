"""Say whether the verb of an act is passive."""

import re

from monitor.match.frames.tables import OBJECT

from .prepositions import PREPOSITIONS
from .scene import Scene

#: Passive auxiliaries beside a participle, and endings of verbs that are passive by themselves.
PASSIVES = {
    "en": frozenset("is are was were be been being get gets got".split()),
    "de": frozenset("wurde wurden wird werden worden".split()),
    "fr": frozenset("ete est sont etait etaient fut furent".split()),
    "es": frozenset("fue fueron es son sido queda quedan".split()),
    "it": frozenset("viene vengono stato stata stati state".split()),
    "sv": frozenset("blev blir blivit har-blivit".split()),
    "pl": frozenset("zostal zostala zostalo zostaly zostali zostanie zostana sa byl byla byly".split()),
    "fa": frozenset("شد شده شدند ميشود شود".split()),
    "zh": frozenset("被 遭".split()),
}
PASSIVE_ENDINGS = {
    "tr": re.compile(
        r"(?:uygulan|konul|getiril|kaldiril|uzatil|dondurul|alin|aciklan|yasaklan|eklen|onaylan|edil|veril|satil|"
        r"imzalan|gir|genisletil|hafifletil|gevsetil|listelen|hedeflen|cikaril|durdurul|gonderil|baslatil|iptal)\w+"
    ),
    "sv": re.compile(r"\w{3,}[ae]s"),
}


#: Right before an English verb these make a passive of it, where its forms do not differ.
_BE = frozenset({"be", "been", "being"})

#: English marks before measures that their subject suffers: "Russia faces sanctions".
_SUFFERING = frozenset("face faces faced facing risk risks risked brace braces incur incurs".split())


#: A German verb of which measures are the subject: "Georgien drohen Sanktionen", not "droht mit", "droht an".
_LOOMING = frozenset("droht drohen drohte drohten".split())

#: Before "for" and measures: "Serbia prepares for sanctions".
_PREPARING = ("prepare", "preparing", "brac", "ready")

#: A Persian verb that is passive by itself: "در فهرست قرار گرفت".
_PUT = ("قرار", "گرفت")

#: Beginnings of Turkish verbs by which somebody decides on the noun right before them.
_DECIDING = ("anlas", "uzlas", "onaylad", "kabul", "karar", "duyurd", "acikladi", "mutabik")

#: Frames whose subject suffers or gains what its object names.
_SUFFERED = frozenset({"undergone", "relief-gained", "licence-gained"})


def is_suffered(scene: Scene) -> bool:
    """Say whether the subject suffers the measures: those of a frame, or behind an English mark of status."""
    if scene.frame in _SUFFERED:
        return True
    if scene.cue.tag == "mark" and scene.lang == "de":
        return _looms(scene)
    if scene.cue.tag != "mark" or scene.lang != "en":
        return False
    words, thing = scene.text.words, scene.thing
    near = words[max(thing.start - 2, scene.cue.stop) : thing.start] if thing else ()
    prepared = near[-1:] == ("for",) and near[0].startswith(_PREPARING)
    marked = {*words[scene.cue.start : scene.cue.stop], *near}
    return prepared or not _SUFFERING.isdisjoint(marked)


def _looms(scene: Scene) -> bool:
    """Say whether German measures await somebody: "sollte Serbien nicht einlenken, drohen Sanktionen"."""
    words, cue, thing = scene.text.words, scene.cue, scene.thing
    if thing is None or thing.start < cue.stop or words[cue.start] not in _LOOMING:
        return False
    return "mit" not in words[cue.stop : thing.start] and "an" not in words[thing.stop : scene.stop]


def is_passive(scene: Scene) -> bool:
    """Say whether the subject of the verb suffers the act."""
    text, cue = scene.text, scene.cue
    be = scene.lang == "en" and text.words[max(cue.start - 1, scene.start)] in _BE  # "to be hit with"
    put = scene.lang == "fa" and text.words[cue.stop - 2 : cue.stop] == _PUT
    if be or put or is_suffered(scene):
        return True
    word = text.words[cue.stop - 1]
    if (ending := PASSIVE_ENDINGS.get(scene.lang)) and ending.fullmatch(word):
        return not _is_agreed_on(scene)
    if scene.kind != "p":
        return (
            cue.tag != "mark"
            and scene.lang in {"zh", "fa"}
            and not PASSIVES[scene.lang].isdisjoint(text.words[scene.start : scene.stop])
        )
    if scene.lang in {"ru", "uk"}:
        return True
    if scene.lang == "en":
        return _is_english_passive(scene)
    return not PASSIVES.get(scene.lang, frozenset()).isdisjoint(text.words[scene.start : scene.stop])


def _is_agreed_on(scene: Scene) -> bool:
    """Say whether the subject of a Turkish verb decides on the noun before it: "uzatılmasında anlaştı"."""
    behind = scene.text.words[scene.cue.stop : scene.stop][:1]
    return scene.kind == "n" and behind != () and behind[0].startswith(_DECIDING)


def _is_english_passive(scene: Scene) -> bool:
    """Say whether a participle has an auxiliary, an agent or its object before it."""
    text, cue = scene.text, scene.cue
    near = text.words[max(cue.start - 3, scene.start) : cue.start]
    if not PASSIVES["en"].isdisjoint(near):
        return True
    if not {"has", "have", "had"}.isdisjoint(near):
        return False
    behind = text.words[cue.start + 1] if cue.start + 1 < scene.stop else ""
    if scene.thing is not None and scene.thing.tag != f"{OBJECT}list" and behind != "by":
        return scene.thing.start < cue.start
    return behind in {"by", ""} or behind in PREPOSITIONS["en"]
