"""What a text tells, to be compared with another text's, whatever language each is in. Pure."""

import re
from collections.abc import Iterable, Iterator

from monitor.model import Fingerprint, Item, Verdict
from monitor.similarity import pieces
from monitor.text import tokenize, words
from monitor.text.sums import sums, without_sums

#: Of a summary so many words are kept: a wire's copy is known by its first sentence.
LEAD = 32

_EMPTY = frozenset(
    "the a an and or of to in on for with as at by from over after is are be was were has have"
    " had its it this that says said say new more will may could would up he we no so if do vs"
    " not der die das den dem des ein eine und von zu im mit auf gegen fur le la les l de du et"
    " en un une pour sur el los las del y por con ve ile bir bu icin и в на с о по за из для від"
    " у з та і till och av mot for om".split()
)

#: Labels that wires put before a title: another version of the same text, not a correction.
_LABEL = re.compile(
    r"^\s*(?:\W*(?:update \d+|refile|recast|wrapup \d+|exclusive|breaking(?: news)?|urgent|flash"
    r"|just in|watch|video|son dakika|срочно|терміново|eilmeldung|urgente?|عاجل)\s*[-:—–|!.\]]+\s*)+",
    re.IGNORECASE,
)
_TAIL = re.compile(r"^(?P<title>.{12,}\S)\s*(?:\s[-–—|·:]{1,2}\s|\s?\|\s?)(?P<who>[^|–—]{2,40})$", re.DOTALL)
_WIRES = frozenset(
    "reuters afp ap dpa tass тасс ria риа интерфакс interfax aa ukrinform укринформ efe ansa"
    " pap tt xinhua 新华社 bbc cnn dw rfi nhk kyodo yonhap".split()
)
_PAPER = re.compile(
    r"\b(?:news|times|post|daily|journal|tribune|herald|agency|press|gazette|today|online|tv|radio|magazine|review"
    r"|weekly|monitor|chronicle|international|zeitung|welle|haber|ajansi|новости|правда|газета)\b"
    r"|\.(?:com|net|org|ru|ua|de|fr|tr|eu)\b"
)

#: A name made of letters and figures: its figures count nothing.
_DESIGNATOR = re.compile(
    r"(?<![^\W_])[a-z\u0400-\u04ff\u0620-\u06d3]{1,6}[-‑–/]?\d+[^\W_]*|\b\d+[a-z]+\d+[^\W_]*|\b\d+/\d{4}\b"
)
_COUNT = re.compile(
    r"(?<![^\W\u4e00-\u9fff])(\d{1,6})(?:st|nd|rd|th|-?(?:й|го|му|е|м|і)|er|eme|e|o|a)?(?![^\W\u4e00-\u9fff])"
)
_GROUPED = re.compile(r"(?<=\d)[ ,.](?=\d{3}(?!\d))")
_YEAR = re.compile(r"(?:19|20)\d\d")

_NUMBERS = {
    word: str(number)
    for number, several in enumerate(
        (
            "two zwei deux dos два две дві двух iki två تدو 两 două",
            "three drei trois tres три трех трьох üç tre ثلاثة 三",
            "four vier quatre cuatro четыре четырех чотири dört fyra أربعة 四",
            "five fünf cinq cinco пять пяти п'ять beş fem خمسة 五",
            "six sechs seis шесть шести шість altı sex ستة 六",
            "seven sieben sept siete семь семи сім yedi sju سبعة 七",
            "eight acht huit ocho восемь восьми вісім sekiz åtta ثمانية 八",
            "nine neun neuf nueve девять девяти дев'ять dokuz nio تسعة 九",
            "ten zehn dix diez десять десяти tio عشرة 十",
        ),
        start=2,
    )
    for word in words(several)
}


def headline(title: str, feed_title: str = "") -> str:
    """Return a title without the label a wire put before it and the publisher's name behind it."""
    plain = _LABEL.sub("", title, count=1)
    if match := _TAIL.match(plain):
        who = words(match["who"])
        ours = bool(feed_title) and frozenset(who) <= frozenset(words(feed_title))
        if who and (ours or who[0] in _WIRES or _PAPER.search(match["who"].casefold())):
            return match["title"].rstrip()
    return plain.strip()


def distinctive_words(title: str) -> frozenset[str]:
    """Return the words of a title that tell which event it is: also "EU" and "16", which tell it apart."""
    kept = frozenset(pieces(title)) - _EMPTY
    return frozenset(word for word in kept if len(word) > 1 or word.isdigit())


def fingerprint_of(item: Item, verdict: Verdict, feed_title: str = "") -> Fingerprint:
    """Return what an item tells."""
    title = headline(item.title, feed_title)
    distinctive = distinctive_words(without_sums(title))
    titled = frozenset(words(title))
    in_title = [each for each in verdict.entities if titled.issuperset(words(each.quote)) and each.quote]
    states = {f"country:{code}" for each in in_title if each.kind == "authority" for code in each.countries}
    quotes = [each.quote for each in in_title if each.kind in {"country", "authority"}]
    plain = frozenset(words(" ".join(quotes)))
    if verdict.event and verdict.event.field == "title":
        act = words(verdict.event.quote)
        plain |= {*act[:1], *act[-1:]}  # what stands between may be whom it concerns
    named = {each.id for each in verdict.entities} | states
    named |= {
        f"country:{code}" for each in verdict.entities if each.kind == "authority" for code in each.countries
    }
    figures = frozenset(_figures(title))
    return Fingerprint(
        lang=item.lang,
        words=tuple(sorted(distinctive)),
        plain=tuple(sorted(distinctive & plain)),
        body=tuple(tokenize(item.summary[:600]).words[:LEAD]),
        titled=tuple(sorted({each.id for each in in_title} | states)),
        named=tuple(sorted(named)),
        figures=tuple(sorted(figures)),
        counted=tuple(sorted(frozenset(_figures(item.summary[:300])) - figures)),
        sums=tuple(sorted({str(each) for each in sums(title)})),
    )


def _figures(text: str) -> Iterator[str]:
    """Yield what a text counts, small numbers also spelled out; no sums, no years, no parts of names."""
    plain = _GROUPED.sub("", _DESIGNATOR.sub(" ", without_sums(text)))
    for match in _COUNT.finditer(plain):
        if not _YEAR.fullmatch(match[1]):
            yield match[1].lstrip("0") or "0"
    for word in words(plain):
        if word in _NUMBERS:
            yield _NUMBERS[word]


def stems(distinctive: Iterable[str]) -> frozenset[str]:
    """Return words cut and written in Latin letters, so that a name is the same in two alphabets; none that
    many languages share."""
    cuts = (word.translate(_LATIN)[:_STEM] for word in distinctive if not word.isdigit())
    return frozenset(cut for cut in cuts if len(cut) == _STEM and cut not in _SHARED)


_STEM = 5
_SHARED = frozenset(
    "sanct sankt sanks minis presi contr kontr gouve gover natio natsi inter milit compa kompa"
    " firma syste siste sisti packa paket missi raket parti natur offic defen oboro tanke dolla"
    " dolar dolla milli milia billi embar econo ekono finan expor impor produ proje proek progr"
    " regio polit russi rossi ameri europ evrop ukrai turki franc germa israe china chine irani"
    " syria korea".split()
)
_LATIN = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфхыэіїє", "abvgdeziiklmnoprstufhieiie", strict=True)),
        "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ь": "", "ъ": "", "ю": "iu", "я": "ia",
    }
)  # fmt: skip
