"""Find the object of a listing in an English title: "2 judges" of "US designates 2 judges over …". Pure."""

import re

from monitor.model import Event, Item
from monitor.text.english import is_english

MAX_WORDS = 7

#: The types of events whose object is looked for.
_TYPES = frozenset({"imposed", "proposed", "enforced", "lifted"})

#: Quotes that hold the object themselves: "hits X with sanctions", "adds X to its blacklist".
_INSIDE = (
    re.compile(
        r"(?:hits?|slaps?|targets?|punish\w*|strikes?) (.+) with (?:\w+ )*(?:sanctions|bans?|embargo)", re.I
    ),
    re.compile(r"(?:hits?|targets?) (.+) in (?:\w+ )*sanctions", re.I),
    re.compile(
        r"(?:adds?|places?|puts?|placed|added|returns?|returned|restores?) (.+?) (?:to|on|onto) .*lists?",
        re.I,
    ),
    re.compile(
        r"(?:labels?|labell?ed|designat\w+|declares?|declared|brands?) (.+?) (?:as )?(?:an? )?"
        r"\W?(?:(?:foreign|global|specially|designated|international|domestic) )*terror.*",
        re.I,
    ),
    re.compile(r"(?:lists?|listed) (.+?) as .*", re.I),
    re.compile(r"(?:removes?|removed|delists?|drops?|strikes?) (.+?) (?:from|off) .*(?:list|annex)", re.I),
)
_SEIZED = re.compile(
    r"(?:seiz\w+|board(?:s|ed)?|intercept(?:s|ed)?|detain(?:s|ed)?|captur\w+|impound\w*|confiscat\w+) (.+)",
    re.I,
)
#: Quotes after which the object stands.
_VERB = re.compile(r"(?:sanction(?:s|ed|ing)?|designat(?:es?|ed|ing)|blacklist(?:s|ed|ing)?)", re.I)
#: Quotes before which the object stands.
_PASSIVE = re.compile(r"(?:added|placed|put|removed) (?:to|on|from) .*(?:list|annex)", re.I)
_ON = re.compile(r".*\b(?:sanctions|embargo|bans?|restrictions|curbs|controls|penalties)", re.I)
#: Quotes of sanctions as the subject, before their object: "sanctions hit", "sanctions against X target".
_HIT = re.compile(r"sanctions\b.*\b(?:hit|target)s?", re.I)
#: A quote behind its object where the authority stands behind it: "company sanctioned in Britain".
_WAS = re.compile(r"(?:sanctioned|blacklisted)", re.I)
_BY = re.compile(r" (?:by|in) ", re.I)
_PREPOSITION = re.compile(r"(?:on|against) ", re.I)
#: "in the Red Sea another tanker": where an act is done, before its object.
_PLACE = re.compile(r"(?:in|off|near) (?:the )?(?:[A-Z][\w'’-]*\W)+(?=(?:an?|another|the|two|three|\d+)\s)")
#: "over 100 officials": no word that ends a phrase.
_OVER = re.compile(r"(?:over|under|about|around) (?=\d)", re.I)

#: Words that end a noun phrase.
_END = frozenset(
    "over for in as after amid with to at tied linked who that which following despite key via from by close"
    " accused believed thought bound headed once associated seized boarded"
    " involved behind during because ahead before under says said say using when while until if where into"
    " near across but or than since on against outside off through within due not also it its them him her he"
    " she they we you his their and soon again next last this today tomorrow monday tuesday wednesday"
    " thursday friday saturday sunday".split()
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
    "shipping banking mining trading beijing holding gaming engineering manufacturing building trafficking"
    " smuggling laundering hacking funding".split()
)
#: A phrase that begins with one of these is no object: "on the eve of talks", "on Monday".
_NO_OBJECT = frozenset(
    "trade eve grounds top behalf condition monday tuesday wednesday thursday friday saturday sunday".split()
)
#: Nouns that "and" may join to an object, and how far behind it they stand.
_JOINED = frozenset(
    "individuals people persons peers officials family relatives associates firms companies entities members"
    " ministers officers leaders supporters vessels ships tankers shippers commanders executives allies"
    " institutions banks units bodies children wife lawyer prosecutor prosecutors judges".split()
)
_AND_REACH = 3
#: Quotation marks that begin and end a name.
_QUOTES = (("[‘']", "[’']"), ('[“"]', '[”"]'))
#: What a designation makes of its object.
_AS = re.compile(r" (?:as )?(?:an? )?\W?(?:\w+ )?terror\w*.*$", re.I)


def object_of(item: Item, event: Event) -> str:
    """Return the object of a listing or seizure as an English title writes it; "" if it is not plain."""
    if event.type not in _TYPES or event.field != "title" or not is_english(item.lang, item.title):
        return ""
    quote = " ".join(event.quote.split())
    before, quoted, after = " ".join(item.title.split()).partition(quote)
    if event.type == "enforced":
        if seized := _SEIZED.fullmatch(quote):
            return _noun_phrase(seized[1] + after) or _noun_phrase(seized[1], whole=True)
    else:
        for pattern in _INSIDE:
            if found := pattern.fullmatch(quote):
                return _noun_phrase(found[1], whole=True)
    return _beside(before, quote, after) if quoted else ""


def _beside(before: str, quote: str, after: str) -> str:
    """Return the object that stands beside a quote."""
    if _PASSIVE.match(quote):
        return _lowered(_noun_phrase(before, whole=True))
    if _WAS.fullmatch(quote) and _BY.match(after) and before.strip():
        return _lowered(_noun_phrase(before))
    if _HIT.fullmatch(quote):
        return _noun_phrase(after)
    if _VERB.fullmatch(quote) and after.startswith(" "):
        return _noun_phrase(after)
    preposition = _PREPOSITION.match(after.lstrip())
    if _ON.fullmatch(quote) and preposition:
        return _noun_phrase(after.lstrip()[preposition.end() :])
    return ""


def _noun_phrase(text: str, whole: bool = False) -> str:
    """Return the noun phrase that a text begins with; "" if it is too long or looks like a clause."""
    about = _OVER.match(text.lstrip())
    given = _PLACE.sub("", text.lstrip()[about.end() if about else 0 :], count=1).split()
    kept = given if whole else _until_end(given)
    words = [_bare(word) for word in kept]
    if not kept or len(kept) > MAX_WORDS or _CLAUSE.intersection(words) or _is_number(words):
        return ""
    if words[0] in _NO_OBJECT or words[-1] == "of":
        return ""
    return f"{about[0] if about else ''}{_AS.sub('', ' '.join(kept)).rstrip(',;:.?!')}"


def _until_end(given: list[str]) -> list[str]:
    """Return the words up to where a noun phrase ends; what stands in quotation marks is not cut."""
    kept: list[str] = []
    for index, word in enumerate(given):
        is_quoted = _is_open(kept)
        if not is_quoted and _ends(_bare(word), kept) and not (kept and _joins(given, index)):
            break
        kept.append(word)
        if not is_quoted and word[-1] in ",;:.?!" and not _goes_on(given, index):
            break
    return kept


def _is_open(kept: list[str]) -> bool:
    """Say whether a quotation mark was opened and not closed."""
    text = f" {' '.join(kept)} "
    return any(
        len(re.findall(rf"\s{start}", text)) > len(re.findall(rf"{end}\W", text)) for start, end in _QUOTES
    )


def _joins(given: list[str], index: int) -> bool:
    """Say whether a word is an "and" that joins more of the same: a count, a known noun, a last name."""
    following = given[index + 1 : index + 1 + _AND_REACH]
    if _bare(given[index]) != "and" or not following:
        return False
    bare = [_bare(each) for each in following]
    is_last = len(following) == 1 or following[0][-1] in ",;:" or bare[1] in _END
    is_name = is_last and following[0][0].isupper() and given[index - 1][0].isupper()
    return is_name or _is_number(bare[:1]) or not _JOINED.isdisjoint(bare)


def _goes_on(given: list[str], index: int) -> bool:
    """Say whether a list goes on behind a comma and says whose it is: "relatives, associates of X"."""
    return given[index][-1] == "," and given[index + 2 : index + 3] == ["of"]


def _bare(word: str) -> str:
    return word.strip("“”‘’\"',;:.?!").lower()


def _lowered(words: str) -> str:
    """Return a phrase whose first word, if it is a number in words, begins with a small letter."""
    first, space, others = words.partition(" ")
    return f"{first.lower()}{space}{others}" if first.lower() in _NUMBERS else words


def _ends(word: str, kept: list[str]) -> bool:
    if word in _END or word in {"-", "–", "—", "|", "/"} or word.startswith(("(", "[")):
        return True
    return bool(kept) and word.endswith("ing") and len(word) > 4 and word not in _NOUNS


def _is_number(words: list[str]) -> bool:
    """Say whether words are a count or an adverb without a noun."""
    return all(word.rstrip(",;:.?!").isdigit() or word in _NUMBERS | {"more", "new"} for word in words)
