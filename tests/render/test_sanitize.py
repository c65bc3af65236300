from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.render import samples as sample
from monitor.render.sanitize import clip, href, sanitize, sanitized, without_surrogates


@given(st.text())
def test_sanitized_text_is_one_line_of_visible_characters_and_stays_the_same(text: str) -> None:
    shown = sanitize(text)
    assert shown == sanitize(shown)
    assert shown == shown.strip()
    assert not any(char < " " or "\x7f" <= char <= "\x9f" or "\u202a" <= char <= "\u202e" for char in shown)
    assert shown.encode().decode() == shown


def test_joiners_that_writing_needs_stay() -> None:
    assert sanitize("می\u200cخواهم 👩\u200d🚒") == "می\u200cخواهم 👩\u200d🚒"


@given(st.text())
def test_whole_text_keeps_every_offset(text: str) -> None:
    assert len(without_surrogates(text)) == len(text)


def test_every_text_within_a_value_is_sanitized_and_nothing_else_changes() -> None:
    assert sanitized({"a\n": ("b\u202e", 1, None, datetime(2026, 1, 1, tzinfo=UTC))}) == {
        "a": ("b", 1, None, datetime(2026, 1, 1, tzinfo=UTC))
    }
    assert sanitized(sample.TALKS) == sample.TALKS


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://news.example/a?b=c&d=%20#e", "https://news.example/a?b=c&d=%20#e"),
        ("http://[2001:db8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
        ("https://news.example/ä b", "https://news.example/%C3%A4%20b"),
        ("https://user:pass@news.example/1", "https://news.example/1"),
        (" https://news.example/1\n", "https://news.example/1"),
        ("HTTPS://news.example/1", "https://news.example/1"),
        ("javascript:alert(1)", ""),
        ("//news.example/1", ""),
        ("/relative", ""),
        ("https://", ""),
        ("https:///path", ""),
        ("https://[broken/1", ""),
        ("mailto:a@b.example", ""),
        ("", ""),
        ("https://news.example/" + "x" * 2_000, ""),
    ],
)
def test_only_web_links_are_links(url: str, shown: str) -> None:
    assert href(url) == shown


@given(st.text(max_size=80).map(lambda text: f"https://news.example/{text}"))
def test_a_link_cannot_end_early(url: str) -> None:
    assert not set(href(url)) & set("\"'<>|` \n\\{}")


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("short", 5, "short"),
        ("a few words more", 12, "a few words…"),
        ("a few, words", 8, "a few…"),
        ("unbreakable", 6, "unbre…"),
        ("ab cdefghijkl", 10, "ab cdefgh…"),
        ("x", 0, "…"),
    ],
)
def test_clipping_keeps_whole_words_where_it_can(text: str, most: int, shown: str) -> None:
    assert clip(text, most) == shown
