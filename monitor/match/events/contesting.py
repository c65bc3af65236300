"""Read whose measures others evade or contest, and who does."""

from collections.abc import Iterable, Mapping

from .imposing import Imposing, of_measures, party_of
from .names import Name
from .passive import is_passive
from .prepositions import Tie
from .scene import Scene
from .subjects import ACTORS, is_habitual
from .targets import struck_by

#: The court of the measures of its union.
_COURT = "authority:eu-general-court"

#: Slavic prepositions behind a verb of suing and before whom it sues.
_SUED = frozenset("против проти на до".split())


def evasion_of(scene: Scene, states: Mapping[str, tuple[str, ...]]) -> Imposing:
    """Return whose measures an event is about that others evade, and who does."""
    return _on_others(_whose_measures(scene), _evaders(scene), states)


def contest_of(scene: Scene, states: Mapping[str, tuple[str, ...]]) -> Imposing:
    """Return whose measures an event is about that others contest in court, and who does: "sues the EU"."""
    whose = _whose_measures(scene) or next((name for name in scene.names if name.tag == _COURT), None)
    struck = scene.tied(Tie.ON) if scene.frame == "inquired" else struck_by(scene, False, whose)
    courts = {each.name for each in scene.ties if each.place or each.tie is Tie.IN}  # "in Luxembourg"
    courts.update(_defendants(scene))
    return _on_others(whose, (name for name in struck if name not in courts), states)


def _whose_measures(scene: Scene) -> Name | None:
    sued = (name for name in scene.tied(Tie.DIRECT) if name.kind in ACTORS)
    usual = (name for name in sued if is_habitual(name) or name.kind == "person")
    return of_measures(scene) or next(usual, None) or next(iter(_defendants(scene)), None)


def _defendants(scene: Scene) -> list[Name]:
    """Return whom a preposition right behind a verb of suing names: "подал иск на Канаду"."""
    if scene.frame != "sued" or scene.lang not in {"ru", "uk"}:
        return []
    return [
        each.name
        for each in scene.ties
        if each.at == scene.cue.stop and scene.text.words[each.at] in _SUED and each.name.kind in ACTORS
    ]


def _on_others(
    whose: Name | None, parties: Iterable[Name], states: Mapping[str, tuple[str, ...]]
) -> Imposing:
    """Return the imposer of measures, and of these parties those that do not impose themselves."""
    imposer = party_of(whose, states) if whose else ""
    struck = {each.tag for each in parties if not is_habitual(each)}
    return Imposing(imposer, tuple(sorted(struck - {imposer})))


def _evaders(scene: Scene) -> list[Name]:
    """Return on whom the measures are that an event tells to be evaded, else the state that evades them."""
    on = [name for name in scene.tied(Tie.ON) if name.kind == "country"]
    if scene.frame in {"of-shadow-fleet", "party-served"}:
        return [name for name in scene.tied(Tie.MODIFIER, Tie.OWNER) if name.kind == "country"]
    if scene.frame == "suspected" and not is_passive(scene):
        return on  # who suspects and investigates evades nothing
    subjects = (n for n in scene.tied(Tie.SUBJECT) if n.kind == "country" and not n.adjective)
    return on or list(subjects)[:1]
