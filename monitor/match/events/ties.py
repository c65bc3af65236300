"""Say how each name of a sentence is tied to the verb and the object of an act."""

import re
from dataclasses import dataclass, replace

from monitor.match.query.nodes import Match
from monitor.match.spans import Act, Doc
from monitor.text import Text

from .cases import (
    ARABIC_TO,
    is_chinese_object,
    is_german_goal,
    is_of_others,
    is_turkish_place,
    slavic_tie,
    turkish_head_tie,
    turkish_tie,
)
from .clauses import clause_of
from .modifiers import joins_another, modifies
from .names import Name, is_member
from .prepositions import (
    ALLIES,
    ARTICLES,
    CLOSING,
    COORDINATORS,
    DESCRIBING,
    INFINITIVES,
    MATTERS,
    NO_GERUNDS,
    OCCASIONS,
    POSTPOSITIONS,
    PREPOSITIONS,
    REASONS,
    Tie,
)
from .reach import LISTING, Reach, parted
from .scene import Scene, Tied

#: How many plain words may stand between a name and what ties it.
REACH = 6

#: Languages that tie a name to a noun before it without a preposition.
_GENITIVE = frozenset("ru uk pl ar fa fr es it de".split())
_GERUND = re.compile(r"\w{3,}ing")
_DATIVE = {"de": frozenset("der den dem".split())}

#: Languages in which "in" is where things go as well.
_INTO = frozenset("ru uk pl".split())

#: Ideographs between a Chinese preposition and its name; words of a verb that has no object inside.
ZH_REACH, SHORT_VERB = 4, 3

#: Words from a Turkish name to the head of its phrase.
TURKISH_REACH = 5


def scene_of(
    doc: Doc, match: Match, act: Act | None, names: tuple[Name, ...], giving: frozenset[int]
) -> Scene:
    """Return the scene of an act, or of what a query matched; `names` are those of its field."""
    text, cue = doc.texts[match.field], match.spans[0]
    start, stop = act.clause if act else clause_of(doc, cue)
    first, last = text.bounds(cue.start)
    within = tuple(name for name in names if first <= name.start < last)
    reach = Reach(text, doc.lang, within, first, last)
    start, stop = reach.begin(min(start, match.start), cue.start), reach.end(max(stop, match.stop))
    scene = Scene(
        doc=doc,
        field=match.field,
        cue=cue,
        thing=match.spans[1] if act and len(match.spans) > 1 else None,
        names=tuple(name for name in within if start <= name.start < stop),
        sentence=within,
        start=start,
        stop=stop,
        kind=act.kind if act else "",
        frame=act.frame if act else "",
        giving=giving,
    )
    ties: list[Tied] = []
    for name in scene.names:
        ties.append(_tie(scene, name, ties))
    return replace(scene, ties=tuple(ties))


def _tie(scene: Scene, name: Name, before: list[Tied]) -> Tied:
    text = scene.text
    behind = text.words[name.stop] if name.stop < scene.stop else ""
    if behind in (ALLIES if name.possessive else MATTERS) or is_member(name, behind):
        return Tied(name, Tie.BESIDE, name.start)
    if tie := _marked(scene, name, behind):
        return Tied(name, tie, name.start)
    if scene.thing and scene.thing.start <= name.start < scene.thing.stop:
        return Tied(name, Tie.MODIFIER, name.start)
    if modifies(scene, name):
        return Tied(name, Tie.MODIFIER, name.start)
    if scene.thing and any(joins_another(scene, name, at) for at in range(name.stop, scene.thing.start)):
        return Tied(name, Tie.BESIDE if name.start > scene.cue.start else Tie.SUBJECT, name.start)
    return _governed(scene, name, before)


def _marked(scene: Scene, name: Name, behind: str) -> Tie | None:
    """Return the tie that an ending, a particle or a word behind a name tells."""
    text = scene.text
    governed = name.start > scene.start and text.words[name.start - 1] in PREPOSITIONS.get(scene.lang, {})
    tie = POSTPOSITIONS.get(scene.lang, {}).get(behind)
    if tie and not (scene.lang == "fa" and governed):  # "فروش به X را" is a sale to X
        return tie
    if scene.lang == "tr":
        return _turkish(scene, name)
    if scene.lang == "ar" and ARABIC_TO.match(text.words[name.start]):
        return Tie.TO
    before = text.words[max(name.start - ZH_REACH, scene.start) : name.start]
    chinese = scene.lang == "zh"
    if chinese and text.words[name.start] in {"向", "援"}:  # "向乌提供"
        return Tie.TO
    if chinese and (near := PREPOSITIONS["zh"].get(before[-1] if before else "")) in {
        Tie.ON,
        Tie.TO,
        Tie.FROM,
    }:
        return near
    return (
        Tie.ON
        if chinese and is_chinese_object(text.words[name.start], before, name.start < scene.cue.start)
        else None
    )


def _turkish(scene: Scene, name: Name) -> Tie | None:
    """Return the tie of a Turkish name by its ending, or by that of the phrase that it opens."""
    tail = scene.text.raw[scene.text.stops[name.stop - 1] :][:6]
    if is_turkish_place(tail):
        return _turkish_phrase(scene, name, None) or Tie.INSIDE
    tie = turkish_tie(tail)
    return _turkish_phrase(scene, name, tie) or tie if tie in {None, Tie.OF} else tie


def _case(scene: Scene, name: Name) -> Tie | None:
    """Return the tie of a Slavic noun by its case, where no preposition governs it."""
    tie = None if name.adjective else slavic_tie(scene.lang, scene.text.words[name.stop - 1])
    opens = name.start - scene.start <= 1 and name.start < scene.cue.start
    return None if tie is Tie.OF and opens else tie  # "the government of Russia"


def _turkish_phrase(scene: Scene, name: Name, own: Tie | None) -> Tie | None:
    """Return the case of the phrase that a state opens: "Rus bankalarına", "İran'ın petrol bakanına"."""
    text, reach = scene.text, TURKISH_REACH if own else TURKISH_REACH - 2
    for at in range(name.stop, min(name.stop + reach, scene.stop)):
        named = any(other.start <= at < other.stop for other in scene.names)
        if at == scene.cue.start or (scene.thing and at == scene.thing.start) or named or parted(text, at):
            return None
        bare = not own and not name.adjective and is_of_others(text.words[at])
        if bare or (not own and not text.as_written(at)[0].islower()):
            return None
        behind = text.words[at + 1] if at + 1 < scene.stop else ""
        if tie := turkish_tie(text.raw[text.stops[at] :][:6]) or turkish_head_tie(text.words[at]):
            return POSTPOSITIONS["tr"].get(behind, tie)
    return None


def _governed(scene: Scene, name: Name, before: list[Tied]) -> Tied:
    """Return the tie by the nearest word before a name that governs it."""
    case = _case(scene, name)
    default = Tied(name, case or (Tie.SUBJECT if name.start < scene.cue.start else Tie.INSIDE), name.start)
    governor = _Governor(scene=scene, name=name, before=before, default=default)
    at = name.start - 1
    while at >= scene.start and governor.plain <= REACH:
        step = governor.at(at)
        if isinstance(step, Tied):
            return replace(step, place=True) if governor.place else step
        at = step
    return default


@dataclass(slots=True, kw_only=True)
class _Governor:
    """A search back from a name for the word that governs it."""

    scene: Scene
    name: Name
    before: list[Tied]
    default: Tied
    owner: bool = False
    article: str = ""
    plain: int = 0
    place: bool = False

    def at(self, index: int) -> Tied | int:
        """Return the tie by the word there, or where to search on."""
        scene, word = self.scene, self.scene.text.words[index]
        if known := next((t for t in reversed(self.before) if t.name.start <= index < t.name.stop), None):
            return self._beyond(known, index)
        if index in scene.giving or (_is_verb(scene, index) and not _describes_measures(scene)):
            return self._direct(index)
        if scene.thing and scene.thing.start <= index < scene.thing.stop:
            owned = self.owner or scene.lang in _GENITIVE
            owner = (
                self.default if self.default.tie in {Tie.BY, Tie.TO} else Tied(self.name, Tie.OWNER, index)
            )
            return owner if owned else self.default
        if (tie := PREPOSITIONS.get(scene.lang, {}).get(word)) and not self._is_free(tie, index):
            return self._preposition(tie, index)
        if word in CLOSING.get(scene.lang, ()) or (scene.lang == "en" and _is_gerund(scene.text, index)):
            return self.default
        if word in ARTICLES:
            self.article = self.article or word
        else:
            self.plain += 1
        return index - 1

    def _is_free(self, tie: Tie, index: int) -> bool:
        """Say whether a preposition governs nothing: it opens the clause, or counts as in "over 100"."""
        scene, counted = self.scene, self.scene.text.words[index + 1]
        opens = index == scene.start and self.name.start < scene.cue.start
        return tie is Tie.BESIDE and (opens or counted[0].isdigit())

    def _beyond(self, known: Tied, index: int) -> Tied | int:
        """Return the tie shared with a name before this one, or where to search on before that name."""
        text, other = self.scene.text, known.name
        between = [word for word in text.words[index + 1 : self.name.start] if word not in ARTICLES]
        listed = not between and LISTING.match(text.raw, text.stops[index]) is not None
        if listed or (between and all(word in COORDINATORS for word in between)):
            return Tied(self.name, known.tie, known.at)
        if (other.possessive or other.adjective) and len(between) <= 1:
            return other.start - 1
        if self.scene.lang == "ar" and known.tie is Tie.DIRECT:
            return Tied(self.name, Tie.DIRECT, known.at)
        return self.default

    def _direct(self, index: int) -> Tied:
        given = self.scene.giving and self.article in _DATIVE.get(self.scene.lang, ())
        case = self.default.tie if self.default.tie in {Tie.BY, Tie.TO} else Tie.DIRECT
        return Tied(self.name, Tie.TO if given else case, index, self.place)

    def _preposition(self, tie: Tie, index: int) -> Tied | int:
        scene = self.scene
        if tie is Tie.OF:
            self.owner = True
            return index - 1
        if scene.lang == "zh" and self.plain > ZH_REACH:
            return index - 1
        if tie is Tie.IN and self._is_place():
            self.plain += 2  # who is in a state may be its own
            self.place = True
            return index - 1
        if scene.lang != "en":
            wished = scene.text.words[index + 1] in REASONS.get(scene.lang, ())
            return Tied(self.name, Tie.BESIDE if wished else tie, index)
        if scene.text.words[index : index + 2] in OCCASIONS:
            return Tied(self.name, Tie.BESIDE, index)
        return Tied(self.name, _english_tie(scene, tie, index, self.plain), index)

    def _is_place(self) -> bool:
        """Say whether a state behind "in" may be where the party before it is at home."""
        behind = self.name.start > self.scene.cue.start
        if self.scene.lang == "de" and is_german_goal(self.scene.text.words, self.name.start):
            return False
        after = self.scene.text.words[self.name.stop : self.name.stop + 1]
        noun = not self.name.adjective or after == () or after[0] in PREPOSITIONS.get(self.scene.lang, {})
        return behind and self.plain == 0 and noun and self.scene.lang not in _INTO


def _english_tie(scene: Scene, tie: Tie, at: int, plain: int) -> Tie:
    """Return the tie of an English preposition; none of an act where it describes another party."""
    text = scene.text
    if tie is Tie.TO and (plain > 1 or text.words[at + 1] in INFINITIVES):
        return Tie.INSIDE  # "to help Iran"
    before = text.words[at - 1] if at else ""
    own = _is_verb(scene, at - 1) or (scene.thing and scene.thing.start <= at - 1 < scene.thing.stop)
    if own or not (before in DESCRIBING or (before.endswith("ed") and text.as_written(at - 1).islower())):
        return tie
    if tie is not Tie.ON:
        return Tie.INSIDE
    return Tie.BESIDE if before in {"used", "waged", "fired"} else tie


def _is_verb(scene: Scene, index: int) -> bool:
    """Say whether a word is the verb's: its first, or any of a short one."""
    cue = scene.cue
    return index == cue.start or (cue.stop - cue.start <= SHORT_VERB and cue.start <= index < cue.stop)


def _describes_measures(scene: Scene) -> bool:
    """Say whether the mark of an announcement stands behind its measures: "تحریم‌های جدید آمریکا"."""
    thing = scene.thing
    behind = thing is not None and thing.stop <= scene.cue.start
    return behind and scene.cue.tag == "mark" and scene.lang in _GENITIVE


def _is_gerund(text: Text, index: int) -> bool:
    word = text.words[index]
    return _GERUND.fullmatch(word) is not None and word not in NO_GERUNDS and text.as_written(index).islower()
