"""The crash matrix: the program comes to harm at every point of a round, is started again, and nobody is the worse.

Every process is a fork of one nursery, the servers are real, and what is asserted is what they received.
"""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, Self

import pytest

from tests.conftest import NOW
from tests.end_to_end.story import LISTING, ROOT, config, environment, feed, mail_channel
from tests.support.fault_injection import HARMS
from tests.support.servers import Reply, Site
from tests.support.servers_mail import PASSWORD, USER, MailServer

ORDER = ("order", "Denmark orders 16 F-35 fighter jets", "The contract is worth $2 billion.")
BANKS = ("banks", "EU imposes sanctions on twelve Russian banks", "The Council adopted the package.")
DAYS = (("2026-11-23", (LISTING, ORDER)), ("2026-11-24", (LISTING, ORDER, BANKS)))
RECIPIENTS = ("desk@news.example", "legal@news.example")


@dataclass
class Got:
    """What was received: by recipient, every message's bytes by id, and the titles in every digest by id."""

    copies: dict[tuple[str, str], list[bytes]] = field(default_factory=lambda: defaultdict(list))
    digests: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(dict))
    alerts: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def record(self, recipient: str, id: str, content: bytes, kind: str, text: str) -> None:
        titles = {title for _, title, _ in DAYS[-1][1] if title in text}
        self.copies[recipient, id].append(content)
        if kind == "digest":
            self.digests[recipient][id] = titles
        else:
            assert len(titles) == 1, text
            self.alerts[recipient][id] = titles.pop()

    @property
    def repeated(self) -> set[str]:
        """The ids of what was received more than once."""
        return {id for (_, id), copies in self.copies.items() if len(copies) > 1}


class Nursery:
    """The process of which each round is a fork; it imports the program and reads the rules once."""

    def __init__(self, folder: Path) -> None:
        self._log = (folder / "log").open("w")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.fault_injection"],
            cwd=ROOT, env=environment(), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self._log,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        assert self._process.stdout
        self._process.wait(240)
        self._process.stdout.close()
        self._log.close()

    def obey(self, order: dict[str, Any]) -> dict[str, Any]:
        """Run one process to its end and return its answer."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{json.dumps(order)}\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


class World:
    """A feed, a webhook, a mail server with two recipients, and the program, which remembers between rounds."""

    def __init__(self, folder: Path, site: Site, mail: MailServer, nursery: Nursery) -> None:
        self.folder, self.site, self.mail, self._nursery = folder, site, mail, nursery
        (folder / "ca.pem").write_bytes(mail.authority.cert_pem.bytes())
        table = mail_channel(mail.port, folder / "ca.pem", USER, PASSWORD)
        table = table.replace('to = ["desk@news.example"]', f"to = {json.dumps(RECIPIENTS)}")
        self.config = config(folder, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"), mail=table)
        text = self.config.read_text("utf-8").replace('every = "1d"', 'every = "1h"')
        self.config.write_text(text.replace('host_gap = "1s"', 'host_gap = "0s"'), "utf-8")

    def day(self, number: int, *, later_s: int = 0, at: int | None = None, **harm: Any) -> dict[str, Any]:
        """Live through one day's round; with `at` come to harm there."""
        self.site.routes["/feed.xml"] = Reply(feed(*DAYS[number][1]))
        now = NOW + timedelta(days=number, seconds=later_s)
        order = {"config": str(self.config), "now": now.isoformat(), "at": at, **harm}
        return self._nursery.obey(order)

    def begin(self, kept: Path | None = None) -> None:
        """Forget everything; or everything since a copy was made."""
        for file in self.folder.glob("monitor.db*"):
            file.unlink()
        if kept:
            shutil.copy(kept, self.folder / "monitor.db")
        self.site.requests.clear()
        self.mail.mails.clear()

    def keep(self) -> Path:
        """Copy the database while nobody serves it."""
        return Path(shutil.copy(self.folder / "monitor.db", self.folder / "kept.db"))

    def got(self) -> Got:
        got = Got()
        for request in self.site.asked("/hook"):
            data = json.loads(request.body)
            got.record(
                "hook", request.headers["webhook-id"], request.body, data["type"], request.body.decode()
            )
        for mail in self.mail.mails:
            parsed = message_from_bytes(mail.content, policy=policy.default)
            kind = "digest" if parsed["Subject"].startswith("[Digest]") else "alert"
            text = re.sub(r"\s+", " ", parsed.get_body(("plain",)).get_content())
            id = re.sub(r"[<>]|@.*", "", parsed["Message-ID"])
            got.record(mail.to[0], id, mail.content, kind, text)
        return got


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with Nursery(tmp_path_factory.mktemp("nursery")) as nursery:
        yield nursery


@pytest.fixture
def world(tmp_path: Path, nursery: Nursery) -> Iterator[World]:
    with Site({"/hook": Reply(status=204)}) as site, MailServer() as mail:
        yield World(tmp_path, site, mail, nursery)


@dataclass
class Tally:
    """What a matrix came to."""

    points: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    in_two: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)
    repeated: Counter[str] = field(default_factory=Counter)

    def count(self, got: Got, answer: dict[str, Any], *, folded: bool = False) -> None:
        """Judge what was received after harm was done and the program had run on.

        When the clock leapt ahead, new alerts are days old and listed by the digest alone (`folded`), and
        the digest of days that the clock has been through comes when they are over: one of the two is enough.
        """
        name = answer["name"]
        self.points[name] += 1
        everything = {title for _, title, _ in DAYS[-1][1]}
        for recipient in ("hook", *RECIPIENTS):
            alerts, digests = Counter(got.alerts[recipient].values()), got.digests[recipient].values()
            in_digests = Counter(title for digest in digests for title in digest)
            reported = in_digests.keys() | alerts.keys() if folded else in_digests.keys() & alerts.keys()
            self.lost += [f"{name}: {recipient}: {title}" for title in everything - reported]
            self.in_two += [
                f"{name}: {recipient}: {each}"
                for each in (in_digests, alerts)
                if max(each.values(), default=0) > 1
            ]
        self.changed += [f"{name}: {id}" for (_, id), copies in got.copies.items() if len(set(copies)) > 1]
        self.unexplained += [f"{name}: {id}" for id in got.repeated - set(answer["open"])]
        self.repeated[name] += len(got.repeated)

    def assert_clean(self) -> None:
        """Fail with everything that is wrong."""
        assert (self.lost, self.in_two, self.changed, self.unexplained) == ([], [], [], [])

    def __str__(self) -> str:
        repeated = +self.repeated
        return (
            f"{sum(self.points.values())} points of {len(self.points)} kinds; lost {len(self.lost)},"
            f" in two digests {len(self.in_two)}, other bytes {len(self.changed)},"
            f" repeated outside of the gap {len(self.unexplained)}; repeated in it {repeated.total()}: {dict(repeated)}"
        )


def live_through(world: World, kept: Path, number: int, at: int, harm: str, tally: Tally) -> None:
    """Come to harm at a point of a day, go on as if nothing had been, and live to the end of the last day."""
    world.begin(kept if number else None)
    if number:
        replay(world)
    answer = world.day(number, at=at, harm=harm)
    if not answer["name"]:
        return  # two channels at once come to a few points more or fewer: this day had ended before
    world.day(number, later_s=60)
    for later in range(number + 1, len(DAYS)):
        world.day(later)
    tally.count(world.got(), answer, folded=harm in {"forward", "years"})


FIRST_DAY: dict[str, list[Any]] = {}


def replay(world: World) -> None:
    """Have received what was received on the first day, of which the copy was made."""
    world.site.requests += FIRST_DAY["requests"]
    world.mail.mails += FIRST_DAY["mails"]


def prepared(world: World) -> tuple[Path, list[int]]:
    """Return a copy of the database after the first day, and how many points each day has."""
    world.begin()
    counts = [world.day(0, at=0)["points"]]
    kept = world.keep()
    FIRST_DAY.update(requests=list(world.site.requests), mails=list(world.mail.mails))
    counts.append(world.day(1, at=0)["points"])
    return kept, counts


def matrix(world: World, harm: str, step: int, most: int | None = None) -> Tally:
    """Do harm at every so many points of both days."""
    kept, counts = prepared(world)
    tally = Tally()
    points = [(day, at) for day, count in enumerate(counts) for at in range(1, count + 1, step)]
    for day, at in points[:most]:
        live_through(world, kept, day, at, harm, tally)
    assert sum(tally.points.values()) >= 0.8 * len(points[:most])
    return tally


def test_a_day_without_faults_is_delivered_once(world: World) -> None:
    prepared(world)
    tally = Tally()
    tally.count(world.got(), {"name": "", "open": []})
    tally.assert_clean()
    assert not world.got().repeated


def test_killed_at_a_few_points_it_loses_nothing_and_repeats_nothing_in_two_digests(world: World) -> None:
    matrix(world, "kill", step=71).assert_clean()


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("harm", HARMS)
def test_the_whole_matrix(world: World, harm: str) -> None:
    """Every point for a kill, every fifth for the other harms, which take longer."""
    tally = matrix(world, harm, step=1 if harm == "kill" else 5)
    print(f"\n{harm}: {tally}")  # noqa: T201  what `make test-slow -s` is read for
    tally.assert_clean()
    if harm == "kill":
        assert sum(tally.points.values()) >= 60
