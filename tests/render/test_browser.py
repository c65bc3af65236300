"""The HTML mails as a browser draws them, on a phone and on a desk, light and dark."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from monitor.render import samples as sample
from monitor.render.renderer import Renderer
from tests.render.test_injection import CASES, hostile
from tests.render.test_renderer import many
from tests.support.browser import PROGRAM, TEXT_STYLES, Tab, browser

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium on this machine")

WIDTHS = (375, 1280)
SCHEMES = ("light", "dark")
SMALLEST_PX = 11  # capitals of chips; all else is larger
LEAST_CONTRAST = 4.5  # WCAG 2.2, level AA

ATTACKS = (
    "<script>document.title='RAN'</script>",
    "<img src=x onerror=\"document.title='RAN'\">",
    "\"><svg onload=document.title='RAN'>",
    "'-document.title='RAN'-'",
    "</title></style></td></table><script>document.title='RAN'</script>",
    "]]><!--<script>--><script>document.title='RAN'</script>",
    "<a href=\"javascript:document.title='RAN'\" autofocus onfocus=\"document.title='RAN'\">x</a>",
    "<iframe srcdoc=\"<script>parent.document.title='RAN'</script>\">",
    '<meta http-equiv=refresh content="0;url=http://127.0.0.1:9/">',
    "<form action=http://127.0.0.1:9/><input autofocus>",
    "<base href=http://127.0.0.1:9/><link rel=stylesheet href=/x.css>",
)


def mails() -> dict[str, str]:
    """Return every kind of HTML mail, by name."""
    say = Renderer()
    long = "Donaudampfschifffahrtsgesellschaft" * 6
    wide = replace(sample.TALKS, item=replace(sample.TALKS.item, title=long, url=f"https://e.example/{long}"))
    return {
        "digest": say.digest(sample.DIGEST, "mail")[0].html,
        "large": say.digest(many(80), "mail")[0].html,
        "alert": say.alert(sample.TALKS, "mail")[0].html,
        "long": say.digest(replace(sample.DIGEST, alerts=(wide,)), "mail")[0].html,
        "health": say.health(sample.HEALTH, "mail")[0].html,
    }


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def tab(tmp_path_factory: pytest.TempPathFactory) -> Any:
    async with browser(tmp_path_factory.mktemp("browser")) as page:
        yield page


async def test_every_mail_can_be_read_on_a_phone_and_on_a_desk_light_and_dark(
    tab: Tab, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    pictures = pytestconfig.getoption("--screenshots")
    complaints = list[str]()
    for name, html in mails().items():
        path = tmp_path / f"{name}.html"
        path.write_text(html, "utf-8")
        for width, scheme in ((width, scheme) for width in WIDTHS for scheme in SCHEMES):
            await tab.show(path, width, scheme)
            complaints += [
                f"{name} {width} {scheme}: {what}" for what in faults(await tab.value(TEXT_STYLES), scheme)
            ]
            assert [each["request"]["url"] for each in tab.happened("Network.requestWillBeSent")] == [
                path.as_uri()
            ]
            if pictures:
                (Path(pictures) / f"{name}-{width}-{scheme}.png").write_bytes(await tab.picture())
    assert not complaints


def faults(page: dict[str, Any], scheme: str) -> Iterator[str]:
    """Yield what makes a page hard to read."""
    assert page["texts"]
    if page["width"] > page["room"]:
        yield f"{page['width']} px wide: {page['beyond']}"
    if (page["background"] < 0.2) != (scheme == "dark"):
        yield "not the preferred colour scheme"
    for each in page["texts"]:
        if each["size"] < SMALLEST_PX:
            yield f"{each['text']!r} is {each['size']} px small"
        if each["contrast"] < LEAST_CONTRAST:
            yield f"{each['text']!r} has a contrast of {each['contrast']:.2f}"


async def test_nothing_that_a_feed_says_runs_or_is_fetched(tab: Tab, tmp_path: Path) -> None:
    titles = (*ATTACKS, *(case["title"] for case in CASES))
    alerts = tuple(
        replace(hostile(title, url), story=f"{number}")
        for number, title in enumerate(titles)
        for url in ("https://news.example/1", f"javascript:document.title='RAN'//{number}")
    )
    say, path = Renderer(), tmp_path / "hostile.html"
    for message in (
        *say.digest(replace(sample.DIGEST, alerts=alerts), "mail"),
        *(mail for alert in alerts[: 2 * len(ATTACKS)] for mail in say.alert(alert, "mail")),
    ):
        path.write_text(message.html, "utf-8")
        await tab.show(path, 375, "light")
        asked = [each["request"]["url"] for each in tab.happened("Network.requestWillBeSent")]
        assert asked == [path.as_uri()]
        assert await tab.value("document.title") == message.subject  # a script would have changed it
        assert not tab.happened("Page.javascriptDialogOpening")
        strangers = "script,img,svg,iframe,form,input,base,link,object,embed,[onerror],[onload],[onfocus]"
        assert await tab.value(f"document.querySelectorAll({strangers!r}).length") == 0
        assert await tab.value(
            "[...document.links].every(a => /^(https?:|#s\\d+$)/.test(a.getAttribute('href')))"
        )
