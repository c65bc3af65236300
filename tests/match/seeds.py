"""The engine as it ships, and small ones for a single question."""

from datetime import UTC, datetime

from monitor.match import lexicon
from monitor.match.disambiguate import annotate
from monitor.match.query.nodes import Query
from monitor.match.query.parser import parse, terms
from monitor.match.query.pattern import parse as parse_pattern
from monitor.match.spans import Doc
from monitor.match.spotting import Spotter, spotter_of
from monitor.model import Tier, Verdict
from monitor.resources import SEEDS
from monitor.text import tokenize
from tests.conftest import item
from tests.support.engines import engine_of

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SCORING = ("scoring.toml", (SEEDS / "scoring.toml").read_text("utf-8"))

#: A lexicon in which every kind of @name has an example.
SMALL = """
[concept.buy]
en = ["buy*", "bought"]
[weapon.s-400-triumf]
name = "S-400 Triumf"
names = ["S-400"]
[weapon.patriot]
name = "Patriot"
names = ["Patriot missile"]
ambiguous = ["Patriot"]
[concept.arms_cue]
en = ["launcher*"]
[agency.ssb]
name = "Presidency of Defence Industries"
names = ["Presidency of Defence Industries"]
ambiguous = ["SSB"]
countries = ["TR"]
[country.TR]
name = "Türkiye"
names = ["Türkiye", "Turkish"]
[country.US]
name = "United States"
names = ["United States", "=US", "=U.S."]
[programme.us-caatsa]
name = "CAATSA"
names = ["CAATSA"]
lists = ["US"]
"""


def texts(folder: str) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted((SEEDS / folder).glob("*.t*"))}


#: The files of the lexicon and of frames.
LEXICAL = texts("lexicon") | texts("frames")
ENGINE = engine_of(LEXICAL, texts("rules"), SCORING)

#: The words of grammar that ship.
GRAMMAR = ENGINE.tables.small

LEXICON = lexicon.load({"small.toml": SMALL})


def judge(title: str, summary: str = "", tier: Tier = Tier.WIRE, **changes: object) -> Verdict:
    """Return the verdict of the shipped engine on an item read today."""
    return ENGINE.judge(
        item(title=title, summary=summary, first_seen_at=NOW, published_at=NOW, **changes), tier
    )


def doc_for(query: Query, title: str, summary: str = "", words: lexicon.Lexicon = LEXICON) -> Doc:
    """Return a text as a query sees it: its own words are spotted, and the small lexicon's."""
    used = ((tag, parse_pattern(tag.removeprefix("w:"))) for tag in terms(query))
    texts = {"title": tokenize(title), "summary": tokenize(summary)}
    return annotate(texts, _spotter(words).also(used), words, small=GRAMMAR)


#: The spotters of lexicons, each with its lexicon, by the identity of that.
_spotters: dict[int, tuple[lexicon.Lexicon, Spotter]] = {}


def _spotter(words: lexicon.Lexicon) -> Spotter:
    """Return the spotter of a lexicon, made once."""
    if id(words) not in _spotters:
        _spotters[id(words)] = words, spotter_of(words.patterns())
    return _spotters[id(words)][1]


def found(source: str, title: str, summary: str = "", words: lexicon.Lexicon = LEXICON) -> list[str]:
    """Return the quotes that a query finds."""
    query = parse(source, words.tags)
    doc = doc_for(query, title, summary, words)
    return [doc.texts[match.field].quote(match.start, match.stop) for match in query.find(doc)]
