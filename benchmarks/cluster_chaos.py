"""Disturb a cluster of workers for some minutes, and account for what was lost, came twice, or came late."""

import random
import signal
import subprocess
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep

from benchmarks.cluster_account import account, digest_tables, digests_to_come, is_quiet
from benchmarks.cluster_fleet import Fleet, await_polls, fleet, wait_until
from benchmarks.cluster_recovery import Kill, print_recovery

#: The feeds, and how often each is polled: little work, so that waits mean recovery and not a busy machine.
FEEDS, EVERY_S = 40, 8

LEASE_S = 20

#: How long a worker is frozen: it is thought lost when it comes back.
FROZEN_S = 30

#: So many workers are never killed: somebody must take over.
SURVIVORS = 2


def chaos(minutes: float, chance: random.Random) -> int:
    """Disturb a fleet for some minutes, print what was lost and what came twice; return 1 if anything was lost."""
    options = {
        "feeds": FEEDS,
        "hosts": 20,
        "acts": 0.2,
        "gap": 1,
        "every": f"{EVERY_S}s",
        "lease": f"{LEASE_S}s",
    }
    now = datetime.now(UTC)
    times = [now + timedelta(minutes=n) for n in range(2, int(minutes) + 1)]
    with fleet(options, digest_tables(times)) as made:
        made.start(4)
        await_polls(made, FEEDS, 900)
        expected = digests_to_come(made, times)
        done, kills = _disturb(made, minutes, chance)
        made.ask("/pause", "POST")
        wait_until(lambda: _are_polled_since(made, kills), 60)
        quiet = wait_until(lambda: is_quiet(made, expected), 600)
        codes = made.stop()
        print(f"{dict(done)}; quiet in the end: {quiet}; exit codes {codes}")
        print_recovery(kills, made.ask("/times"), LEASE_S)
        return account(made, expected)


def _disturb(made: Fleet, minutes: float, chance: random.Random) -> tuple[Counter[str], list[Kill]]:
    """Kill, freeze and restart until the time is over; return how often, and the kills."""
    done: Counter[str] = Counter()
    kills: list[Kill] = []
    begun, end = monotonic(), monotonic() + minutes * 60
    restarts = [begun + minutes * 60 * part for part in (0.35, 0.7)]
    freezes = [begun + minutes * 60 * part for part in (0.2, 0.55)]
    while monotonic() < end:
        sleep(chance.uniform(8, 30))
        _replace_ended(made, done)
        if restarts and monotonic() > restarts[0]:
            restarts.pop(0)
            made.postgres.stop()
            sleep(3)
            made.postgres.start()
            done["PostgreSQL restarted"] += 1
        elif freezes and monotonic() > freezes[0]:
            freezes.pop(0)
            victim = chance.choice(made.workers)
            victim.send_signal(signal.SIGSTOP)
            sleep(FROZEN_S)
            victim.send_signal(signal.SIGCONT)
            done[f"frozen for {FROZEN_S} s"] += 1
        elif len(joined := _joined(made)) > SURVIVORS:
            kills.append(_kill(made, chance.choice(joined)))
            done["killed"] += 1
    _replace_ended(made, done)
    return done, kills


def _joined(made: Fleet) -> list[subprocess.Popen[bytes]]:
    """Return the workers that have joined the cluster, not only been started."""
    known = {process for (process,) in made.query("SELECT process FROM workers")}
    return [each for each in made.workers if any(name.startswith(f"pid {each.pid} on ") for name in known)]


def _kill(made: Fleet, victim: subprocess.Popen[bytes]) -> Kill:
    """Kill a worker by SIGKILL, while it polls if it does so soon, and return what it was polling."""
    process = f"workers.process LIKE 'pid {victim.pid} on %'"
    for _ in range(40):
        victim.send_signal(signal.SIGSTOP)
        polling = made.query(
            f"SELECT feed FROM feeds JOIN hosts USING (host) JOIN workers ON reserved_by = workers.id WHERE {process}"
        )
        if polling:
            break
        victim.send_signal(signal.SIGCONT)
        sleep(0.05)
    led = made.query(
        f"SELECT 1 FROM leases JOIN workers ON holder = workers.id WHERE name = 'ticks' AND {process}"
    )
    at = monotonic()
    victim.kill()
    victim.wait()
    return Kill(at, bool(led), tuple(int(feed[1:]) for (feed,) in polling))


def _replace_ended(made: Fleet, done: Counter[str]) -> None:
    """Start a worker in the place of each that has ended, as a supervisor does."""
    for each in list(made.workers):
        if each.poll() is not None:
            made.workers.remove(each)
            made.start()
            done[f"ended with {each.returncode}"] += 1


def _are_polled_since(made: Fleet, kills: Sequence[Kill]) -> bool:
    """Say whether every feed was polled after the last kill."""
    last = max((kill.at for kill in kills), default=0.0)
    return all(times and times[-1] > last for times in made.ask("/times").values())
