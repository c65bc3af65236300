"""Photograph digests and alerts as mail programs draw them, and print how many screens each takes.

    python -m benchmarks.screenshots [FOLDER]

The news of ``day.tsv`` is made up; each line is language, tier, source, title and summary. Chromium is needed.
"""

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from monitor.alerts.routing import decide
from monitor.app.rulebook import rulebook
from monitor.cli.common import settings_or_default
from monitor.model import Alert, Digest, Item, Placement, StorySoFar, Tier
from monitor.render import samples
from monitor.render.renderer import Renderer
from monitor.render.sample_alerts import ago
from tests.support.browser import browser

SCREEN = 900
WIDTHS = (375, 1280)
SCHEMES = ("light", "dark")
DAY = Path(__file__).parent / "day.tsv"

#: Lines of the day that are updates, by number, with what is new in them.
UPDATES = {25: "stage: approval → contract", 11: "stage: contract → delivery", 41: "denied"}


def alerts() -> Iterator[Alert]:
    """Yield the alerts of the made-up day, judged as the program judges news."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.toml"
        config.write_text("")
        rules = rulebook(settings_or_default(config))
    for number, line in enumerate(DAY.read_text("utf-8").splitlines()):
        lang, tier, source, title, summary = line.split("\t")
        at = samples.NOW - timedelta(minutes=20 * number)
        item = Item(
            feed=source.lower().replace(" ", "-"),
            guid=str(number),
            url=f"https://news.example/{number}",
            title=title,
            summary=summary,
            first_seen_at=at,
            published_at=at - timedelta(minutes=4),
            lang=lang,
        )
        verdict = rules.engine.judge(item, Tier(tier))
        decision = decide(verdict, rules.table)
        if decision.placement is Placement.ARCHIVE:
            decision = replace(decision, placement=Placement.TAIL)
        yield Alert(
            item=item,
            verdict=verdict,
            decision=decision,
            story=f"s{number}",
            raised_at=at,
            source=source,
            tier=tier,
            seq=100 - number,
            kind="update" if number in UPDATES else "new",
            news=UPDATES.get(number, ""),
            related=("s12",) if number == 4 else (),
        )


def digests() -> dict[str, Digest]:
    """Return the digests to photograph, by name."""
    day = tuple(alerts())
    counts = replace(samples.DIGEST.counts, read=1204, flagged=71, alerts=len(day), feeds=98, undelivered=0)
    full = replace(
        samples.DIGEST,
        alerts=day,
        counts=replace(counts, feeds_failing=("ministry-notices", "gazette")),
        occasion=replace(samples.DIGEST.occasion, covers=("2026-11-23",)),
        planned_at=samples.NOW + timedelta(seconds=30),
        so_far={
            "s25": StorySoFar(("herald",), ago(30), "Athens approves talks on a fourth frigate"),
            "s0": StorySoFar(("treasury-recent-actions", "wire", "herald")),
        },
    )
    quiet = replace(
        samples.EMPTY_DIGEST, counts=replace(counts, flagged=0, alerts=0, feeds_failing=("x", "y"))
    )
    broken = replace(
        full,
        alerts=day[20:26],
        counts=replace(counts, feeds_failing=tuple(f"feed-{n}" for n in range(31)), undelivered=14),
        planned_at=samples.NOW + timedelta(hours=5),
    )
    return {
        "full": full,
        "quiet": quiet,
        "broken": broken,
        "persian": replace(full, alerts=tuple(each for each in day if each.item.lang in {"fa", "ar"})),
        "chinese": replace(full, alerts=tuple(each for each in day if each.item.lang == "zh")),
        "turkish": replace(full, subscription=replace(full.subscription, language="tr")),
    }


def pages() -> Iterator[tuple[str, str]]:
    """Yield the name and the HTML of each mail."""
    renderer = Renderer(link=lambda action, ref: f"https://monitor.example/{action}/{ref[:6]}")
    found = digests()
    for name, digest in found.items():
        yield f"digest-{name}", renderer.digest(digest, "mail")[0].html
    day = found["full"].alerts
    for name, alert in (("english", day[0]), ("persian", day[5]), ("chinese", day[6]), ("arms", day[1])):
        yield f"alert-{name}", renderer.alert(alert, "mail")[0].html
    yield "alert-talks", renderer.alert(samples.TALKS, "mail")[0].html
    yield "alert-turkish", renderer.alert(day[1], "mail", "tr")[0].html


async def main(folder: Path) -> None:
    """Write one picture for each page, width and colour scheme."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, html in pages():
        page = folder / f"{name}.html"
        page.write_text(html, "utf-8")
        async with browser(folder / "profile") as tab:
            for width in WIDTHS:
                for scheme in SCHEMES:
                    await tab.show(page, width, scheme)
                    (folder / f"{name}-{width}-{scheme}.png").write_bytes(await tab.picture())
                height = await tab.value("document.documentElement.scrollHeight")
                print(
                    f"{name:16} {width:5} px wide: {height:6} px, {height / SCREEN:.1f} screens of {SCREEN}"
                )


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="screenshots-"))))
