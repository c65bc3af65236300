"""Who and what is named in an item, as the verdict tells it."""

from collections.abc import Iterator
from dataclasses import replace

from monitor.model import Evidence, Mention

from .lexicon import Lexicon
from .spans import Doc, Named

_KIND_ORDER = ("watch", "person", "agency", "maker", "weapon", "programme", "authority", "country")
_SHOWN = 3


def mentions(doc: Doc, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield parties on lists, then things of the lexicon; what both know comes once, with its lists."""
    known: dict[tuple[str, int, int], Named] = {
        (each.span.field, each.span.start, each.span.stop): each for each in doc.named
    }
    entries = sorted(
        (entry for tag in sorted(doc.spans) if (entry := lexicon.entries.get(tag))),
        key=lambda entry: _KIND_ORDER.index(entry.kind),
    )
    found: list[Mention] = []
    for entry in entries:
        first = doc[entry.tag][0]
        mention = Mention(
            id=entry.tag,
            name=entry.name,
            kind=entry.kind,
            quote=doc.quote(first),
            lists=entry.lists,
            countries=entry.countries,
        )
        places = [place for s in doc[entry.tag] if (place := (s.field, s.start, s.stop)) in known]
        if places and entry.kind != "watch":
            named = known[places[0]]
            lists = tuple(dict.fromkeys((*entry.lists, *named.lists)))
            mention = replace(mention, lists=lists, grade=named.grade, because=named.because)
            known = {place: each for place, each in known.items() if each.parties != named.parties}
        found.append(mention)
    yield from _parties(doc, tuple(known.values()))
    yield from found


def _parties(doc: Doc, named: tuple[Named, ...]) -> Iterator[Mention]:
    """Yield each party once, by its first naming."""
    seen = set()
    for each in named:
        party = each.parties[0]
        if (party.list, party.id) in seen:
            continue
        seen |= {(other.list, other.id) for other in each.parties}
        quote = doc.quote(each.span)
        countries = tuple(dict.fromkeys(code for other in each.parties for code in other.countries))
        id, name, kind = (
            (f"candidates:{quote.casefold()}", quote, "candidates")
            if each.doubtful
            else (f"{party.list}:{party.id}", party.name, party.kind)
        )
        yield Mention(
            id=id,
            name=name,
            kind=kind,
            quote=quote,
            lists=each.lists,
            countries=countries,
            grade=each.grade,
            because=each.because,
        )


def evidence_of_names(doc: Doc) -> Iterator[Evidence]:
    """Yield why the first few names of lists are taken for what they are; rules say what that is worth."""
    for each in doc.named[:_SHOWN]:
        text, span = doc.texts[each.span.field], each.span
        start, stop = text.starts[span.start], text.stops[span.stop - 1]
        whose = ", ".join(dict.fromkeys(party.list for party in each.parties))
        yield Evidence(
            field=span.field,
            start=start,
            stop=stop,
            quote=text.raw[start:stop],
            because=f"on {whose}: {each.because}",
        )
