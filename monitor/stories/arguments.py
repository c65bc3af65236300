"""The arguments of the act that an item reports: actors, family, targets, object, places, counts. Pure."""

from collections.abc import Iterator, Mapping
from itertools import islice

from monitor.model import Event, EventArguments, Item, Verdict, imposers_of

from .figures import counts_of
from .headline import main_clause
from .kinds import kind_of
from .terms import name_forms, terms_of, terms_of_mention, unlisted_names
from .vocabulary import Vocabulary

#: The family of acts of each type of event.
FAMILIES = {
    type: family
    for family, types in {
        "impose": "imposed proposed agreed tightened extended retaliation licence_revoked amended",
        "relax": "lifted eased licence_issued licence_expiring relief_talks",
        "enforce": "enforced evasion_reported litigated guidance",
        "trade": "interest request talks selection approval contract production supply delivery retransfer",
        "halt": "reversal",
    }.items()
    for type in types.split()
}

#: So many terms behind the word of an act describe its object.
_OBJECT = 5


def arguments_of(item: Item, title: str, verdict: Verdict, vocabulary: Vocabulary) -> EventArguments:
    """Return the arguments of the act of an item; `title` is without its publisher."""
    names = name_forms(verdict.entities)
    event = verdict.event
    terms, main = (terms_of(text, names, vocabulary) for text in (title, main_clause(title)))
    states = [term for term in terms if term.startswith("country:")]
    forms = {each.id: terms_of_mention(each) for each in verdict.entities}
    actors = tuple(dict.fromkeys(_states_of(imposers_of(item, verdict), forms)))
    targets = tuple(_targets(event, forms, actors)) if event else ()
    return EventArguments(
        kind=kind_of(item, verdict).value,
        family=FAMILIES.get(event.type, "") if event else "",
        status=("supposed" if event.hedged else event.status) if event else "",
        actors=actors,
        targets=targets,
        objects=_objects(main, actors),
        places=tuple(state for state in states if state not in {*actors, *targets}),
        names=unlisted_names(title, names, vocabulary),
        counts=counts_of(title, vocabulary),
    )


def _states_of(ids: tuple[str, ...], forms: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield an id, or the ids of the states behind it."""
    for id in filter(None, ids):
        states = [term for term in forms.get(id, ()) if term.startswith("country:")]
        yield from states or [id]


def _targets(event: Event, forms: Mapping[str, tuple[str, ...]], actors: tuple[str, ...]) -> Iterator[str]:
    for id in dict.fromkeys((*event.targets, *event.systems, event.buyer, event.supplier)):
        if id and not set(forms.get(id, (id,))) & set(actors):
            yield id


def _objects(terms: tuple[str, ...], actors: tuple[str, ...]) -> tuple[str, ...]:
    """Return the terms behind the first word of an act, or all without one, but for acts and actors."""
    start = next((index for index, term in enumerate(terms) if term.startswith("act:")), 0)
    kept = (term for term in terms[start:] if term not in actors and not term.startswith("act:"))
    return tuple(islice(kept, _OBJECT))
