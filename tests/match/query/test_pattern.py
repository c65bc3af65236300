"""Patterns over words: what each sign of the notation finds, and what it leaves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match.query.pattern import Pattern, of_name, parse
from monitor.match.spotting import spotter_of
from monitor.text import tokenize, words

WORD = st.text("abcdeşéß", min_size=2, max_size=6)


def quotes(patterns: tuple[Pattern, ...], raw: str) -> list[str]:
    text = tokenize(raw)
    spans = spotter_of(tuple(("t", pattern) for pattern in patterns)).spot("title", text)
    return [text.quote(span.start, span.stop) for span in spans]


@pytest.mark.parametrize(
    ("pattern", "raw", "finds"),
    [
        ("arms", "Arms, ARMS and army", ["Arms", "ARMS"]),
        ("arms deal", "The arms deal; arms-deal; arms big deal", ["arms deal", "arms-deal"]),
        ("arms deal", "She raised her arms. Deal done", []),
        ("sanction*", "Sanctioned: sanctions, no sanctuary", ["Sanctioned", "sanctions"]),
        ("*sanktionen", "Wirtschaftssanktionen und Sanktionen", ["Wirtschaftssanktionen", "Sanktionen"]),
        ("*sanktion*", "Die Gegensanktionen", ["Gegensanktionen"]),
        ("lic?nce", "licence license lience licéncé", ["licence", "licéncé"]),
        ("licen?e*", "licences and licensees", ["licences", "licensees"]),
        ("# jets", "12 jets, twelve jets, 3rd jets, many jets, several jets", ["12 jets", "twelve jets", "3rd jets", "several jets"]),
        ("adds ... to list", "adds to list", ["adds to list"]),
        ("adds ... to list", "adds one two three four to list", ["adds one two three four to list"]),
        ("adds ... to list", "adds one two three four five to list", []),
        ("freez* ... assets", "freezes the assets of, then freezing assets", ["freezes the assets", "freezing assets"]),
        ("=US", "US, us, U.S. and Us", ["US"]),
        ("=U.S.", "The U.S. Treasury, the US one, the U.S", ["U.S", "U.S"]),
        ("=MoU", "MoU MOU mou", ["MoU"]),
        ("air-defence", "air defence, air-defence, air–defence, airdefence", ["air defence", "air-defence", "air–defence"]),
        ("Türkiye's", "Türkiye and TURKIYE", ["Türkiye", "TURKIYE"]),
        ("Q&A", "A Q&A today", ["Q&A"]),
        ("制裁", "对俄制裁", ["制裁"]),
        ("对 ... 实施制裁", "美国对伊朗无人机采购网络实施制裁", ["对伊朗无人机采购网络实施制裁"]),
        ("санкци*", "Новые санкции, антисанкции и САНКЦИЯМ", ["санкции", "САНКЦИЯМ"]),
        ("yaptırım*", "ABD'nin YAPTIRIMLARI; yaptırdı", ["YAPTIRIMLARI"]),
        ("عقوبات", "فرض العقوبات وعقوبات وبالعقوبات، عقوبة", ["العقوبات", "وعقوبات", "وبالعقوبات"]),
        ("رفع العقوبات", "ورفع العقوبات، رفع عقوبات", ["ورفع العقوبات"]),
        ("تحریم* تسلیحاتی", "تحریم تسلیحاتی، تحریم‌های تسلیحاتی، تحریم های تسلیحاتی، تحریمهای تسلیحاتی", ["تحریم تسلیحاتی", "تحریم‌های تسلیحاتی", "تحریم های تسلیحاتی", "تحریمهای تسلیحاتی"]),
    ],
)  # fmt: skip
def test_a_pattern_finds_its_words(pattern, raw, finds):
    assert quotes((parse(pattern),), raw) == finds


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("", "no word to look for"),
        ("…!", "no word to look for"),
        ("=", "no word to look for"),
        ("=...", "no word to look for"),
        ("... deal", "begins or ends with a gap"),
        ("deal ...", "begins or ends with a gap"),
        ("a*", "at least two letters"),
        ("*", "at least two letters"),
        ("arms ?", "at least two letters"),
        ("?x*", "at least two letters"),
    ],
)
def test_a_pattern_that_would_find_anything_or_nothing_is_refused(pattern, says):
    with pytest.raises(ValueError, match=says):
        parse(pattern)


@pytest.mark.parametrize(
    ("name", "raw", "finds"),
    [
        ("S-400", "S-400 S400 S 400 S-400s S400s s-400 S‑400'ün", ["S-400", "S400", "S 400", "S-400s", "S400s", "s-400", "S‑400"]),
        ("S-400", "S-4000, S-40, 400, XS-400, S. 400, Group S, 400 teams", []),
        ("S-400", "С-400, с-400, إس-400, اس-۴۰۰, 对S-400导弹; с 400 танками", ["С-400", "с-400", "إس-400", "اس-۴۰۰", "S-400"]),
        ("Su-35", "Су-35 و سوخو-۳۵", ["Су-35", "سوخو-۳۵"]),
        ("A-50", "An A-50 and an A50, but a 50 per cent rise. A 50-year-old", ["A-50", "A50"]),
        ("AT4", "AT4 and AT-4, arriving at 4 pm. At 4 they left", ["AT4", "AT-4"]),
        ("Su-35", "Su-35, SU-35, su-35, Su 35s", ["Su-35", "SU-35", "su-35", "Su 35s"]),
        ("Bayraktar TB2", "bayraktar tb2, Bayraktar-TB2", ["bayraktar tb2", "Bayraktar-TB2"]),
        ("Patriot", "Patriot, PATRIOT, a patriot", ["Patriot", "PATRIOT"]),
        ("SSB", "SSB, Ssb, ssb", ["SSB"]),
        ("Rosoboronexport", "ROSOBORONEXPORT rosoboronexport", ["ROSOBORONEXPORT"]),
        ("İsmail Demir", "Ismail Demir, İsmail DEMİR'in", ["Ismail Demir", "İsmail DEMİR"]),
        ("American*", "American Americans americano", ["American", "Americans"]),
        ("=US", "US us", ["US"]),
    ],
)  # fmt: skip
def test_a_name_is_found_as_it_is_written_in_the_press(name, raw, finds):
    assert quotes(of_name(name), raw) == finds


@given(st.lists(WORD, min_size=1, max_size=4), st.lists(WORD, max_size=4), st.lists(WORD, max_size=4))
def test_a_phrase_is_found_wherever_it_stands(phrase, before, after):
    raw = " ".join([*before, *phrase, *after])
    spans = spotter_of((("t", parse(" ".join(phrase))),)).spot("title", tokenize(raw))
    assert len(before) in {span.start for span in spans}


@given(st.text("ab*?#=. -", max_size=12), st.text("ab .-", max_size=30))
def test_whatever_is_found_lies_in_the_text_and_in_one_sentence(pattern, raw):
    try:
        parsed = parse(pattern)
    except ValueError:
        return
    text = tokenize(raw)
    for span in spotter_of((("t", parsed),)).spot("title", text):
        assert 0 <= span.start < span.stop <= len(text.words)
        assert text.sentences[span.start] == text.sentences[span.stop - 1]


@given(st.lists(st.sampled_from(["arms", "arm*", "*ms", "a?ms", "#", "deal*", "arms deal", "arms ... deal"]), max_size=6), st.lists(st.sampled_from("arms army arm deal deals 12 x".split()), max_size=8))  # fmt: skip
def test_the_spotter_finds_what_each_pattern_finds_alone(sources, drawn):
    text = tokenize(" ".join(drawn))
    patterns = tuple((source, parse(source)) for source in sources)
    together = {(span.tag, span.start, span.stop) for span in spotter_of(patterns).spot("title", text)}
    alone = {
        (tag, at, stop)
        for tag, pattern in patterns
        for at, word in enumerate(text.words)
        if pattern.elements[0].accepts(word) and (stop := pattern.ends(text, at)) is not None
    }
    assert together == alone


def test_spans_come_in_reading_order_the_longest_first():
    patterns = tuple((source, parse(source)) for source in ("deal", "arms", "arms deal"))
    spans = spotter_of(patterns).spot("title", tokenize("arms deal arms"))
    assert [(span.start, span.stop) for span in spans] == [(0, 2), (0, 1), (1, 2), (2, 3)]


@pytest.mark.parametrize("raw", ["The U\u200e.S. army", "The U.S\u2060. army"])
@pytest.mark.parametrize("pattern", ["=U.S", "u s"])
def test_an_invisible_character_does_not_hide_an_exact_pattern(pattern, raw):
    assert quotes((parse(pattern),), raw)


def test_a_pattern_is_folded_as_the_text_is():
    assert [element.value for element in parse("SAVUNMA Sanayii").elements] == list(words("savunma sanayii"))
