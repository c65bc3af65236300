import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import MonitorError
from monitor.feeds.opml import Outline, parse_opml, to_opml

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co", "Z")), max_size=30)
outlines = st.builds(
    Outline,
    url=st.integers(0, 99).map(lambda n: f"https://wire.example/{n}?a=1&b=<2>"),
    title=words.filter(bool),
    name=st.from_regex(r"[a-z0-9]{1,9}", fullmatch=True),
    keys=st.dictionaries(
        st.sampled_from(["every", "tier", "page.items", "backlog", "json.title"]), words.filter(bool)
    ),
)


@given(st.lists(outlines, unique_by=lambda outline: outline.url, max_size=5), words)
def test_what_is_written_is_read_again(listed, title):
    assert parse_opml(to_opml(listed, title).encode()) == tuple(listed)


def test_credentials_stay_at_home():
    text = to_opml([Outline("https://reader:hunter22@wire.example:8443/feed", "A", "a")], "t")
    assert "hunter22" not in text
    assert parse_opml(text.encode())[0].url == "https://wire.example:8443/feed"


FOREIGN = """<?xml version="1.0" encoding="ISO-8859-1"?>
<opml version="1.1"><head><title>My feeds</title></head><body>
<outline text="Presse"><outline text="R\xfcstung"><outline type="rss" TEXT="Kurz &amp; gut" XMLURL="https://a.example/f"/></outline>
<outline text="no feed" htmlUrl="https://a.example/"/></outline>
<outline title="B" text="ignored" xmlUrl=" https://b.example/f " xmlns:other="urn:x" other:every="1s"/>
<outline title="B again" xmlUrl="https://b.example/f"/>
</body></opml>""".encode("latin-1")


def test_lists_of_others_are_read_however_nested():
    assert parse_opml(FOREIGN) == (
        Outline("https://a.example/f", "Kurz & gut"),
        Outline("https://b.example/f", "B"),
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'<!DOCTYPE o [<!ENTITY a "b">]><opml><body/></opml>', "DOCTYPE"),
        (b'<!DOCTYPE opml SYSTEM "file:///etc/passwd"><opml/>', "DOCTYPE"),
        (b"<opml><body>", "not well-formed"),
        (b"", "not well-formed"),
        (b"<opml>&a;</opml>", "not well-formed"),
        (b"<rss/>", "no list of feeds: its root is 'rss'"),
        (b"<opml>" + b"".join(b'<outline xmlUrl="http://h/%d"/>' % n for n in range(5_001)) + b"</opml>", "5,000"),
    ],
    ids=["entities", "external", "broken off", "nothing", "unknown entity", "a feed", "too many"],
)  # fmt: skip
def test_hostile_and_wrong_lists_are_refused(body, said):
    with pytest.raises(MonitorError, match=said):
        parse_opml(body)


def test_depth_costs_nothing():
    deep = b"<outline>" * 50_000 + b'<outline xmlUrl="https://a.example/f"/>' + b"</outline>" * 50_000
    assert len(parse_opml(b"<opml>" + deep + b"</opml>")) == 1
