"""Write the tables of docs/starter-pack.md again: ``python packaging/starter_pack_page.py``."""

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from monitor.resources import SEEDS

PAGE = Path(__file__).parents[1] / "docs" / "starter-pack.md"

#: What follows this line in the page is made by this script; what precedes it is written by hand.
MARK = "<!-- Made by packaging/starter_pack_page.py from seeds/feeds.toml and seeds/lists.toml. -->"

TITLES = {
    "official": "Authorities",
    "wire": "Wires and major papers",
    "trade": "Trade press, lawyers, institutes",
}


def read(name: str) -> dict[str, dict[str, Any]]:
    """Return the tables of a file of the seeds."""
    return tomllib.loads((SEEDS / name).read_text("utf-8"))


def table(head: Sequence[str], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


def feed_row(name: str, feed: dict[str, Any]) -> tuple[str, ...]:
    """Return the cells of a feed."""
    on = "yes" if feed["on"] else "no"
    return f"`{name}`", feed["title"], ", ".join(feed["topics"]), feed.get("lang", ""), on, remark(feed)


def remark(feed: dict[str, Any]) -> str:
    """Return the terms of a feed, and what to know of it."""
    return f"{feed['terms']}; {feed['note']}" if feed.get("note") else str(feed["terms"])


def list_row(name: str, entry: dict[str, Any]) -> tuple[str, ...]:
    """Return the cells of a sanctions list."""
    on = "yes" if entry["on"] else "no"
    return (
        f"`{name}`",
        f"{entry['authority']}: {entry['title']}",
        entry.get("every", "6h"),
        on,
        entry["licence"],
    )


def lines() -> Iterator[str]:
    """Yield the lines that are made."""
    feeds = read("feeds.toml")
    tiers = dict.fromkeys([*TITLES, *(feed["tier"] for feed in feeds.values())])
    for tier in tiers:
        found = {name: feed for name, feed in feeds.items() if feed["tier"] == tier}
        yield f"\n## {TITLES.get(tier, tier.replace('_', ' ').capitalize())} (`{tier}`)\n"
        rows = (feed_row(name, feed) for name, feed in found.items())
        yield from table(("name", "source", "topics", "language", "on", "terms and notes"), rows)
    yield "\n## Sanctions lists\n"
    lists = (list_row(name, entry) for name, entry in read("lists.toml").items())
    yield from table(("name", "list", "interval", "on", "licence"), lists)


def page(current: str) -> str:
    """Return the whole page, its beginning from the current one."""
    before = current.partition(MARK)[0].rstrip("\n") + "\n"
    return "\n".join([before, MARK, *lines(), ""])


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
