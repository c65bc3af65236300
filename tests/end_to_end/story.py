"""What the stories of the whole product share: a configuration on loopback, a feed, and the program as a process."""

import os
import subprocess
import sys
from pathlib import Path
from xml.sax.saxutils import escape

from tests.support.databases import prepare_database
from tests.support.forked import ForkedProgram, start_forked

ROOT = Path(__file__).parents[2]


def feed(*items: tuple[str, str, str]) -> str:
    """Return an RSS document of (guid, title, summary)."""
    entries = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><link>https://news.example/{guid}</link>"
        f"<title>{escape(title)}</title><description>{escape(summary)}</description></item>"
        for guid, title, summary in items
    )
    return f"<rss version='2.0'><channel><title>A wire</title>{entries}</channel></rss>"


LISTING = (
    "listing",
    "OFAC adds 14 shipping companies to SDN List over Iranian oil trade",
    "The US Treasury designated 14 companies and blocked six tankers.",
)
FOOTBALL = ("football", "FIFA sanctions club over unpaid transfer fees", "The football club may appeal.")


def config(folder: Path, *, feed_url: str, hook_url: str = "", mail: str = "", prepared: bool = True) -> Path:
    """Write a configuration with one feed, and a webhook and a mail channel where they are given.

    Its database is `prepared`, or still missing.
    """
    channels = [name for name, given in (("hook", hook_url), ("desk", mail)) if given]
    text = f"""
database = "{folder}/monitor.db"
rules = "{folder}/rules"
[polling]
host_gap = "1s"
[delivery]
uncertain_wait = "0s"
[log]
format = "json"
[web]
listen = "127.0.0.1:0"
[feeds.wire]
url = "{feed_url}"
title = "A wire"
tier = "wire"
every = "1d"
[routes.all]
channels = {channels}
at_least = "digest"
[digests.daily]
channels = {channels}
at = "08:00"
zone = "Europe/Istanbul"
welcome = true
"""
    if hook_url:
        text += f'[channels.hook]\ntype = "webhook"\nurl = "{hook_url}"\nsecret = "a shared key"\n'
    path = folder / "config.toml"
    path.write_text(text + mail, "utf-8")
    if prepared:
        prepare_database(folder / "monitor.db")
    return path


def mail_channel(port: int, ca_file: Path, user: str, password: str) -> str:
    """Return the table of a mail channel with STARTTLS and a password."""
    return f"""
[channels.desk]
type = "email"
host = "localhost"
port = {port}
tls = "starttls"
ca_file = "{ca_file}"
user = "{user}"
password = "{password}"
sender = "Monitor <monitor@news.example>"
to = ["desk@news.example"]
"""


def command(*args: str | Path, cwd: Path) -> list[str]:
    """Return the command line of the program."""
    return [sys.executable, "-m", "monitor", *map(str, args)]


def environment() -> dict[str, str]:
    """Return an environment in which the program is found and nothing of ours configures it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
    return kept | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"}


def start(*args: str | Path, cwd: Path) -> subprocess.Popen[str]:
    """Start the program as a process of its own."""
    return subprocess.Popen(
        command(*args, cwd=cwd),
        cwd=cwd,
        env=environment(),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def start_warm(*args: str | Path, cwd: Path) -> ForkedProgram:
    """Start the program as a process of its own that has imported everything already."""
    return start_forked(*args, cwd=cwd, environment=environment())


def finish(process: subprocess.Popen[str] | ForkedProgram, timeout: float = 240) -> tuple[int, str, str]:
    """Wait for a process; return its exit code, output and log."""
    out, log = process.communicate(timeout=timeout)
    return process.returncode, out, log


def run(*args: str | Path, cwd: Path) -> tuple[int, str, str]:
    """Run the program to its end."""
    return finish(start(*args, cwd=cwd))
