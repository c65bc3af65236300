"""The desk in a real browser: by keyboard, without JavaScript, on a phone, and by axe's rules."""

from dataclasses import replace

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.conftest import NOW, item, verdict
from tests.store.builders import feed, raised
from tests.web.browser.conftest import Desk, fill, fill_with_a_day
from tests.web.conftest import HOSTILE, PASSWORD, add_user

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

PAGES = (
    "/stories",
    "/stories?view=all",
    "/stories/s1",
    "/workbench?q=howitzers",
    "/workbench?kind=frame&group=verb.impose&words=howitzers",
    "/workbench?kind=watch&id=yards&words=Acme",
    "/workbench/explain",
    "/feedback",
    "/new-feed",
    "/feeds",
    "/feeds/wire",
    "/digests",
    "/deliveries",
    "/deliveries/" + "d" * 20,
    "/silences?words=howitzers",
    "/charts",
    "/incidents",
    "/lists",
    "/routes?item=s1",
    "/health",
    "/audit",
    "/login",
)


async def test_stories_are_worked_through_by_keyboard_and_undone(desk: Desk) -> None:
    fill(desk.served)
    page = await desk.open("/stories")
    rows = page.locator(".row")
    count = await rows.count()
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    second = await page.locator(".row[aria-current]").get_attribute("data-id")
    await page.keyboard.press("e")
    await expect(page.locator(".undone")).to_contain_text("1 story acknowledged.")
    await expect(rows).to_have_count(count - 1)
    assert second not in [await row.get_attribute("data-id") for row in await rows.all()]
    await page.keyboard.press("u")
    await expect(rows).to_have_count(count)
    await page.keyboard.press("/")
    await expect(page.locator("input[type=search]")).to_be_focused()
    await page.keyboard.type("howitzers")
    await page.keyboard.press("Enter")
    await expect(page.locator(".bar")).to_contain_text("q: howitzers")
    assert "q=howitzers" in page.url
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.locator("#keys")).to_be_visible()
    assert desk.violations == []


async def test_new_stories_are_announced_and_shown_on_request(desk: Desk) -> None:
    fill(desk.served)
    page = await desk.open("/stories")
    count = await page.locator(".row").count()
    await page.wait_for_function(
        "performance.getEntriesByType('resource').some(e => e.name.endsWith('/events')) || true"
    )
    await page.wait_for_timeout(500)
    raised(desk.served.store, item(guid="new", title="Tanks"), story="s-new")
    await expect(page.locator(".fresh")).to_contain_text("new stor", timeout=30_000)
    assert await page.locator(".row").count() == count
    await page.locator(".fresh a").click()
    await expect(page.locator(".row")).to_have_count(count + 1)
    assert desk.violations == []


async def test_a_story_is_opened_with_its_evidence_and_marked_as_wrong(desk: Desk) -> None:
    fill(desk.served)
    page = await desk.open("/stories/s1")
    await expect(page.locator("article mark").first).to_contain_text("orders 12 howitzers")
    await page.keyboard.press("w")
    await page.locator("select[name=kind]").select_option("duplicate")
    await page.locator("details[open] input[name=text]").fill("see the other one")
    await page.get_by_role("button", name="Mark as wrong").click()
    await expect(page.locator(".undone")).to_contain_text("marked as wrong")
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator(".kicker .tag")).to_have_count(0)
    assert desk.violations == []


async def test_everything_works_without_javascript(desk: Desk) -> None:
    fill(desk.served)
    page = await desk.open("/stories", java_script_enabled=False)
    count = await page.locator(".row").count()
    await expect(page.locator(".tool")).to_be_hidden()
    await page.locator(".row input").first.check()
    await expect(page.locator(".tool")).to_be_visible()
    await page.locator(".tool button[value=acknowledge]").click()
    await expect(page.locator(".row")).to_have_count(count - 1)
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator(".row")).to_have_count(count)
    await page.locator("select[name=topic]").select_option("arms")
    await page.get_by_role("button", name="Show").click()
    assert "topic=arms" in page.url


async def test_a_silence_is_previewed_and_saved(desk: Desk) -> None:
    fill(desk.served)
    page = await desk.open("/silences")
    await page.locator("input[name=words]").fill("howitzers")
    await page.get_by_role("button", name="Show what it would hide").click()
    await expect(page.locator("#preview")).to_contain_text("It would have hidden")
    await page.locator("#preview input[name=reason]").fill("we know")
    await page.get_by_role("button", name="Silence", exact=True).click()
    await expect(page.locator("main")).to_contain_text("1 in force")
    assert desk.violations == []


async def test_a_dead_delivery_is_retried(desk: Desk) -> None:
    fill(desk.served)
    page = await desk.open("/deliveries?state=dead")
    await page.locator("tbody a[href^='/deliveries/']").first.click()
    await expect(page.locator("main")).to_contain_text("550 no such mailbox")
    await page.get_by_role("button", name="Retry now").click()
    await expect(page.locator(".top .state")).to_contain_text("owed")
    assert desk.violations == []


async def test_people_sign_in_and_out(desk: Desk) -> None:
    fill(desk.served)
    add_user(desk.served.store)
    page = await desk.open("/feeds")
    await page.get_by_label("Name").fill("ayse")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.locator("h1")).to_have_text("Feeds")
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.locator("h1")).to_have_text("Sign in")
    assert page.url.endswith("/login")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_serious_on_any_page(desk: Desk, scheme: str) -> None:
    fill(desk.served)
    wrong = {}
    for width in (1280, 375):
        await desk.open("/stories", viewport={"width": width, "height": 900}, color_scheme=scheme)
        for path in PAGES:
            await desk.open(path)
            found = await Axe().run(desk.page)
            serious = [
                (each["id"], [node["html"][:120] for node in each["nodes"][:2]])
                for each in found.response["violations"]
                if each["impact"] in {"serious", "critical"}
            ]
            if serious:
                wrong[f"{path} at {width}"] = serious
    assert wrong == {}


async def test_no_page_scrolls_sideways_on_a_phone(desk: Desk) -> None:
    fill(desk.served)
    await desk.open("/stories", viewport={"width": 375, "height": 800}, device_scale_factor=2)
    wide = {}
    for path in PAGES:
        page = await desk.open(path)
        width = await page.evaluate("document.documentElement.scrollWidth")
        if width > 375:
            wide[path] = width
    assert wide == {}


async def test_hostile_text_runs_nothing_and_breaks_no_policy(desk: Desk) -> None:
    served = desk.served
    fill(served)
    base = verdict()
    assert base.event
    event = replace(
        base.event,
        quote=HOSTILE,
        amounts=(HOSTILE,),
        imposer="x:" + HOSTILE,
        targets=(HOSTILE,),
        systems=(HOSTILE,),
    )
    names = tuple(
        replace(each, name=HOSTILE, id=HOSTILE, quote=HOSTILE, lists=(HOSTILE,)) for each in base.entities
    )
    one = item(guid="h", title=HOSTILE + " howitzers", summary=HOSTILE, url="javascript:alert(1)")
    raised(
        served.store,
        one,
        verdict=replace(base, event=event, entities=names),
        source=HOSTILE,
        news=HOSTILE,
        kind="update",
        story="s1",
    )
    dialogs: list[str] = []
    desk.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    for path in PAGES:
        page = await desk.open(path)
        assert (
            await page.evaluate("document.querySelectorAll('[onerror], [onclick], [style], img').length") == 0
        )
    assert (dialogs, desk.violations) == ([], [])


async def test_the_first_run_says_what_happens(desk: Desk) -> None:
    desk.served.store.enrol([feed("wire", title="A wire")], NOW)
    page = await desk.open("/")
    await expect(page.locator("h1")).to_have_text("No story yet")
    await expect(page.locator(".begin")).to_contain_text("0 of 1 feeds polled")
    await desk.shot("first-run")
    assert desk.violations == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (375, "light")])
async def test_pictures_for_the_documents(desk: Desk, width: int, scheme: str) -> None:
    fill_with_a_day(desk.served)
    await desk.open(
        "/stories", viewport={"width": width, "height": 900 if width > 400 else 800}, color_scheme=scheme
    )
    for name, path in (
        ("stories", "/stories?view=all"),
        ("story", "/stories/s0"),
        ("workbench", "/workbench?q=howitzers"),
        ("feeds", "/feeds"),
        ("charts", "/charts"),
    ):
        page = await desk.open(path)
        await desk.shot(f"{name}-{width}-{scheme}")
        assert await page.locator("h1").count() == 1
