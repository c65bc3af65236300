"""What a text tells, to be compared with another text's, whatever language each is in. Pure."""

from collections.abc import Iterable

from monitor.model import Fingerprint, Item, Verdict
from monitor.similarity import pieces
from monitor.text import tokenize, words
from monitor.text.sums import sums, without_sums

from .arguments import arguments_of
from .figures import figures_of
from .headline import headline, main_clause
from .terms import name_forms, terms_of, terms_of_mention
from .vocabulary import NO_VOCABULARY, Vocabulary

#: Of a summary so many words are kept: a wire's copy is known by its first sentence.
LEAD = 32

#: Names of these kinds stand for their states.
_OF_STATES = frozenset({"authority", "person"})

#: Of a summary so many letters are compared.
_LEAD_LETTERS = 300

_EMPTY = frozenset(
    "the a an and or of to in on for with as at by from over after is are be was were has have"
    " had its it this that says said say new more will may could would up he we no so if do vs"
    " not der die das den dem des ein eine und von zu im mit auf gegen fur le la les l de du et"
    " en un une pour sur el los las del y por con ve ile bir bu icin и в на с о по за из для від"
    " у з та і till och av mot for om".split()
)


def distinctive_words(title: str) -> frozenset[str]:
    """Return the words of a title that tell which event it is: also "EU" and "16", which tell it apart."""
    kept = frozenset(pieces(title)) - _EMPTY
    return frozenset(word for word in kept if len(word) > 1 or word.isdigit())


def fingerprint_of(
    item: Item, verdict: Verdict, feed_title: str = "", vocabulary: Vocabulary = NO_VOCABULARY
) -> Fingerprint:
    """Return the features of an item."""
    title, lead = headline(item.title, feed_title), item.summary[:_LEAD_LETTERS]
    names = name_forms(verdict.entities)
    plain_title = without_sums(title)
    title_terms = terms_of(plain_title, names, vocabulary)
    main_terms = terms_of(main_clause(plain_title), names, vocabulary)
    titled = _titled(title, verdict)
    states = {
        f"country:{code}" for each in verdict.entities if each.kind in _OF_STATES for code in each.countries
    }
    figures = frozenset(figures_of(title))
    lead_terms = terms_of(without_sums(lead), names, vocabulary)
    return Fingerprint(
        lang=item.lang,
        words=tuple(sorted(distinctive_words(plain_title))),
        body=tuple(tokenize(item.summary[:600]).words[:LEAD]),
        titled=tuple(sorted(titled)),
        named=tuple(sorted({each.id for each in verdict.entities} | states)),
        figures=tuple(sorted(figures)),
        counted=tuple(sorted(frozenset(figures_of(item.summary[:300])) - figures)),
        sums=tuple(sorted({str(each) for each in sums(title)})),
        title_terms=title_terms,
        main_terms=len(main_terms),
        lead_terms=tuple(term for term in lead_terms if term not in title_terms),
        arguments=arguments_of(item, title, verdict, vocabulary),
    )


def _titled(title: str, verdict: Verdict) -> frozenset[str]:
    """Return ids of what a title names, and of the states of its authorities."""
    titled = frozenset(words(title))
    named = [each for each in verdict.entities if each.quote and titled.issuperset(words(each.quote))]
    return frozenset(term for each in named for term in terms_of_mention(each))


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
