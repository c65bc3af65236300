"""Find the names of states, bodies, makers and persons in an item, and how each is written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.match.spans import Doc, Span
from monitor.text import Text
from monitor.text.patterns import late_pattern

from .prepositions import COMPOUND_PARTS

#: Of names of the same words the first of these kinds stands.
KINDS = ("authority", "country", "maker", "agency", "person")
_PREFIXES = tuple(f"{kind}:" for kind in KINDS)

_ADJECTIVE = late_pattern(r"(?:[ai]n|li|qi|ti|ese|ish|nch|tch|ek|ss)$")
_NOUN = late_pattern(
    r"(?:stan|japan|iran|sudan|jordan|taiwan|oman|bhutan|spain|britain|bahrain|haiti|azerbaijan|libanon|moldovan"
    r"|london|pentagon|washington|union|lebanon|gabon|cameroon|berlin|tehran|kazan|vatican|slovenian)$"
)
_SHORT = frozenset("us uk eu un".split())
_TURKISH_ADJECTIVE = late_pattern(r"rus|turk|alman|fransiz|ingiliz|amerikan|japon|ermeni|\w+l[iu]")
#: Arabic and Persian adjectives end so; names of states that do are nouns.
_ARABIC_ADJECTIVE = late_pattern(r"\w{3,}(?:ي|يه|يين|يون)")
_ARABIC_NOUN = late_pattern(
    r"\w*(?:سعودي|سوري|تركي|روسي|ليتواني|استوني|استرالي|ايطالي|بريطاني|المالي|موريتاني)ه"
)
#: Persian names of states that end as adjectives do.
_PERSIAN_NOUNS = frozenset(
    "اندونزي مالزي ليبي بوليوي ليتواني استوني لتوني روماني الباني اسلواكي اسلووني كرواسي اتيوپي موريتاني"
    " سومالي هاييتي مالي جيبوتي ناميبي".split()
)
_POSSESSIVE = late_pattern(r"['’]s\b|s['’](?!\w)|:s\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Name:
    """Words [start, stop) of a field that name a party; an adjective or possessor describes what follows."""

    tag: str
    start: int
    stop: int
    adjective: bool = False
    possessive: bool = False

    @property
    def kind(self) -> str:
        return self.tag.partition(":")[0]


def names_of(doc: Doc) -> dict[str, tuple[Name, ...]]:
    """Return the names of each field in reading order; of those that overlap the longest stands."""
    spans: dict[str, list[Span]] = {field: [] for field in doc.texts}
    for tag, found in doc.spans.items():
        if tag.startswith(_PREFIXES):
            for span in found:
                spans[span.field].append(span)
    return {field: tuple(_names(doc.texts[field], each, doc.lang)) for field, each in spans.items()}


def _names(text: Text, spans: list[Span], lang: str) -> Iterator[Name]:
    stop = 0
    for span in sorted(spans, key=_order):
        if span.start < stop:
            continue
        stop = span.stop
        if not _only_describes(text, span):
            yield Name(span.tag, span.start, span.stop, _is_adjective(text, span, lang), _owns(text, span))


def _order(span: Span) -> tuple[int, int, int, str]:
    return span.start, -span.stop, KINDS.index(span.tag.partition(":")[0]), span.tag


def _only_describes(text: Text, span: Span) -> bool:
    """Say whether a name is part of a compound such as "Iran-backed"."""
    return (
        text.raw.startswith("-", text.stops[span.stop - 1])
        and span.stop < len(text.words)
        and text.words[span.stop] in COMPOUND_PARTS
    )


def _is_adjective(text: Text, span: Span, lang: str) -> bool:
    """Say whether a name describes the noun behind it; "US" may."""
    word = text.words[span.stop - 1]
    if text.raw.startswith("-", text.stops[span.stop - 1]) and span.stop < len(text.words):
        return True
    if "\u0620" <= word[0] <= "\u06d3":
        return span.stop - span.start == 1 and _is_arabic_adjective(word, lang)
    if lang == "tr":
        return _TURKISH_ADJECTIVE.fullmatch(word) is not None
    english = lang == "en" and bool(_ADJECTIVE.search(word) and not _NOUN.search(word))
    return english or word in _SHORT or text.as_written(span.start).islower()


def _is_arabic_adjective(word: str, lang: str) -> bool:
    """Say whether a folded word in Arabic script describes the noun before it."""
    defined = lang == "ar" and word.startswith("ال") and word != "السعوديه"
    noun = (_ARABIC_NOUN.fullmatch(word) and not defined) or (lang == "fa" and word in _PERSIAN_NOUNS)
    return bool(_ARABIC_ADJECTIVE.fullmatch(word) and not noun)


def _owns(text: Text, span: Span) -> bool:
    return _POSSESSIVE.match(text.raw, text.stops[span.stop - 1]) is not None


def is_member(name: Name, behind: str) -> bool:
    """Say whether a member of the alliance is meant, which is not named: "the NATO ally"."""
    return name.tag == "country:NATO" and (name.possessive or behind in {"ally", "member"})
