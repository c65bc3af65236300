import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.parsing.plain_text import plain_text, verbatim_text


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("Plain words", "Plain words"),
        ("  two \n\t words\u00a0here ", "two words here"),
        ("US <b>sanctions</b> two", "US sanctions two"),
        ("S-<b>400</b>", "S-400"),
        ("<p>One.</p><p>Two.</p>", "One. Two."),
        ("One<br>two<br/>three", "One two three"),
        ("<ul><li>a</li><li>b</li></ul>", "a b"),
        ("a<script>alert(1)</script>b<style>p{}</style>c", "abc"),
        ("x<!-- hidden -->y", "xy"),
        ("It&#8217;s AT&amp;T", "It’s AT&T"),
        ("It&amp;#8217;s &amp;amp; more", "It’s & more"),
        ("&lt;p&gt;One.&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;", "One."),
        ("Price &lt; cost and 5 &lt;10", "Price < cost and 5 <10"),
        ("Price < cost", "Price < cost"),
        ("a &amp;lt; b", "a < b"),
        ("&amp;amp;amp;lt;", "&amp;lt;"),
        ("AT&T; R&D;", "AT&T; R&D;"),
        ('<a href="https://e.example/?a=1&b=2" title="1 > 0">link</a>', "link"),
        ("cut off <a href=", "cut off"),
        ("a&#0;b\x0bc", "a\ufffdb c"),
        ("制裁<b>名单</b>", "制裁名单"),
        (
            "Listed: <Nordfracht>, <Al-Bahr Lines> and &lt;Ostwerft&gt;",
            "Listed: <Nordfracht>, <Al-Bahr Lines> and <Ostwerft>",
        ),
        (
            "<p>Write to <press@office.example> or <https://office.example/x></p>",
            "Write to <press@office.example> or <https://office.example/x>",
        ),
        (
            "<o:p>One</o:p> <place>Oslo</place> <amp-ad type='x'>two</amp-ad> <Custom class='x'>three",
            "One Oslo two three",
        ),
        ("&lt;p&gt;The &lt;Ostwerft&gt; yard&lt;/p&gt;", "The <Ostwerft> yard"),
        ("<em>Sanctions</em> on <Čepel>, <Ростверф>", "Sanctions on <Čepel>, <Ростверф>"),
        ("Tonnage <5000 and > 300", "Tonnage <5000 and > 300"),
        (" <![CDATA[Yard listed]]> ", "Yard listed"),
        ("<![CDATA[<p>Yard <b>listed</b></p>]]> ]]>", "Yard listed"),
        ("&lt;![CDATA[Yard &lt;Ostwerft&gt; listed]]&gt;", "Yard <Ostwerft> listed"),
        ("![CDATA[Yard listed]]>", "Yard listed"),
        ("tables[rows[0]]> is code", "tables[rows[0]]> is code"),
        ("", ""),
    ],
)
def test_markup_becomes_the_visible_text(markup, words):
    assert plain_text(markup, 100) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Listed: <Nordfracht>, <b> & <i>x</i>", "Listed: <Nordfracht>, <b> & <i>x</i>"),
        ("if a<b and c>d, the yard  <Ostwerft>\nis listed", "if a<b and c>d, the yard <Ostwerft> is listed"),
        ("<p>Markup <Ostwerft> where none should be</p>", "Markup <Ostwerft> where none should be"),
        ("It&#8217;s the <Ostwerft>", "It’s the <Ostwerft>"),
        ("<![CDATA[Yard <Ostwerft>]]>", "Yard <Ostwerft>"),
    ],
)
def test_a_text_that_is_no_markup_keeps_its_angle_brackets(text, words):
    assert verbatim_text(text, 100) == words


def test_long_text_is_cut_between_words():
    text = plain_text("word " * 100, 52)
    assert text == "word " * 9 + "word"
    assert len(plain_text("x" * 500, 52)) == 52


def test_a_long_article_reads_the_same_as_a_short_one():
    article = "<p>One <a href='#'>link</a> and S-<b>400</b>.</p><script>var a = '<p>';</script>"
    assert plain_text(article * 200, 100_000) == " ".join(["One link and S-400."] * 200)


@pytest.mark.parametrize(
    "flood",
    [
        "<p>" + "".join(f"<b a{n}=1>" for n in range(3_000)) + "</p>" + "<p>x</p>" * 3_000,
        "<div>" * 40_000,
        "<!--" * 50_000,
        "<script>" * 25_000,
        "<a " * 60_000,
        "<" * 200_000,
        "&" * 200_000,
        "&lt;p&gt;" * 25_000,
        "<p" * 100_000,
        "</style" * 25_000,
    ],
    ids=[
        "nested formatting",
        "div",
        "comment",
        "script",
        "open tags",
        "<",
        "&",
        "encoded twice",
        "open blocks",
        "style",
    ],
)
@pytest.mark.timeout(60)  # some parsers take hours
def test_a_flood_of_tags_ends(flood):
    assert len(plain_text(flood, 20_000)) <= 20_000


@given(st.text(alphabet="<>&;/!-ab #0p\"'\n", max_size=60) | st.text(max_size=60))
def test_no_tag_and_no_double_blank_is_left(markup):
    words = plain_text(markup, 1_000)
    assert words == " ".join(words.split())
    assert "<script>" not in words
    assert "<p>" not in words
