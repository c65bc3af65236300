"""A real browser, driven over its own debugging protocol: what a page shows, and what it does."""

import asyncio
import base64
import json
import os
import re
import shutil
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

NAMES = ("chromium", "chromium-browser", "google-chrome")
PROGRAM = next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)

#: What makes a page hard to read: each text's size, and its contrast with what lies beneath it (WCAG 2.2).
TEXT_STYLES = """
(() => {
  const level = c => { c /= 255; return c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4 };
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => .2126 * level(r) + .7152 * level(g) + .0722 * level(b);
  const beneath = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, style = getComputedStyle(element);
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    const [one, two] = [light(rgb(style.color)), light(beneath(element))];
    texts.push({
      text: walker.currentNode.data.trim().slice(0, 40), size: parseFloat(style.fontSize),
      contrast: (Math.max(one, two) + .05) / (Math.min(one, two) + .05),
    });
  }
  const within = [...document.querySelectorAll("body *")].filter(
    each => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + .5);
  return {
    width: document.documentElement.scrollWidth, room: innerWidth, texts,
    beyond: within.map(each => each.outerHTML.slice(0, 80)),
    background: light(rgb(getComputedStyle(document.body).backgroundColor)),
  };
})()
"""


class Tab:
    """One page of a browser; `events` are the protocol's messages that nobody asked for."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = count(1)
        self.events: list[dict[str, Any]] = []

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": params})
        while True:
            answer = await self._socket.receive_json()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return dict(answer["result"])
            self.events.append(answer)

    async def show(self, path: Path, width: int, scheme: str) -> None:
        """Open a file in a window of this width, in the light or the dark colour scheme."""
        await self.ask("Page.enable")
        await self.ask("Network.enable")
        phone = width < 600
        await self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=phone
        )
        liked = [{"name": "prefers-color-scheme", "value": scheme}]
        await self.ask("Emulation.setEmulatedMedia", features=liked)
        self.events.clear()
        await self.ask("Page.navigate", url=path.as_uri())
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(await self._socket.receive_json())

    async def value(self, script: str) -> Any:
        answer = await self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def picture(self) -> bytes:
        """Return the whole page as PNG."""
        shot = await self.ask("Page.captureScreenshot", captureBeyondViewport=True)
        return base64.b64decode(shot["data"])

    def happened(self, method: str) -> list[Mapping[str, Any]]:
        return [event["params"] for event in self.events if event["method"] == method]


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Tab]:
    """Yield a page of a browser that keeps everything of its own in this folder."""
    process = await asyncio.create_subprocess_exec(
        str(PROGRAM),
        *FLAGS,
        f"--user-data-dir={folder}",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stderr
    try:
        async with asyncio.timeout(60), aiohttp.ClientSession() as http:
            address = await _address(process.stderr)
            # so that the browser never waits for its output to be read
            output = asyncio.create_task(process.stderr.read())
            async with http.get(f"http://{address}/json/list") as answer:
                (page,) = [each for each in json.loads(await answer.text()) if each["type"] == "page"]
            async with http.ws_connect(page["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                yield Tab(socket)
                await socket.send_json({"id": 0, "method": "Browser.close"})
            await process.wait()
            await output
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def _address(said: asyncio.StreamReader) -> str:
    async for line in said:
        if found := re.search(rb"DevTools listening on ws://([^/]+)/", line):
            return found[1].decode()
    raise AssertionError("the browser ended before it listened")
