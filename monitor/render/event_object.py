"""Find the object of a listing in an English title: "2 judges" of "US designates 2 judges over …". Pure."""

import re

from monitor.model import Event, Item

MAX_WORDS = 7

#: The types of events whose object is looked for.
_TYPES = frozenset({"imposed", "enforced", "lifted"})

#: Quotes that hold the object themselves: "hits X with sanctions", "adds X to its blacklist".
_INSIDE = (
    re.compile(r"(?:hits?|slaps?|targets?|punish\w*|strikes?) (.+) with (?:\w+ )*sanctions", re.I),
    re.compile(r"(?:adds?|places?|puts?|placed|added) (.+?) (?:to|on|onto) .*list", re.I),
    re.compile(r"(?:removes?|removed|delists?|drops?|strikes?) (.+?) (?:from|off) .*(?:list|annex)", re.I),
)
_SEIZED = re.compile(r"(?:seizes?|seized) (.+)", re.I)
#: Quotes after which the object stands.
_VERB = re.compile(r"(?:sanctions|sanctioned|designates|designated|blacklists|blacklisted)", re.I)
#: Quotes before which the object stands.
_PASSIVE = re.compile(r"(?:added|placed|put|removed) (?:to|on|from) .*(?:list|annex)", re.I)
_ON = re.compile(r".*\bsanctions", re.I)
_PREPOSITION = re.compile(r"(?:on|against) ", re.I)

#: Words that end a noun phrase.
_END = frozenset(
    "over for in as after amid with to at tied linked who that which following despite key via from by"
    " accused"
    " involved behind during because ahead before under says said say using when while until if where into"
    " near across but or than since on against outside off through within due not also it its them him her he"
    " she they we you his their and".split()
)
#: Words that show that what follows is a clause, not an object.
_CLAUSE = frozenset(
    "is are was were has have had will would could may might can do does did be been remain remains hit hits"
    " threaten threatens bite loom take takes begin begins kick list lists regime relief risk risks bill"
    " package compliance policy law laws work works fail fails evasion regulations programme program waiver"
    " waivers identifications identification nationals update review committee committees adviser threat"
    " vote".split()
)
_NUMBERS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen twenty thirty forty fifty dozens hundreds several".split()
)
#: Words in -ing that are no verbs.
_NOUNS = frozenset(
    "shipping banking mining trading beijing holding gaming engineering manufacturing building".split()
)


def is_english(item: Item) -> bool:
    """Say whether an item is in English, as far as its feed or its letters tell."""
    return item.lang.startswith("en") or (not item.lang and item.title.isascii())


def object_of(item: Item, event: Event) -> str:
    """Return the object of a listing or seizure as an English title writes it; "" if it is not plain."""
    if event.type not in _TYPES or event.field != "title" or not is_english(item):
        return ""
    quote = " ".join(event.quote.split())
    for pattern in (_SEIZED,) if event.type == "enforced" else _INSIDE:
        if found := pattern.fullmatch(quote):
            return _noun_phrase(found[1], whole=True)
    before, quoted, after = " ".join(item.title.split()).partition(quote)
    return _beside(before, quote, after) if quoted else ""


def _beside(before: str, quote: str, after: str) -> str:
    """Return the object that stands beside a quote."""
    if _PASSIVE.match(quote):
        return _lowered(_noun_phrase(before, whole=True))
    if _VERB.fullmatch(quote) and after.startswith(" "):
        return _noun_phrase(after)
    preposition = _PREPOSITION.match(after.lstrip())
    if _ON.fullmatch(quote) and preposition:
        return _noun_phrase(after.lstrip()[preposition.end() :])
    return ""


def _noun_phrase(text: str, whole: bool = False) -> str:
    """Return the noun phrase that a text begins with; "" if it is too long or looks like a clause."""
    kept: list[str] = []
    given = text.split()
    for word, following in zip(given, [*given[1:], ""], strict=True):
        bare = word.strip("“”‘’\"'").lower()
        if not whole and _ends(bare, kept) and not (bare == "and" and _is_number([following.lower()])):
            break
        kept.append(word)
        if not whole and word[-1] in ",;:.?!":
            break
    words = [word.strip("“”‘’\"'").lower() for word in kept]
    if not kept or len(kept) > MAX_WORDS or _CLAUSE.intersection(words) or _is_number(words):
        return ""
    return " ".join(kept).rstrip(",;:.?!")


def _lowered(words: str) -> str:
    """Return a phrase whose first word, if it is a number in words, begins with a small letter."""
    first, space, others = words.partition(" ")
    return f"{first.lower()}{space}{others}" if first.lower() in _NUMBERS else words


def _ends(word: str, kept: list[str]) -> bool:
    if word in _END or word in {"-", "–", "—", "|", "/"} or word.startswith(("(", "[")):
        return True
    return bool(kept) and word.endswith("ing") and word not in _NOUNS


def _is_number(words: list[str]) -> bool:
    """Say whether words are a count or an adverb without a noun."""
    return all(word.rstrip(",;:.?!").isdigit() or word in _NUMBERS | {"more", "new"} for word in words)
