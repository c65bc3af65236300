"""Other programs that poll feeds, for `polling`: how each is installed, started and made to poll."""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which

READER = """
import sys
from reader import make_reader
reader = make_reader(sys.argv[1])
for url in sys.argv[2:]:
    if url != "--start":
        reader.add_feed(url, exist_ok=True)
if "--start" not in sys.argv:
    reader.update_feeds(workers=10, scheduled=False)
"""

RSS2EMAIL = "[DEFAULT]\nto = a@b.example\nfrom = x@y.example\nverbose = error\n"

SFEED = """
fetch() {{
  curl -L -f -s -m 15 --compressed --etag-save "{folder}/etags/$1" --etag-compare "{folder}/etags/$1" "$2"
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """How to run one program: its command without work, its command with work, and what makes feeds due.

    `prepare` is run once before all others: what only the first start after an installation does is not measured.
    """

    name: str
    start: Sequence[str]
    poll: Sequence[str]
    make_due: Callable[[], None] = lambda: None
    prepare: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


def reader(place: Path, urls: Sequence[str]) -> Program:
    """Install `reader`, whose parser needs a package that it does not name."""
    folder = place / "reader"
    python = environment(folder, "reader", "sgmllib3k")
    script, database = folder / "poll.py", str(folder / "reader.db")
    script.write_text(READER, "utf-8")
    command = [python, str(script), database]
    return Program(name="reader", start=[*command, "--start"], poll=[*command, *urls])


def rss2email(place: Path, urls: Sequence[str]) -> Program:
    """Install `rss2email`; it sends nothing."""
    folder = place / "rss2email"
    python = environment(folder, "rss2email", "sgmllib3k")
    feeds = "".join(f"[feed.f{number:05}]\nurl = {url}\n" for number, url in enumerate(urls))
    (folder / "none.cfg").write_text(RSS2EMAIL, "utf-8")
    (folder / "all.cfg").write_text(RSS2EMAIL + feeds, "utf-8")
    for name in ("none.json", "all.json"):
        (folder / name).write_text('{"version": 2, "feeds": []}', "utf-8")

    def command(which: str) -> list[str]:
        files = ["-c", str(folder / f"{which}.cfg"), "-d", str(folder / f"{which}.json")]
        return [python, str(folder / "bin" / "r2e"), *files, "run", "--no-send"]

    return Program(name="rss2email", start=command("none"), poll=command("all"))


def newsboat(place: Path, urls: Sequence[str]) -> Program:
    """Run the `newsboat` of the system, with as many threads as this machine has cores."""
    folder = place / "newsboat"
    folder.mkdir()
    (folder / "urls").write_text("".join(f"{url}\n" for url in urls), "utf-8")
    (folder / "config").write_text("reload-threads 2\ndownload-retries 1\n", "utf-8")
    files = ["-u", str(folder / "urls"), "-c", str(folder / "cache.db"), "-C", str(folder / "config")]
    command = ["newsboat", *files, "-x"]
    environment = {"HOME": str(folder), "TERM": "xterm"}
    return Program(
        name="newsboat",
        start=[*command, "print-unread"],
        poll=[*command, "reload"],
        environment=environment,
    )


def sfeed(place: Path, urls: Sequence[str]) -> Program:
    """Run the `sfeed_update` of the system with curl and its ETags."""
    folder = place / "sfeed"
    (folder / "etags").mkdir(parents=True)
    for name, some in (("none", ()), ("all", tuple(urls))):
        lines = "".join(f'  feed "f{number:05}" "{url}"\n' for number, url in enumerate(some))
        head = f'sfeedpath="{folder}/feeds"\nmaxjobs=8\n{SFEED.format(folder=folder)}'
        (folder / name).write_text(f"{head}feeds() {{\n  true\n{lines}}}\n", "utf-8")
    command = ["sfeed_update"]
    return Program(name="sfeed", start=[*command, str(folder / "none")], poll=[*command, str(folder / "all")])


def peers(place: Path, urls: Sequence[str]) -> list[Program]:
    """Install and return the peers that this machine can have; those of the system only if they are there."""
    found = [reader(place, urls), rss2email(place, urls)]
    if which("newsboat"):
        found.append(newsboat(place, urls))
    if which("sfeed_update") and which("curl"):
        found.append(sfeed(place, urls))
    return found


def environment(folder: Path, *packages: str) -> str:
    """Make an environment with some packages; return its Python."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True)
    return python
