"""Stories in a real browser: a closer look, from story to story by keyboard, the theme, and widths of screens."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from monitor.model import Action, ActionKind
from tests.conftest import NOW, item
from tests.store.builders import raised
from tests.web.browser.conftest import Desk, fill

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

WIDE_PAGES = (
    "/stories?view=all",
    "/stories/s1?list=view%3Dall",
    "/workbench?q=howitzers",
    "/workbench/explain",
    "/feeds",
    "/new-feed",
    "/deliveries",
    "/feedback",
    "/silences?words=howitzers",
)


def mark(desk: Desk) -> None:
    """Marks on alerts, enough for a figure."""
    for number in range(14):
        one = item(guid=f"m{number}", title=f"Ministry orders {number + 20} howitzers")
        (alert, *_) = raised(desk.served.store, one, story=f"marked{number}")
        kind = ActionKind.NOISE if number % 5 else ActionKind.RELEVANT
        desk.served.store.add_action(Action(alert.id, kind, "", "ayse", NOW))


async def test_a_row_is_looked_into_by_the_space_bar_and_stories_follow_one_another(desk: Desk) -> None:
    fill(desk.served)
    page = await desk.open("/stories?view=all")
    await page.keyboard.press("j")
    await page.keyboard.press("Space")
    row = page.locator(".row[aria-current]")
    await expect(row.locator(".peek")).to_have_attribute("open", "")
    await desk.shot("peek-1280")
    await page.keyboard.press("p")
    await expect(row.locator("ul")).to_be_hidden()
    first = await row.get_attribute("data-id")
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#newer-story")
    second = page.url
    await page.keyboard.press("k")
    await page.wait_for_url(f"**/stories/{first}?*")
    await page.keyboard.press("j")
    await page.wait_for_url(second)
    await page.get_by_role("link", name="← Stories").click()
    assert page.url.endswith("/stories?view=all")
    assert desk.violations == []


async def test_a_theme_is_chosen_without_javascript(desk: Desk) -> None:
    fill(desk.served)
    page = await desk.open("/stories", java_script_enabled=False, color_scheme="light")
    light = await page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor")
    await page.get_by_role("button", name="Dark").click()
    dark = await page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor")
    assert light != dark
    await desk.shot("theme-dark-1280")
    await page.goto("/feedback")
    assert await page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor") == dark
    await page.get_by_role("button", name="System").click()
    assert await page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor") == light


@pytest.mark.parametrize("width", [320, 768, 1920])
async def test_pages_fit_screens_of_every_width_and_axe_finds_nothing_serious(desk: Desk, width: int) -> None:
    fill(desk.served)
    mark(desk)
    await desk.open("/stories", viewport={"width": width, "height": 900})
    wrong = {}
    for path in WIDE_PAGES:
        page = await desk.open(path)
        found = await Axe().run(page)
        serious = [
            (each["id"], [node["html"][:120] for node in each["nodes"][:2]])
            for each in found.response["violations"]
            if each["impact"] in {"serious", "critical"}
        ]
        sideways = await page.evaluate("document.documentElement.scrollWidth") > width
        if serious or sideways:
            wrong[path] = (serious, sideways)
        if path == "/feedback":
            await desk.shot(f"feedback-{width}")
    assert wrong == {}
    assert desk.violations == []


async def test_a_right_to_left_title_keeps_its_direction_and_the_row_its_own(desk: Desk) -> None:
    title = "وزارة الدفاع توقع عقدا لشراء مدافع هاوتزر"
    raised(desk.served.store, item(guid="rtl", title=title, lang="ar"), story="rtl")
    page = await desk.open("/stories?view=all")
    row = page.locator("#s-rtl")
    assert await row.evaluate("e => getComputedStyle(e).direction") == "ltr"
    await expect(row.locator("bdi[lang=ar]")).to_have_text(title)
    page = await desk.open("/stories/rtl")
    heading = page.locator("article h3[dir=auto]").first
    assert await heading.evaluate("e => getComputedStyle(e).direction") == "rtl"
