"""What is read of a web page that somebody asks about."""

import pytest

from monitor.feeds.articles.page_text import page_text

PAGES = [
    (
        "<title>Ministry orders guns</title><body><p>Twelve <b>howitzers</b>.</p></body>",
        "Ministry orders guns",
        "Twelve howitzers.",
    ),
    ("<TITLE>A &amp; B</TITLE><article>One</article>", "A & B", "One"),
    ("<body><script>alert(1)</script>Words</body>", "", "Words"),
    ("no markup at all", "", "no markup at all"),
]


@pytest.mark.parametrize(("page", "title", "text"), PAGES)
def test_title_and_words_of_a_page_without_its_markup(page: str, title: str, text: str) -> None:
    assert page_text(page.encode(), "text/html") == (title, text)


def test_the_text_of_a_long_page_is_cut() -> None:
    assert len(page_text(b"<body>" + b"word " * 5_000, "text/html")[1]) <= 4_000
