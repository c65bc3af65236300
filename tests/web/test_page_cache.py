"""Pages that many readers ask for at once are rendered once, and never serve another reader's nonce."""

import asyncio

import pytest

from monitor.web.page_cache import MOST_KEPT, Page, PageCache
from tests.conftest import NOW, item
from tests.store.builders import raised
from tests.web.conftest import Served

pytestmark = pytest.mark.anyio


class Renderer:
    """Renders a numbered page when it may, or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        self.count, self.error, self.may_end = 0, error, asyncio.Event()

    async def render(self) -> Page:
        self.count += 1
        await self.may_end.wait()
        if self.error:
            raise self.error
        return Page(f"page {self.count}", "n")


async def test_readers_at_the_same_time_share_one_rendering() -> None:
    cache, renderer = PageCache(), Renderer()
    waiting = [asyncio.create_task(cache.page("key", renderer.render)) for _ in range(5)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    renderer.may_end.set()
    pages = await asyncio.gather(*waiting[1:])
    assert {page.html for page in pages} == {"page 1"}
    assert (await cache.page("another key", renderer.render)).html == "page 2"


async def test_a_page_that_failed_is_rendered_again() -> None:
    cache, renderer = PageCache(), Renderer(ValueError("no store"))
    renderer.may_end.set()
    for _ in range(2):
        with pytest.raises(ValueError, match="no store"):
            await cache.page("key", renderer.render)
    assert renderer.count == 2


async def test_only_so_many_pages_are_kept() -> None:
    cache, renderer = PageCache(), Renderer()
    renderer.may_end.set()
    for number in range(MOST_KEPT + 1):
        await cache.page(number, renderer.render)
    assert (await cache.page(MOST_KEPT, renderer.render)).html == f"page {MOST_KEPT + 1}"
    assert (await cache.page(0, renderer.render)).html == f"page {MOST_KEPT + 2}"


async def test_every_response_has_a_nonce_of_its_own_in_policy_and_page(served: Served) -> None:
    raised(served.store, item())
    answers = [await served.http.get("/stories") for _ in range(2)]
    nonces = []
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        nonces.append(policy.partition("script-src 'nonce-")[2].partition("'")[0])
        assert f'nonce="{nonces[-1]}"' in answer.text
    assert nonces[0] != nonces[1]
    assert nonces[0] not in answers[1].text


async def test_a_new_alert_is_shown_at_once_and_an_age_within_seconds(served: Served) -> None:
    raised(served.store, item())
    assert "Oslo" not in (await served.http.get("/stories")).text
    raised(served.store, item(guid="2", title="Oslo orders frigates"), story="s2")
    assert "Oslo" in (await served.http.get("/stories?view=all")).text
    assert "0 min" in (await served.http.get("/stories")).text
    served.clock.advance(minutes=7)
    page = (await served.http.get("/stories")).text
    assert "7 min" in page
    assert served.clock() > NOW
