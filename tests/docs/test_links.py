"""Every link of README.md and docs/ leads to something: a file, a page, a heading."""

import posixpath

import pytest

from tests.support.documents import PAGES, ROOT, anchors, links


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files_and_headings_that_exist(page: str) -> None:
    for place, target in links(page):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        file = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
        assert (ROOT / file).exists(), f"{place}: {target} leads to no file"
        if anchor:
            assert anchor in anchors(file), f"{place}: {target} leads to no heading"


def test_every_page_is_reached_from_the_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text("utf-8")
    pages = [page.removeprefix("docs/").removesuffix(".md") for page in PAGES if page.startswith("docs/")]
    assert [page for page in pages if page != "index" and f"\n{page}\n" not in index] == []


def test_every_picture_is_shown_on_a_page() -> None:
    shown = {target.rpartition("/")[2] for page in PAGES for _, target in links(page)}
    pictures = [path.name for pattern in ("*.png", "*.svg") for path in (ROOT / "docs").rglob(pattern)]
    assert [name for name in pictures if name not in shown] == []
