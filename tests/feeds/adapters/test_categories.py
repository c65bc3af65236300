"""Categories and tags of entries, in every format that has them."""

from typing import Any

import pytest

from monitor.feeds.adapters.base import MAX_CATEGORIES
from monitor.model import Kind
from tests.feeds.adapters.samples import read
from tests.feeds.samples import rss

ITEM = "<item><title>A</title><guid>1</guid>{}</item>"
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><title>A</title><id>1</id>{}</entry></feed>'
SITEMAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://a.example/1</loc>'
    "<news:news><news:title>A</news:title><news:keywords>Arms, Sanctions</news:keywords></news:news></url></urlset>"
)
POST = '[{"id": 1, "title": {"rendered": "A"}, "_embedded": {"wp:term": [[{"name": "Arms"}], [{"name": "Sanctions"}]]}}]'


@pytest.mark.parametrize(
    ("document", "kind", "fields"),
    [
        (rss(ITEM.format("<category>Arms</category><category>Sanctions</category>")), Kind.AUTO, {}),
        (
            rss(ITEM.format("<dc:subject xmlns:dc='http://purl.org/dc/elements/1.1/'>Arms</dc:subject>"
                            "<category domain='x'>Sanctions</category>")),
            Kind.AUTO,
            {},
        ),
        (ATOM.format('<category term="a1" label="Arms"/><category term="Sanctions"/>'), Kind.AUTO, {}),
        (
            '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "A", "tags": ["Arms", "Sanctions"]}]}',
            Kind.AUTO,
            {},
        ),
        (SITEMAP, Kind.AUTO, {}),
        (POST, Kind.WORDPRESS, {}),
        ('[{"t": "A", "s": "Arms, Sanctions"}]', Kind.JSON, {"title": "t", "category": "s"}),
        ('[{"t": "A", "s": ["Arms", "Sanctions", {"x": 1}]}]', Kind.JSON, {"title": "t", "category": "s"}),
    ],
)  # fmt: skip
def test_categories_are_read(document: str, kind: Kind, fields: dict[str, Any]) -> None:
    (item,) = read(document, kind, **fields).items
    assert item.categories == ("Arms", "Sanctions")


def test_categories_are_words_each_once_and_not_too_many() -> None:
    tags = "".join(
        f"<category>{tag}</category>" for tag in ("Arms", "ARMS", " ", "&lt;b&gt;Oil &amp;amp; gas&lt;/b&gt;")
    )
    (item,) = read(rss(ITEM.format(tags))).items
    assert item.categories == ("Arms", "Oil & gas")
    many = "".join(f"<category>Tag {n}</category>" for n in range(200))
    (item,) = read(rss(ITEM.format(many))).items
    assert len(item.categories) == MAX_CATEGORIES


def test_categories_alone_do_not_change_an_item() -> None:
    (plain,) = read(rss(ITEM.format(""))).items
    (tagged,) = read(rss(ITEM.format("<category>Arms</category>"))).items
    assert (plain.id, plain.content_hash) == (tagged.id, tagged.content_hash)
