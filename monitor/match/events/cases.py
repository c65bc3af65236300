"""Tell by its ending or particle how a name is tied, in Turkish, Slavic languages and Arabic."""

import re

from monitor.text.patterns import late_pattern

from .prepositions import Tie

#: Case endings behind the apostrophe of a Turkish name.
_TURKISH = (
    (late_pattern(r"['’][yn]?[ae]\b", re.IGNORECASE), Tie.TO),
    (late_pattern(r"['’]n?[dt][ae]n\b", re.IGNORECASE), Tie.FROM),
    (late_pattern(r"['’]y?l[ae]\b", re.IGNORECASE), Tie.WITH),
    (late_pattern(r"['’]n?[ıiuü]n\b", re.IGNORECASE), Tie.OF),
    (late_pattern(r"['’]n?[dt][ae]\b", re.IGNORECASE), Tie.IN),
    (late_pattern(r"['’][yn]?[ıiuü]\b", re.IGNORECASE), Tie.DIRECT),
)

#: Behind a Turkish name it describes what is there: "Ankara'daki üsse".
_TURKISH_WHERE = late_pattern(r"['’]n?[dt][ae]ki", re.IGNORECASE)

#: Ends of the head of a Turkish phrase that begins with an adjective of a state, as folded.
_TURKISH_HEADS = (
    (late_pattern(r"\w{3,}(?:lar|ler|i|u)?n?[ae]|\w{3,}[aeiou]y[ae]"), Tie.TO),
    (late_pattern(r"\w{3,}(?:dan|den|tan|ten)"), Tie.FROM),
)

#: Of others than the name before it: "Kiev müttefiklerden", not "Kiev'in müttefiklerinden".
_TURKISH_OTHERS = late_pattern(r"\w+(?:lardan|lerden)")

#: The Arabic particle before a name that does not itself begin with its letter, as Lebanon and Libya do.
ARABIC_TO = late_pattern(r"لل|ل(?!بنان|بناني|يبي|اتفيا|يتوانيا|يختن|يسوتو|يبيريا|وكسم|اوس|ندن)")


#: Turkish words that belong to the noun before them.
_TURKISH_OWNED = late_pattern(r"\w+(?:[ıiuü]|ları|leri)(?:n[ıiuüae]|n[ıiuü]n|nda|nde|ndan|nden)?")

#: Endings of Slavic names of states in an oblique case, folded: the dative, what is acted upon, the agent.
_FEMININE = (
    "украин|росси|росі|польш|польщ|москв|турци|туреччин|инди|інді|анкар|варшав|праг|европ|європ|америк|британи|британі"
    "|германи|франци|франці|итали|італі|испани|іспані|грузи|грузі|серби|сербі|сири|сирі|венесуэл|венесуел|куб|японі|япони"
)
_SLAVIC = {
    "ru": (
        (late_pattern(rf"(?:{_FEMININE})\w?[ую]"), Tie.DIRECT),
        (late_pattern(r"\w{3,}[ую]|\w{3,}не|\w{3,}ше"), Tie.TO),
        (late_pattern(r"\w{3,}(?:ом|ем)"), Tie.BY),
        (late_pattern(r"\w{3,}(?:ии|ей|ой|ы)"), Tie.OF),
    ),
    "uk": (
        (late_pattern(rf"(?:{_FEMININE})\w?[ую]"), Tie.DIRECT),
        (late_pattern(r"\w{3,}(?:[ую]|ові|еві|ні|щі|ії)"), Tie.TO),
        (late_pattern(r"\w{3,}(?:ом|ем|єм)"), Tie.BY),
        (late_pattern(r"\w{3,}(?:ою|ею|єю|и)"), Tie.OF),
    ),
    "pl": (
        (late_pattern(r"\w{3,}(?:owi|inie|sce)"), Tie.TO),
        (late_pattern(r"\w{3,}(?:em)"), Tie.BY),
        (late_pattern(r"\w{3,}(?:ji|ii|iny|ich)"), Tie.OF),
    ),
}
_SLAVIC_PLURALS = late_pattern(
    r"эмират\w*|емірат\w*|нидерланд\w*|нідерланд\w*|штаты|штати|chiny|niemcy|wlochy|wegry|\w{1,3}"
)


def slavic_tie(lang: str, word: str) -> Tie | None:
    """Return the tie of a folded name of a state by its case; None for the nominative and what may be it."""
    if _SLAVIC_PLURALS.fullmatch(word):
        return None
    return next((tie for pattern, tie in _SLAVIC.get(lang, ()) if pattern.fullmatch(word)), None)


def is_turkish_compound(written: str) -> bool:
    """Say whether a Turkish noun belongs to the one before it: "ABD yaptırımları"."""
    return _TURKISH_OWNED.fullmatch(written.lower()) is not None


def turkish_tie(tail: str) -> Tie | None:
    """Return the tie of a Turkish name by what stands behind it in the text."""
    return next((tie for pattern, tie in _TURKISH if pattern.match(tail)), None)


def is_turkish_place(tail: str) -> bool:
    """Say whether a Turkish name only tells where something is, by what stands behind it in the text."""
    return _TURKISH_WHERE.match(tail) is not None


def turkish_head_tie(word: str) -> Tie | None:
    """Return the tie of a Turkish phrase by its last folded word."""
    return next((tie for pattern, tie in _TURKISH_HEADS if pattern.fullmatch(word)), None)


def is_of_others(word: str) -> bool:
    """Say whether a folded Turkish noun tells from whom, and is not that of the name before it."""
    return _TURKISH_OTHERS.fullmatch(word) is not None


#: German names that are plural: "in den USA" is where something is.
_PLURALS = frozenset("usa niederlanden emiraten staaten vereinigten philippinen".split())


def is_german_goal(words: tuple[str, ...], at: int) -> bool:
    """Say whether something goes into the state at a place: "in die Türkei", not "in der Türkei"."""
    article = words[at - 1] if words[max(at - 2, 0) : at - 1] == ("in",) else ""
    return article in {"die", "das"} or (article == "den" and words[at] not in _PLURALS)


#: Before the object of a Chinese verb that stands in front of it.
_TAKING = frozenset("将 將 把".split())


def is_chinese_object(word: str, before: tuple[str, ...], in_front: bool) -> bool:
    """Say whether a Chinese name is what is acted upon: "对日本", or before the verb "将日本实体列入"."""
    return word in {"对", "對"} or (in_front and not _TAKING.isdisjoint(before))
