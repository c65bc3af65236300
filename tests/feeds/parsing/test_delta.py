"""Documents without what was read before: what is left out, what is never guessed, and that nothing differs."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.feeds.base import EarlierDocument, FeedDocument, ParsedDocument
from monitor.feeds.parsing.clean import clean
from monitor.feeds.parsing.delta import Spans, split_items, without_known
from monitor.feeds.parsing.document import parse_document
from tests.feeds.samples import NOW, entry, feed, rss

FEED = feed("https://news.example/feed")


def spans_of(document: str, context: str = "") -> Spans | None:
    return split_items(clean(document.encode()).xml, context)


def reading(document: str | bytes, known: ParsedDocument | None = None) -> ParsedDocument:
    body = document.encode() if isinstance(document, str) else document
    before = EarlierDocument(known.identity, known.known_spans) if known else EarlierDocument()
    return parse_document(FeedDocument(FEED, body, "", FEED.url, NOW), before)


def in_full(document: str | bytes, known: ParsedDocument) -> ParsedDocument:
    """A reading of all items by one who knows only what the names of the feed are made of."""
    return reading(document, replace(known, known_spans={}))


def notices(*numbers: int) -> list[str]:
    return [entry(title=f"Notice {n}", guid=f"n-{n}", link=f"/{n}") for n in numbers]


def atom(*entries: str, attributes: str = "") -> str:
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"{attributes}><title>Word</title>{"".join(entries)}</feed>'
    )


def rdf(*items: str) -> str:
    listed = "".join(f'<rdf:li rdf:resource="/{n}"/>' for n in range(len(items)))
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        f"<channel><title>Word</title><items><rdf:Seq>{listed}</rdf:Seq></items></channel>{''.join(items)}</rdf:RDF>"
    )


def test_a_document_is_its_head_its_items_and_its_tail():
    spans = spans_of(rss(*notices(1, 2), channel="<ttl>5</ttl>"))
    assert spans
    assert spans.head.endswith(b"<ttl>5</ttl>")
    assert [item.decode() for item in spans.items] == notices(1, 2)
    assert spans.tail == b"</channel></rss>"
    assert without_known(spans, [spans.names[1]]) == spans.head + spans.items[1] + b"\n" + spans.tail
    assert without_known(spans, ()) == spans.head + spans.tail


@pytest.mark.parametrize(
    "document",
    [
        rss(*notices(1, 2)),
        atom("<entry><id>1</id><title>a</title></entry>\n<entry><id>2</id><title>b</title></entry>"),
        rdf("<item rdf:about='/1'><title>a</title></item>", "<item rdf:about='/2'><title>b</title></item>"),
        rss(*notices(1), "<!-- between -->", *notices(2)),
        rss(*notices(1), "\n\t<item><title><![CDATA[a </item><item> b]]></title></item>\n"),
        rss(*notices(1), "<item><title>b</title><media:content xmlns:media='http://search.yahoo.com/mrss/' url='u'>"
            "<media:title>c</media:title></media:content></item>"),
    ],
    ids=["rss", "atom", "rdf", "comment", "cdata", "media"],
)  # fmt: skip
def test_a_known_item_is_not_read_again_but_seen(document: str):
    first = reading(document)
    assert len(first.items) == len(first.known_spans) == 2
    again = reading(document, first)
    assert (again.items, again.seen) == ((), tuple(item.id for item in first.items))
    assert again.known_spans == first.known_spans


def test_a_new_item_is_all_that_is_read():
    before = reading(rss(*notices(1, 2, 3)))
    after = reading(rss(*notices(4, 1, 2)), before)
    assert [item.title for item in after.items] == ["Notice 4"]
    assert after.seen == tuple(item.id for item in before.items[:2])
    assert set(after.known_spans.values()) == {after.items[0].id, *after.seen}


def test_an_item_whose_words_changed_is_read_and_so_is_one_changed_back():
    old, new = rss(*notices(1, 2)), rss(*notices(1), entry(title="Notice 2, corrected", guid="n-2"))
    first = reading(old)
    second = reading(new, first)
    assert [item.title for item in second.items] == ["Notice 2, corrected"]
    third = reading(old, second)
    assert [item.title for item in third.items] == ["Notice 2"]


def test_a_channel_that_ticks_at_every_poll_does_not_matter():
    first = reading(
        rss(*notices(1, 2), channel="<lastBuildDate>Mon, 23 Nov 2026 08:00:00 GMT</lastBuildDate>")
    )
    assert reading(rss(*notices(1, 2), channel="<ttl>9</ttl>"), first).items == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (rss(*notices(1)), rss(*notices(1)).replace("<rss ", "<rss xml:lang='de' ")),
        (rss(*notices(1)), rss(*notices(1)).replace("<channel>", "<channel xml:base='https://x.example/'>")),
        (atom("<entry><title>a</title></entry>"), atom("<entry><title>a</title></entry>", attributes=" xml:lang='tr'")),
    ],
    ids=["rss", "channel", "atom"],
)  # fmt: skip
def test_what_items_inherit_is_part_of_them(before: str, after: str):
    assert reading(after, reading(before)).items == reading(after).items != ()


def test_the_address_that_links_start_from_is_part_of_an_item():
    first, second = (
        spans_of(rss(*notices(1)), address) for address in ("https://a.example/", "https://b.example/")
    )
    assert first
    assert second
    assert set(first.names).isdisjoint(second.names)


OTHER = "<item><title>o</title></item>"


@pytest.mark.parametrize(
    "document",
    [
        rss(),
        rss("<item/>", OTHER),
        rss("<item><title>a</title><item><title>b</title></item></item>"),
        rss(OTHER, "words between", OTHER),
        rss(OTHER, "<ttl>5</ttl>", OTHER),
        rss(OTHER, "<entry><title>b</title></entry>"),
        rss(OTHER, "<Item><title>b</title></Item>"),
        rss(OTHER, "<x:item xmlns:x='u:x'><title>b</title></x:item>"),
        rss(OTHER, "<item><title>b</item>"),
        rss(OTHER, "<item><x:y>b</x:y></item>"),
        rss(OTHER, "<item><title a='1' a='2'>b</title></item>"),
        rss(OTHER, "<item><title>b</title><link xml:base='https://x.example/'>c</link></item>"),
        rss(OTHER, "<item><title>b</title><svg></svg></item>"),
        rss(OTHER, "<item><description>b <b>c</b></description></item>"),
        rss(OTHER, OTHER, channel="<summary>s</summary><description>d</description>"),
        rss("<item xmlns:a='u:1'><a:b>c</a:b></item>", "<item xmlns:a='u:2'><a:b>c</a:b></item>"),
        rss("<item xmlns:a='u:1'><a:b>c</a:b></item>", "<item xmlns:c='u:1'><c:b>c</c:b></item>"),
        atom(
            "<entry><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>a</div></content></entry>"
        ),
        "<html><item></item></html>",
    ],
)
def test_what_could_depend_on_its_neighbours_is_not_taken_apart(document: str):
    assert spans_of(document) is None


def test_a_new_item_that_shares_the_guid_of_a_known_one_gets_its_own_id():
    first = reading(rss(entry(title="a", guid="0", link="/1")))
    document = rss(entry(title="b", guid="0", link="/2"), entry(title="a", guid="0", link="/1"))
    assert reading(document, first) == in_full(document, first)
    assert len(reading(document).items) == 2


def test_a_feed_whose_names_are_made_of_links_is_read_by_delta_too():
    first = reading(rss(*(entry(title=f"N {n}", guid="0", link=f"/{n}") for n in range(3))))
    assert (first.identity, len(first.known_spans)) == ("link", 3)
    again = reading(rss(*(entry(title=f"N {n}", guid="0", link=f"/{n}") for n in range(4))), first)
    assert ([item.title for item in again.items], again.identity) == (["N 3"], "link")
    assert again.seen == tuple(item.id for item in first.items)


def test_one_item_without_a_guid_is_known_and_a_second_one_is_never_named_by_itself():
    blank = [entry(title=f"Blank {n}", link=f"/b{n}") for n in range(2)]
    first = reading(rss(*notices(1, 2), blank[0]))
    assert (first.identity, len(first.known_spans)) == ("guid", 3)
    document = rss(*notices(1, 2), *blank)
    assert reading(document, first) == in_full(document, first)
    assert reading(document, first).identity == "link"


def test_a_document_with_a_few_shared_guids_has_no_known_spans():
    same = entry(title="a", guid="0", link="/1")
    assert not reading(rss(same, entry(title="b", guid="0", link="/2"), *notices(*range(50)))).known_spans
    assert not reading(rss(same, same)).known_spans
    assert not reading(rss(same, "<item><guid>empty</guid></item>")).known_spans


WORDS = st.sampled_from(["Sanctions", "Ракеты", "a &amp; b", "&lt;b&gt;bold&lt;/b&gt;", "制裁", "]]&gt;", ""])
FIELDS = st.fixed_dictionaries(
    {"title": WORDS},
    optional={
        "guid": st.sampled_from(["1", "2", "0", "https://news.example/1", " "]),
        "link": st.sampled_from(["/1", "/2", "https://news.example/1?utm_source=x", "?a=1&amp;b=2"]),
        "description": WORDS,
        "pubDate": st.sampled_from(["Mon, 23 Nov 2026 08:00:00 GMT", "soon"]),
        "author": WORDS,
        "source": WORDS,
        "image": st.just("<url>/i.png</url><title>I</title>"),
        "summary": WORDS,
        "content": WORDS,
        "language": st.sampled_from(["de", "tr"]),
        "category": WORDS,
    },
)
ITEMS = st.lists(FIELDS.map(lambda fields: entry(**fields)), max_size=6)


CHANNELS = st.sampled_from(
    [
        "",
        "<language>de</language>",
        "<description>About</description>",
        "<summary>s</summary><description>d</description>",
        "<image><url>/i.png</url><title>I</title><description>d</description></image>",
    ]
)


@settings(max_examples=200, deadline=None)
@given(CHANNELS, ITEMS, ITEMS)
def test_a_reading_by_delta_says_what_a_full_one_says(channel: str, before: list[str], after: list[str]):
    known = reading(rss(*before, channel=channel))
    mixed = rss(*after, *before[::2], channel=channel)
    full, delta = in_full(mixed, known), reading(mixed, known)
    seen = set(delta.seen)
    assert delta.items == tuple(item for item in full.items if item.id not in seen)
    assert seen <= {item.id for item in full.items} & {item.id for item in known.items}
    assert not seen or delta.known_spans == full.known_spans
