import pytest

from tests.feeds.adapters.samples import read, refusal, sample

NEWS = "<url><loc>https://d.example/{0}</loc><news:news><news:title>News {0}</news:title></news:news></url>"


def test_a_news_sitemap_becomes_items_and_pages_without_news_are_left_out():
    parsed = read(sample("news-sitemap.xml"))
    first, second = parsed.items
    assert parsed.complete
    assert first.guid == first.url == "https://daily.example/world/tankers"
    assert (first.title, first.lang) == ("Tankers & insurers listed", "en")
    assert (first.published_at.hour, first.published_at.minute) == (8, 30)
    assert (second.title, second.published_at.day) == ("Frigates ordered", 23)


def test_what_stands_before_a_mistake_is_kept_and_called_incomplete():
    parsed = read(f"<urlset>{NEWS.format(1)}{NEWS.format(2)}<url><loc>x</url></urlset>")
    assert [item.title for item in parsed.items] == ["News 1", "News 2"]
    assert not parsed.complete


def test_more_than_anybody_reads_is_cut_and_called_incomplete():
    parsed = read(f"<urlset>{''.join(map(NEWS.format, range(5_001)))}</urlset>")
    assert (len(parsed.items), parsed.complete) == (5_000, False)


INDEX = "<sitemapindex>{}</sitemapindex>"
PLACE = "<sitemap><loc>https://d.example/{}.xml?key=secret</loc></sitemap>"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            INDEX.format(PLACE.format("posts") + PLACE.format("news-1")),
            "take the one with news: https://d.example/news-1.xml",
        ),
        (INDEX.format(PLACE.format("posts")), "take the one that lists its news"),
        ("<urlset><url><loc>https://d.example/</loc></url></urlset>", "sitemap without news"),
        ("<urlset><url/></urlset>", "sitemap without news"),
    ],
)
def test_an_index_and_a_plain_sitemap_are_refused_with_a_hint(body, words):
    health, reason = refusal(body)
    assert health == "parse_error"
    assert words in reason


def test_a_sitemap_without_urls_is_empty():
    assert read("<urlset></urlset>").items == ()
