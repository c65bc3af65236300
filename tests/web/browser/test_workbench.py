"""The workbench in a real browser: streamed results, saving and undoing, on a phone and without JavaScript."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.conftest import item
from tests.store.builders import raised
from tests.web.browser.conftest import Desk, fill
from tests.web.conftest import HOSTILE

pytestmark = [pytest.mark.anyio, pytest.mark.browser]


def rules_file(desk: Desk) -> Path:
    folder = desk.served.server.context.policy.rules_folder
    assert folder
    return folder / "workbench.toml"


async def test_a_rule_is_tried_saved_and_undone_by_another_process(desk: Desk) -> None:
    fill(desk.served)
    page = await desk.open("/workbench")
    await page.locator("textarea[name=q]").fill("howitzers NEAR/3 orders")
    await page.get_by_role("button", name="Try").click()
    await expect(page.locator("#state")).to_contain_text("2 hits")
    await expect(page.locator("#stop")).to_be_hidden()
    await expect(page.locator("#hits li")).to_have_count(2)
    await expect(page.locator("#hits mark").first).to_contain_text("orders")
    await desk.shot("workbench-streamed-1280")
    await page.locator("form[method=post] input[name=id]").last.fill("howitzer-order")
    await page.get_by_role("button", name="Save the rule").click()
    await expect(page.locator(".undone")).to_contain_text("Saved [rule.howitzer-order]")
    assert "howitzer-order" in rules_file(desk).read_text("utf-8")
    await desk.served.server.stop()
    await desk.served.server.serve()
    page = await desk.open("/workbench?changed=1", viewport={"width": 1280, "height": 900})
    await page.keyboard.press("u")
    await expect(page.locator(".undone")).to_have_count(0)
    assert "howitzer-order" not in rules_file(desk).read_text("utf-8")
    assert desk.violations == []


async def test_hits_appear_while_the_trial_goes_on_and_it_can_be_stopped(desk: Desk) -> None:
    fill(desk.served)
    for number in range(900):
        raised(desk.served.store, item(guid=f"n{number}", title=f"howitzers {number}"), story=f"n{number}")
    page = await desk.open("/workbench?q=howitzers+%40country%3ATR+OR+howitzers&live=1")
    await expect(page.locator("#stop")).to_be_visible()
    await expect(page.locator("#hits li").first).to_be_visible()
    await page.locator("#stop").click()
    await expect(page.locator("#stop")).to_be_hidden()
    await expect(page.locator("#state")).to_contain_text(re.compile("hits"))
    assert desk.violations == []


async def test_a_broken_query_cannot_be_saved(desk: Desk) -> None:
    fill(desk.served)
    page = await desk.open("/workbench?q=howitzers&live=1")
    await expect(page.get_by_role("button", name="Save the rule")).to_be_visible()
    page = await desk.open("/workbench?q=%28howitzers&live=1")
    await expect(page.locator("#state .trouble")).to_contain_text("not closed")
    await expect(page.get_by_role("button", name="Save the rule")).to_be_hidden()
    assert desk.violations == []


async def test_everything_at_the_workbench_works_without_javascript_on_a_phone(desk: Desk) -> None:
    fill(desk.served)
    page = await desk.open(
        "/workbench", java_script_enabled=False, viewport={"width": 375, "height": 800}, device_scale_factor=2
    )
    await page.locator("textarea[name=q]").fill("howitzers NEAR/3 orders")
    await page.locator("textarea[name=yes]").fill("Oslo orders howitzers\nOslo buys tanks")
    await page.get_by_role("button", name="Try").click()
    await expect(page.locator("#state")).to_contain_text("2 hits")
    await expect(page.locator("#state")).to_contain_text("▲ wrong")
    await desk.shot("workbench-375")
    await page.goto("/workbench?kind=watch")
    await page.get_by_label("Name of the list").fill("yards")
    await page.get_by_label("Names, one a line").fill("Example Shipyard\nMinistry")
    await page.get_by_role("button", name="Try").click()
    await expect(page.locator("#state")).to_contain_text("newly flagged")
    await page.get_by_label("Comment in the file").fill("of the desk")
    await page.get_by_role("button", name="Save the list").click()
    await expect(page.locator(".undone")).to_contain_text("Saved [watch.yards]")
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator(".undone")).to_have_count(0)
    config = desk.served.server.context.policy.config_file
    assert config
    assert "yards" not in config.read_text("utf-8")


async def test_a_text_is_explained(desk: Desk) -> None:
    page = await desk.open("/workbench/explain")
    await page.locator("textarea").fill(
        "Ministry orders 12 howitzers from Acme for $90 million\nSigned on Monday."
    )
    await page.get_by_role("button", name="Explain").click()
    await expect(page.locator(".judged mark").first).to_contain_text("howitzers")
    await desk.shot("explain-1280")
    await page.locator("textarea").fill(HOSTILE)
    await page.get_by_role("button", name="Explain").click()
    await expect(page.locator(".judged")).to_be_visible()
    assert desk.violations == []


async def test_words_of_acts_are_tried(desk: Desk) -> None:
    fill(desk.served)
    page = await desk.open("/workbench?kind=frame")
    await page.locator("select[name=group]").select_option("verb.impose")
    await page.get_by_label("Words, one a line").fill("howitzers")
    await page.get_by_role("button", name="Try").click()
    await expect(page.locator("#state")).to_contain_text("candidates examined")
    await expect(page.locator("#stop")).to_be_hidden()
    await desk.shot("workbench-frame-1280")
    assert desk.violations == []
