"""Say who is asked to impose or lift sanctions."""

from .names import Name
from .prepositions import Tie
from .scene import Scene
from .subjects import ACTORS, first_of_list, is_asked, is_habitual, subject_of

#: Bodies that call on their members to act.
ASKING = frozenset({"country:UN", "country:NATO"})

#: Behind the adjective of a state: people who do not act for it.
_PRIVATE = frozenset(
    "citizen citizens national nationals resident residents man woman businessman businesswoman tycoon"
    " activist activists journalist journalists lawyer lawyers expert experts analyst"
    " analysts protesters".split()
)


def is_private(scene: Scene, name: Name) -> bool:
    """Say whether a name describes somebody who does not act for the state: "a US citizen"."""
    return name.adjective and not _PRIVATE.isdisjoint(scene.text.words[name.stop : name.stop + 1])


def addressed(scene: Scene) -> Name | None:
    """Return to whom a Turkish call is made for measures on another: "ABD'den BM'ye İran'a …".

    The first of two names of the same case is no target if it usually imposes.
    """
    if scene.lang != "tr":
        return None
    goals = scene.tied(Tie.TO)
    first = next((name for name in goals if is_habitual(name)), None)
    later = (name for name in goals if first is not None and name.start >= first.stop)
    return (
        first if any(not is_habitual(name) and first_of_list(scene, name) is name for name in later) else None
    )


def who_is_asked(scene: Scene, relaxes: bool) -> Name | None:
    """Return who is asked to act; who asks acts himself only if that is usual."""
    asked = [each.name for each in scene.ties if is_asked(scene, each)]
    if scene.cue.tag == "mark" and scene.thing:
        reach = (each for each in scene.ties if scene.cue.start < each.name.start < scene.thing.start)
        asked += [each.name for each in reach if each.tie in {Tie.DIRECT, Tie.ON}]
    if relaxes:
        asked += [n for n in scene.tied(Tie.TO, Tie.DIRECT) if n.start < scene.cue.start and is_habitual(n)]
    asked = [name for name in asked if name.kind in ACTORS]
    if asked:
        return asked[-1]
    subject = subject_of(scene)
    if subject is not None and is_private(scene, subject):
        return None
    usual = subject is not None and is_habitual(subject) and subject.tag not in ASKING
    return subject if subject and (usual or _several(scene, subject)) else None


def _several(scene: Scene, subject: Name) -> bool:
    """Say whether another name stands before the nearest subject: "Киев призвал Канаду ввести"."""
    return scene.lang != "en" and any(name.start < subject.start for name in scene.tied(Tie.SUBJECT))
