"""Draw an alert as mail and chat channels show it: ``python -m benchmarks.channel_pictures [FOLDER]``.

The mail is what a mail program gets. Slack's blocks are drawn by the rules of its notation, not by Slack. Chromium is
needed.
"""

import asyncio
import html
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from monitor.render import samples
from monitor.render.renderer import Renderer
from tests.support.browser import browser

WIDTH = 720
SLACK_STYLE = """
<meta name="viewport" content="width=device-width"><style>
body { font: 15px/1.47 system-ui, sans-serif; color: #1d1c1d; background: #fff; margin: 20px 24px }
h3 { font-size: 18px; margin: 0 0 8px } p { margin: 0 0 12px; white-space: pre-wrap }
blockquote { border-left: 4px solid #ddd; margin: 4px 0; padding-left: 12px } a { color: #1264a3; text-decoration: none }
small { color: #616061; display: block; font-size: 12px; line-height: 1.5 }
.name { font-weight: 900 } .app { background: #eee; border-radius: 2px; font-size: 10px; padding: 1px 3px }
</style><p><span class="name">Sanctions Monitor</span> <span class="app">APP</span> <small>07:12</small></p>
"""


def mrkdwn(text: str) -> str:
    """Return a text in Slack's notation as HTML; it has its signs escaped already."""
    shown = re.sub(r"<([^|>]+)\|([^>]*)>", r'<a href="\1">\2</a>', text)
    shown = re.sub(r"(?m)^(?:&gt;|>) (.*)\n?", r"<blockquote>\1</blockquote>", shown)
    return re.sub(r"\*([^*\n]+)\*", r"<b>\1</b>", shown)


def drawn(blocks: tuple[dict[str, Any], ...]) -> Iterator[str]:
    """Yield the HTML of each block."""
    for block in blocks:
        if block["type"] == "header":
            yield f"<h3>{html.escape(block['text']['text'])}</h3>"
        elif block["type"] == "section":
            yield f"<p>{mrkdwn(block['text']['text'])}</p>"
        elif block["type"] == "context":
            yield f"<small>{mrkdwn(block['elements'][0]['text'])}</small>"


def pages() -> Iterator[tuple[str, str]]:
    """Yield the name and the HTML of each picture."""
    renderer = Renderer(link=lambda action, ref: f"https://monitor.example/{action}/{ref[:6]}")
    yield "channel-mail", renderer.alert(samples.TALKS, "mail")[0].html
    yield "channel-slack", SLACK_STYLE + "".join(drawn(renderer.alert(samples.TALKS, "slack")[0].blocks))


async def main(folder: Path) -> None:
    """Write one picture for each page."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for name, text in pages():
            page = Path(scratch) / f"{name}.html"
            page.write_text(text, "utf-8")
            async with browser(Path(scratch) / "profile") as tab:
                await tab.show(page, WIDTH, "light")
                (folder / f"{name}.png").write_bytes(await tab.picture())


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs")))
