"""Hazards 27 to 43: what publishers and their software do to a document."""

from pathlib import Path

import pytest

from monitor.feeds.parsing.worker_pool import ParserLimits, ParserPool
from tests.conftest import FakeClock
from tests.hazards.program import (
    NEWS,
    XML,
    Hazard,
    assert_hazard,
    entry,
    in_process,
    many,
    program,
    replies,
    rss,
)
from tests.support.servers import Reply

RUSSIAN = "Минфин ввёл новые санкции против российских банков"
ONE = rss(entry(RUSSIAN))
LONG = rss(*(entry(f"{RUSSIAN} {n}", f"n{n}") for n in range(12)))
LATIN = {"Content-Type": "text/xml; charset=windows-1252"}
GARBLED = ONE.encode().replace("банков".encode(), b"\xff" + "банков".encode())


def defined(doctype: str, *entries: str) -> str:
    """A feed with a DOCTYPE before its root."""
    head, root = rss(*entries).split("?>", 1)
    return f"{head}?><!DOCTYPE r [{doctype}]>{root}"


def titled(title: str) -> str:
    return f"<item><title>{title}</title><guid>g</guid></item>"


LAUGHS = '<!ENTITY a0 "lol">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
BILLION = defined(LAUGHS, titled("&a9;"), entry())
QUADRATIC = defined(f'<!ENTITY a "{"A" * 60_000}">', titled("&a;" * 16_000), entry())
EXTERNAL = defined('<!ENTITY x SYSTEM "file:///etc/passwd">', titled("Read &x; it"))
RDF = f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x"><title>A</title></channel><item rdf:about="https://news.example/1"><title>{NEWS}</title><link>https://news.example/1</link></item></rdf:RDF>'
ATOM03 = f'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>A</title><entry><title>{NEWS}</title><id>x1</id><link rel="alternate" type="text/html" href="https://news.example/1"/><issued>2026-11-23T08:00:00Z</issued></entry></feed>'
SITEMAP = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://news.example/1</loc><news:news><news:title>{NEWS}</news:title><news:publication_date>2026-11-23T08:00:00Z</news:publication_date></news:news></url></urlset>'


def bytes_of(document: str | bytes, headers: dict[str, str] = XML) -> tuple[Reply, ...]:
    return (Reply(document, headers=headers),)


def forty_thousand_items(_: object) -> Reply:
    """Answer with a feed of megabytes, which only the test that polls it builds."""
    return Reply(rss(*many(range(40_000), "Club {}")), headers=XML)


HAZARDS = [
    Hazard("27 a mark of UTF-8 against the header", bytes_of(b"\xef\xbb\xbf" + ONE.encode(), LATIN), ("ok",), (RUSSIAN,)),
    Hazard("27 UTF-16 with a mark", bytes_of(ONE.replace("utf-8", "utf-16").encode("utf-16")), ("ok",), (RUSSIAN,)),
    Hazard("28 a header that lies", bytes_of(ONE, LATIN), ("ok",), (RUSSIAN,)),
    Hazard("29 one bad byte", bytes_of(GARBLED), ("ok",), (RUSSIAN.replace("банков", "\ufffdбанков"),)),
    Hazard("30 a declaration that lies", bytes_of(LONG.encode("cp1251")), ("ok",), tuple(sorted(f"{RUSSIAN} {n}" for n in range(12)))),
    Hazard("30 an override by the operator", bytes_of(ONE.encode("koi8-r", "replace").replace(b"utf-8", b"utf-8")), ("ok",), (RUSSIAN,), keys='encoding = "koi8-r"'),
    Hazard("31 text/xml without a charset", bytes_of(ONE, {"Content-Type": "text/xml"}), ("ok",), (RUSSIAN,)),
    Hazard("32 a warning before the document", bytes_of(f"<br />\n<b>Warning</b>: mysql_connect() in /x.php<br />\n{ONE}"), ("ok",), (RUSSIAN,)),
    Hazard("32 a script after it", bytes_of(f"{ONE}\n<!-- cached --><script>x()</script>"), ("ok",), (RUSSIAN,)),
    Hazard("33 bare ampersands", bytes_of(rss("<item><title>AT&T R&D: arms & more</title><guid>g</guid></item>")), ("ok",), ("AT&T R&D: arms & more",)),
    Hazard("33 names that XML does not know", bytes_of(rss("<item><title>a&nbsp;b&mdash;c</title><guid>g</guid></item>")), ("ok",), ("a b—c",)),
    Hazard("33 a prefix that nobody declared", bytes_of(rss(f"<item><title>{NEWS}</title><dc:date>2026-11-23</dc:date><guid>g</guid></item>")), ("ok",), (NEWS,)),
    Hazard("34 control characters", bytes_of(rss("<item><title>a\x0bb\x00c</title><guid>g</guid></item>")), ("ok",), ("a bc",)),
    Hazard("35 a document that breaks off in an item", replies(Reply(rss(entry("First", "n1"), entry("Second", "n2", summary="word " * 50)).encode()[:-150], headers=XML), rss(entry("First", "n1"), entry("Second", "n2"))), ("partial", "ok"), ("First", "Second")),
    Hazard("36 a billion laughs", bytes_of(BILLION), ("ok",), ("&a9;", NEWS)),
    Hazard("36 quadratic entities", bytes_of(QUADRATIC), ("ok",), (("&a;" * 16_000)[:1000], NEWS)),
    Hazard("36 entities from a file", bytes_of(EXTERNAL), ("ok",), ("Read &x; it",)),
    Hazard("37 a flood of comments", bytes_of(rss(entry(), f"<item><title>Flood</title><guid>f</guid><description>{'&lt;!--' * 60_000}</description></item>")), ("ok",), ("Flood", NEWS)),
    Hazard("38 forty thousand items", forty_thousand_items, ("partial",), tuple(f"Club {n}" for n in sorted(range(5_000), key=lambda n: f"n{n}"))),
    Hazard("39 a feed that became a news sitemap", replies(rss(entry("First", "n0")), SITEMAP), ("ok", "ok"), ("First", NEWS), kinds=("gap",)),
    Hazard("40 RDF", bytes_of(RDF), ("ok",), (NEWS,)),
    Hazard("40 Atom 0.3", bytes_of(ATOM03), ("ok",), (NEWS,)),
    Hazard("40 markup encoded twice", bytes_of(rss("<item><title>It&amp;#8217;s &amp;lt;b&amp;gt;bold&amp;lt;/b&amp;gt;</title><guid>g</guid></item>")), ("ok",), ("It’s bold",)),
    Hazard("43 marks that nobody sees", bytes_of(rss(entry("OF\u200bAC adds 14 com\u00adpanies to SDN List"))), ("ok",), ("OF\u200bAC adds 14 com\u00adpanies to SDN List",), alerts=1),
    Hazard("43 full-width letters", bytes_of(rss(entry("ＯＦＡＣ adds 14 companies to ＳＤＮ List"))), ("ok",), ("ＯＦＡＣ adds 14 companies to ＳＤＮ List",), alerts=1),
]  # fmt: skip


@pytest.mark.parametrize("hazard", HAZARDS, ids=str)
async def test_hazard(hazard: Hazard, tmp_path: Path, clock: FakeClock) -> None:
    await assert_hazard(hazard, tmp_path, clock, worker=True)


async def test_hazard_41_scripts_and_links_that_are_none_are_gone(tmp_path: Path, clock: FakeClock) -> None:
    bad = entry('<script>alert(1)</script>Orders <img src=x onerror="x()">tanks', "g1", "javascript:alert(1)")
    data = entry("Data", "g2", "data:text/html,<script>x</script>")
    async with program(tmp_path, clock, Reply(rss(bad, data))) as trial:
        await trial.poll()
        assert [(item.title, item.url) for item in trial.items] == [("Orders tanks", ""), ("Data", "")]


@pytest.mark.parametrize(
    ("inside", "url"),
    [
        ("<link>/a/1</link>", "{site}/a/1"),
        ("<link>//cdn.example/1</link>", "http://cdn.example/1"),
        ("<link>https://n.example/a b</link>", "https://n.example/a%20b"),
        ("<link>https://n.example/1?utm_source=rss&amp;id=2</link>", "https://n.example/1?id=2"),
        ("<link>https://feedproxy.example/~r/x</link><feedburner:origLink xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'>https://n.example/1</feedburner:origLink>", "https://n.example/1"),
        ("<guid isPermaLink='true'>https://n.example/g</guid>", "https://n.example/g"),
    ],
)  # fmt: skip
async def test_hazard_42_the_page_of_an_item_is_found(
    inside: str, url: str, tmp_path: Path, clock: FakeClock
) -> None:
    guid = "" if "guid" in inside else "<guid isPermaLink='false'>keep me/as I am</guid>"
    async with program(
        tmp_path, clock, Reply(rss(f"<item><title>{NEWS}</title>{guid}{inside}</item>"))
    ) as trial:
        await trial.poll()
        (item,) = trial.items
        assert item.url == url.format(site=f"http://{trial.site.host}")
        assert item.guid in {"keep me/as I am", "https://n.example/g"}


async def test_hazard_37_a_document_that_kills_its_parser_is_not_parsed_again_and_the_others_go_on(
    tmp_path: Path, clock: FakeClock
) -> None:
    heavy = rss(
        *(
            f"<item><title>t{n}</title><guid>{n}</guid>{'<category>c</category>' * 40}</item>"
            for n in range(4900)
        )
    )
    async with program(tmp_path, clock, Reply(heavy)) as trial:
        async with ParserPool(1, ParserLimits(cpu_s=1, wall_s=1.0)) as trial.app.poll.parse_document:
            state = await trial.poll()
            assert state.health == "parser_killed"
            asked = len(trial.site.requests)
            assert (await trial.poll(9)).health == "parser_killed"
            assert len(trial.site.requests) == asked + 1
        trial.app.poll.parse_document = in_process
        assert trial.kinds == ("failing",)
        trial.site.routes["/feed"] = Reply(rss(entry()))
        assert (await trial.poll(25)).health == "ok"
        assert trial.titles == (NEWS,)
