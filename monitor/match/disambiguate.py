"""From spans to a document that queries can ask: names that prove themselves, kinds, money.

Of overlapping names of one kind the longest stands. An ambiguous name stands only in company: for a weapon, a
word of arms in its sentence; for a body or person, its country, a programme or another of its names.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from monitor.match.events.amounts import amounts
from monitor.text import Text

from .lexicon import Lexicon, LexiconEntry
from .names.resolve import Names
from .small_words import NO_SMALL_WORDS, SmallWords
from .spans import NAME_TAG, QUERY_FIELDS, Doc, Span
from .spotting import Spotter

#: The concept whose presence in a sentence vouches for a weapon's ambiguous name.
CUE = "arms_cue"

#: And the concept that vouches for one directly before it: "Patriot deliveries".
TRADE = "object-shipment"

#: Verbs of handing over, selling and buying.
TRADING = ("supply", "deliver", "send", "sell", "sale", "buy", "order", "request")

#: Abbreviations that name a state in one language only; elsewhere they are a maker.
NAMES_IN = {"bae": ("tr", "country:AE")}

#: What @arms stands for: named systems, and the concepts of arms and of ships and aircraft of war.
ARMS = ("weapon", "materiel", "platform")


def annotate(
    texts: Mapping[str, Text],
    spotter: Spotter,
    lexicon: Lexicon,
    lang: str = "",
    small: SmallWords = NO_SMALL_WORDS,
) -> Doc:
    """Return the item with everything that was recognised in it, in reading order."""
    spans: dict[str, list[Span]] = defaultdict(list)
    for name, text in texts.items():
        found = spotter.spot(name, text)
        for span in _longest(found, lexicon.entries):
            spans[span.tag].append(span)
        for start, stop in amounts(text.raw):
            first, last = bisect_left(text.stops, start + 1), bisect_right(text.starts, stop - 1)
            if first < last:
                spans["amount"].append(Span(name, first, last, "amount"))
    doc = Doc(texts=texts, spans={tag: tuple(each) for tag, each in spans.items()}, lang=lang, small=small)
    doc = _with_kinds(doc, lexicon)
    return _with_names(doc, spotter.names) if spotter.names else doc


def _with_names(doc: Doc, names: Names) -> Doc:
    """Settle which names of lists are meant, and tag those that are."""
    named = names.resolve(doc)
    spans = {tag: found for tag, found in doc.spans.items() if not tag.startswith(NAME_TAG)}
    for each in named:
        for tag in each.tags:
            spans[tag] = tuple(sorted({*spans.get(tag, ()), each.span._replace(tag=tag)}, key=_order))
    return replace(doc, spans=spans, named=named)


def _longest(found: Iterable[Span], entries: Mapping[str, LexiconEntry]) -> list[Span]:
    """Drop names that lie within a longer name of the same kind; concepts and words all stand."""
    kept: list[Span] = []
    longest: dict[str, Span] = {}
    for span in found:
        if entry := entries.get(span.tag.rstrip("?")):
            before = longest.get(entry.kind)
            if before and span.stop <= before.stop and (span.start, span.stop) != (before.start, before.stop):
                continue
            longest[entry.kind] = span
        kept.append(span)
    return kept


def _with_kinds(doc: Doc, lexicon: Lexicon) -> Doc:
    doc = _without_foreign(doc)
    spans = {tag: found for tag, found in doc.spans.items() if not tag.endswith("?")}
    kinds: dict[str, set[Span]] = defaultdict(set)
    for tag in dict.fromkeys(tag.rstrip("?") for tag in doc.spans):
        if (entry := lexicon.entries.get(tag)) is None:
            continue
        vouched = (s._replace(tag=tag) for s in doc[entry.doubtful] if _in_company(doc, s, entry))
        if stands := sorted({*doc[tag], *vouched}, key=_order):
            spans[tag] = tuple(stands)
            kinds[entry.kind].update(stands)
            if entry.lists:
                kinds["listed"].update(stands)
    kinds["pair"] = set(_pairs(doc))
    kinds["arms"] = {span for tag in ARMS for span in (*kinds[tag], *doc[tag])}
    spans |= {kind: tuple(sorted(members, key=_order)) for kind, members in kinds.items() if members}
    return replace(doc, spans=spans)


def _without_foreign(doc: Doc) -> Doc:
    """Return the item without states whose abbreviation names them in another language only."""
    foreign = [name for name, (lang, tag) in NAMES_IN.items() if doc.lang != lang and doc[tag]]
    if not foreign:
        return doc
    spans = dict(doc.spans)
    for abbreviation in foreign:
        tag = NAMES_IN[abbreviation][1]
        kept = (s for s in spans.pop(tag) if doc.texts[s.field].words[s.start] != abbreviation)
        if names := tuple(kept):
            spans[tag] = names
    return replace(doc, spans=spans)


def _order(span: Span) -> tuple[int, int, int]:
    return QUERY_FIELDS.index(span.field), span.start, span.stop


def _pairs(doc: Doc) -> Iterator[Span]:
    """Yield the second of two different countries that share a sentence."""
    first: dict[tuple[str, int], str] = {}
    countries = (span for tag, spans in doc.spans.items() if tag.startswith("country:") for span in spans)
    for span in sorted(countries, key=lambda each: (each.field, each.start)):
        if first.setdefault((span.field, doc.sentence(span)), span.tag) != span.tag:
            yield span


def _in_company(doc: Doc, span: Span, entry: LexiconEntry) -> bool:
    if doc[entry.tag]:
        return True
    if entry.kind in {"weapon", "maker"}:
        if any(cue.field == span.field and cue.start == span.stop for cue in doc[TRADE]):
            return True
        weapons = (s for tag, spans in doc.spans.items() if _is_weapon(tag) for s in spans)
        makers = (
            s
            for tag, spans in doc.spans.items()
            if tag.startswith("maker:") and not tag.endswith("?")
            for s in spans
        )
        cues = (*doc[CUE], *weapons, *makers)
        titled = entry.kind == "maker" and span.field == "title"
        below = titled and any(_opens_summary(doc, cue) for cue in cues)
        return below or any(_beside(doc, span, cue) for cue in cues) or _is_traded(doc, span)
    if any(doc[f"country:{code}"] for code in entry.countries):
        return True
    acts = {"authority": _issues_notice, "agency": _trades_in_arms}.get(entry.kind)
    if acts and acts(doc, span, entry):
        return True
    sure = (tag for tag in doc.spans if not tag.endswith("?"))
    return any(tag.startswith(("programme:", "authority:")) for tag in sure)


def _opens_summary(doc: Doc, span: Span) -> bool:
    """Say whether a word stands in the first sentence of the summary: there a title's maker proves itself."""
    return span.field == "summary" and doc.sentence(span) == doc.texts["summary"].sentences[0]


def _is_traded(doc: Doc, span: Span) -> bool:
    """Say whether a sentence has two states, a verb of the arms trade, and no animal: a weapon is meant."""
    if doc["animal"]:
        return False
    moved = (each for tag in TRADING for each in doc[tag])
    if not any(_beside(doc, span, each) for each in moved):
        return False
    return any(each.field == span.field and doc.sentence(each) == doc.sentence(span) for each in _pairs(doc))


def _trades_in_arms(doc: Doc, span: Span, _: LexiconEntry) -> bool:
    """Say whether a name in capitals opens a title with an act of the arms trade: "DGA orders howitzers"."""
    if span.field != "title" or span.start or not doc.texts["title"].as_written(0).isupper():
        return False
    arms = (each for tag in (CUE, *ARMS) for each in doc[tag])
    moved = (each for tag in TRADING for each in doc[tag])
    return any(_beside(doc, span, each) for each in arms) and any(_beside(doc, span, each) for each in moved)


def _issues_notice(doc: Doc, span: Span, entry: LexiconEntry) -> bool:
    """Say whether a body, and no namesake, opens an English title with its act: "Treasury Designates"."""
    if doc.lang != "en" or span.field != "title" or span.start:
        return False
    if any(doc[f"country:{code}"] for code in entry.namesakes):
        return False
    return any(act.start == span.stop for act in (*doc["object-alone"], *doc["notice_verb"]))


def _is_weapon(tag: str) -> bool:
    return tag.startswith("weapon:") and not tag.endswith("?")


def _beside(doc: Doc, span: Span, cue: Span) -> bool:
    """In the same sentence and not the same words."""
    if cue.field != span.field or (cue.start < span.stop and span.start < cue.stop):
        return False
    return doc.sentence(cue) == doc.sentence(span)
