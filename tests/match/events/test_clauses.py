"""Clauses, years and guards: what of a sentence is news, and what it recalls, denies or supposes."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match import lexicon
from monitor.match.events.clauses import Guarded, clause_of, clauses, guard
from monitor.match.query.nodes import leads
from monitor.match.query.parser import parse
from monitor.text import tokenize
from tests.match.seeds import GRAMMAR, LEXICON, doc_for, texts

SMALL_WORDS = (
    "after that which for buying in 2017 2019 said tanks bought not may previously sanctioned".split()
)


@cache
def guards() -> lexicon.Lexicon:
    return lexicon.load({name: texts("lexicon")[name] for name in ("concepts-guards.toml", "weapons.toml")})


def split(raw: str) -> list[str]:
    text = tokenize(raw)
    return [text.quote(clause.start, clause.stop) for clause in clauses(GRAMMAR, text, 0, len(text.words))]


def around(raw: str, cue: str, year_now: int = 2026) -> Guarded:
    """Return the guards of the first match of a query in one sentence."""
    query = parse(cue, guards().tags)
    doc = doc_for(query, raw, words=guards())
    return guard(doc, leads(query, doc)[0], year_now)


@pytest.mark.parametrize(
    ("raw", "parts"),
    [
        ("Berlin signs", ["Berlin signs"]),
        ("Berlin signs, Paris pays", ["Berlin signs", "Paris pays"]),
        ("Berlin (and Bonn) signs: Paris – pays", ["Berlin", "and Bonn", "signs", "Paris", "pays"]),
        ("Berlin signs after Paris paid", ["Berlin signs", "after Paris paid"]),
        ("Berlin, which signed, pays for buying tanks", ["Berlin", "which signed", "pays", "for buying tanks"]),
        ("Berlin pays for Boeing jets for Spain", ["Berlin pays for Boeing jets for Spain"]),
        ("Berlin Pays For Buying Tanks", ["Berlin Pays", "For Buying Tanks"]),
        ("It buys 1,200 tanks by 10:30 for 2017–2019", ["It buys 1,200 tanks by 10:30 for 2017–2019"]),
        ("It buys air-defence systems", ["It buys air-defence systems"]),
        ("It buys - he says - tanks", ["It buys", "he says", "tanks"]),
        ("It buys tanks while Paris waits as Rome pays", ["It buys tanks", "while Paris waits", "as Rome pays"]),
    ],
)  # fmt: skip
def test_a_sentence_falls_into_clauses(raw, parts):
    assert split(raw) == parts


@pytest.mark.parametrize(
    ("raw", "recalling"),
    [
        ("Berlin pays after Paris paid", [False, True]),
        ("After Paris paid, Berlin pays", [False, False]),
        ("Berlin, which paid, waits", [False, True, False]),
        ("Berlin fined for selling tanks", [False, True]),
        ("He said that Berlin pays", [False, False]),
        ("The ministry announced on Monday that Berlin pays", [False, False]),
        ("The tanks that Berlin pays for", [False, True]),
        ("Berlin pays while Paris waits", [False, False]),
    ],
)
def test_some_clauses_tell_what_came_before(raw, recalling):
    text = tokenize(raw)
    assert [clause.recalling for clause in clauses(GRAMMAR, text, 0, len(text.words))] == recalling


@pytest.mark.parametrize(
    ("raw", "parts", "recalling"),
    [
        ("Берлин платит после того", ["Берлин платит", "после того"], [False, True]),
        ("Berlin zahlt, weil Bonn zahlte", ["Berlin zahlt", "weil Bonn zahlte"], [False, True]),
        ("Die Panzer, die Berlin zahlt", ["Die Panzer", "die Berlin zahlt"], [False, True]),
        ("Der Rat und die Bank", ["Der Rat und die Bank"], [False]),
        ("برلين تدفع بعد باريس", ["برلين تدفع", "بعد باريس"], [False, True]),
        ("柏林付款，巴黎不付", ["柏林付款", "巴黎不付"], [False, False]),
    ],
)
def test_other_languages_have_clauses_too(raw, parts, recalling):
    query = parse("@recalling", guards().tags)
    doc = doc_for(query, raw, words=guards())
    text = doc.texts["title"]
    found = clauses(GRAMMAR, text, 0, len(text.words), {span.start for span in doc["recalling"]})
    assert [text.quote(clause.start, clause.stop) for clause in found] == parts
    assert [clause.recalling for clause in found] == recalling


@pytest.mark.parametrize(
    ("raw", "cue", "guarded"),
    [
        ("ABD tankları almadı", "tankları", (True, False)),
        ("Berlin kauft Panzer nicht", "kauft", (True, False)),
        ("Берлин не купил танки", "купил", (True, False)),
        ("Берлин может купить танки", "купить", (False, True)),
        ("Берлин не исключил, что купит", "купит", (False, False)),
        ("Берлин не исключил покупку", "покупку", (False, True)),
        ("Berlin n'a pas acheté", "acheté", (True, False)),
        ("柏林考虑购买坦克", "购买", (False, True)),
        ("柏林不购买坦克", "购买", (True, False)),
    ],
)
def test_denial_and_supposition_are_read_in_every_language(raw, cue, guarded):
    found = around(raw, cue)
    assert (found.negated, found.hedged) == guarded


@given(st.lists(st.sampled_from([*SMALL_WORDS, ",", ":", "-", "("]), max_size=20).map(" ".join))
def test_clauses_cover_their_sentence_without_gap_or_overlap(raw):
    text = tokenize(raw)
    parts = clauses(GRAMMAR, text, 0, len(text.words)) if text.words else ()
    assert [place for part in parts for place in range(part.start, part.stop)] == list(range(len(text.words)))
    assert all(part.start < part.stop for part in parts)


@pytest.mark.parametrize(
    ("raw", "cue", "year"),
    [
        ("Ankara bought tanks in 2017", "bought", 2017),
        ("In 2017, Ankara bought tanks", "bought", 2017),
        ("In July 2017, Ankara bought tanks", "bought", 2017),
        ("Ankara, in 2017, bought tanks", "bought", 2017),
        ("Ankara bought tanks in mid-2017", "bought", 2017),
        ("Ankara bought tanks in 2017-2019", "bought", 2017),
        ("Ankara bought 1,200 tanks in 2017", "bought", 2017),
        ("Ankara bought tanks in 2017 and ships", "bought", 2017),
        ("Ankara bought tanks, paid in 2017", "bought", None),
        ("Bought in 2017, the tanks arrive", "arrive", None),
        ("Bought in 2017, the tanks arrive", "bought", 2017),
        ("The tanks, delivered in 2019, rust", "rust", None),
        ("Ankara receives tanks bought in 2017", "receives", None),
        ("Ankara buys tanks in 2026", "buys", None),
        ("Ankara buys tanks for delivery by 2030", "buys", None),
        ("Ankara buys 2000 shells", "buys", None),
        ("Ankara bought 2000 shells in 2000", "bought", 2000),
        ("Under Regulation 765/2006 Minsk pays", "pays", None),
        ("Minsk pays $2000", "pays", None),
        ("Ankara pays for the Antey-2500", "pays", None),
        ("It paid, then in 2017 it bought tanks", "bought", 2017),
        ("It bought tanks in 2015 after it sold ships in 2019", "bought", 2015),
        ("Ankara paid 2017 lira", "paid", None),
    ],
)
def test_a_past_year_in_its_clause_or_introduction_dates_an_event(raw, cue, year):
    assert around(raw, cue).year == year


def test_what_is_past_depends_on_when_the_item_was_written():
    assert around("Ankara bought tanks in 2017", "bought", year_now=2017).year is None
    assert around("Ankara bought tanks in 2017", "bought", year_now=2018).why == "tells of 2017"


@pytest.mark.parametrize(
    ("raw", "cue", "why"),
    [
        ("Ankara previously bought tanks", "bought", '"previously"'),
        ("Ankara bought tanks last year", "bought", '"last year"'),
        ("Three years ago, Ankara bought tanks", "bought", '"years ago"'),
        ("Ankara had bought tanks", "bought", '"had bought"'),
        ("The ministry said it had bought tanks", "bought", ""),
        ("The ministry said on Friday that it had bought tanks", "bought", ""),
        ("Ankara pays after Athens bought tanks", "bought", 'told as what came before ("after …")'),
        ("Ankara, which bought tanks, pays", "bought", 'told as what came before ("which …")'),
        ("Ankara fined for buying tanks", "buying", 'told as what came before ("for …")'),
        ("Earlier on Friday Ankara bought tanks", "bought", ""),
        ("Once more Ankara bought tanks", "bought", ""),
        ("Ankara buys tanks, previously owned by Athens", "buys", ""),
    ],
)
def test_what_is_recalled_says_by_which_words(raw, cue, why):
    assert around(raw, cue).why == why


@pytest.mark.parametrize(
    ("raw", "cue", "negated"),
    [
        ("Ankara did not buy tanks", "buy", True),
        ("Ankara never bought tanks", "bought", True),
        ("Ankara didn't buy tanks", "buy", True),
        ("Ankara won’t buy tanks", "buy", True),
        ("Ankara denies that it bought tanks", "bought", True),
        ("Ankara denied it bought tanks", "bought", True),
        ("Ankara rules out buying tanks", "buying", True),
        ("Ankara refuses to buy tanks", "buy", True),
        ("Ankara buys no tanks", "buys NEAR/3 tanks", True),
        ("Ankara has not bought tanks", "Ankara ONEAR/3 (bought NEAR/3 tanks)", True),
        ("Ankara buys tanks, not ships", "buys NEAR/3 tanks", False),
        ("Ankara will not wait, it buys tanks", "buys", False),
        ("Ankara does not say how soon it may in the end buy tanks", "buy", False),
        ("Ankara buys tanks without delay", "buys", False),
        ("Ankara won tanks", "won", False),
    ],
)  # fmt: skip
def test_a_denial_before_the_verb_or_its_object_negates(raw, cue, negated):
    assert around(raw, cue).negated is negated


@pytest.mark.parametrize(
    ("raw", "hedged"),
    [
        ("Ankara may buy tanks", True),
        ("Ankara is expected to buy tanks", True),
        ("Ankara plans to buy tanks", True),
        ("Ankara hopes that Athens will buy tanks", True),
        ("Ankara will buy tanks, sources say", True),
        ("Reportedly, Ankara will buy tanks", True),
        ("Ankara will buy tanks", False),
        ("Ankara may wait, Athens will buy tanks", False),
        ("Ankara will buy tanks that may rust", False),
    ],
)
def test_a_supposition_before_the_verb_or_an_unnamed_source_hedges(raw, hedged):
    assert around(raw, "buy").hedged is hedged


def test_the_clause_of_a_word_ends_at_the_next_mark():
    doc = doc_for(parse("one OR two OR three", ()), "One and two, three")
    (one,), (two,), (three,) = (doc[f"w:{word}"] for word in ("one", "two", "three"))
    assert clause_of(doc, one) == clause_of(doc, two) == (0, 3)
    assert clause_of(doc, three) == (3, 4)


def test_a_sentence_without_end_is_read_only_around_the_verb():
    raw = " ".join(["and"] * 5_000 + ["in 2017 Ankara bought tanks"] + ["and"] * 5_000)
    assert around(raw, "bought").year == 2017


def test_the_small_lexicon_has_no_guards_and_guards_nothing():
    query = parse("bought", LEXICON.tags)
    doc = doc_for(query, "Ankara never bought tanks")
    assert not guard(doc, query.find(doc)[0], 2026).negated
