"""Built engines in files: read again for the same inputs, and never trusted blindly."""

import os
import pickle
from hashlib import sha256
from pathlib import Path

import pytest

from monitor.app.engine_cache import KEPT, cache_folder, cached_engine
from monitor.app.rulebook import rulebook
from monitor.config import Settings
from monitor.match.engine import Engine, build
from monitor.model import Tier
from monitor.resources import SEEDS
from tests.conftest import item

SCORING = ("scoring.toml", (SEEDS / "scoring.toml").read_text("utf-8"))


def engine_of() -> Engine:
    return build({}, {}, SCORING)


def never() -> Engine:
    raise AssertionError("the engine was built again")


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_the_same_inputs_are_built_once_and_judge_alike(tmp_path):
    built = cached_engine("a", engine_of, tmp_path / "cache")
    again = cached_engine("a", never, tmp_path / "cache")
    assert again.judge(item(), Tier.WIRE) == built.judge(item(), Tier.WIRE)
    assert again.versions == built.versions


def test_other_inputs_are_built_anew(tmp_path):
    cached_engine("a", engine_of, tmp_path)
    with pytest.raises(AssertionError, match="built again"):
        cached_engine("b", never, tmp_path)


def test_files_are_readable_by_their_owner_only(tmp_path):
    cached_engine("a", engine_of, tmp_path / "cache")
    (path,) = files(tmp_path / "cache")
    assert (path.parent.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)


@pytest.mark.parametrize(
    "damage", [lambda data: b"", lambda data: data[:-8], lambda data: data[:-9] + b"!" + data[-8:]]
)
def test_a_damaged_file_is_replaced(damage, tmp_path):
    cached_engine("a", engine_of, tmp_path)
    (path,) = files(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    cached_engine("a", engine_of, tmp_path)
    assert path.read_bytes() == whole


def test_a_file_that_others_can_write_is_not_read(tmp_path):
    cached_engine("a", engine_of, tmp_path)
    (path,) = files(tmp_path)
    path.chmod(0o666)
    with pytest.raises(AssertionError, match="built again"):
        cached_engine("a", never, tmp_path)


class Evil:
    """Runs a command when it is unpickled by an ordinary unpickler."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def test_a_file_cannot_call_functions(tmp_path):
    cached_engine("a", engine_of, tmp_path)
    (path,) = files(tmp_path)
    data = pickle.dumps(Evil(tmp_path / "made"))
    path.write_bytes(sha256(data).digest() + data)
    cached_engine("a", engine_of, tmp_path)
    assert not (tmp_path / "made").exists()


def with_class(data: bytes, module: str, name: str) -> bytes:
    """Return a pickle that looks a name up, drops what it finds, and goes on as `data`."""
    texts = [bytes([0x8C, len(text)]) + text.encode() for text in (module, name)]
    return data[:2] + b"".join(texts) + b"\x930" + data[2:]


def write_pickle(path: Path, data: bytes) -> None:
    path.write_bytes(sha256(data).digest() + data)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("monitor.match.engine", "Spotter"),
        ("monitor.match.engine", "score.re.Pattern"),
        ("monitor.match.engine", "build"),
        ("monitor.matching", "Engine"),
        ("pathlib", "Path"),
    ],
)
def test_a_file_may_name_a_class_of_ours_only_where_it_is_defined(module, name, tmp_path):
    cached_engine("a", engine_of, tmp_path)
    (path,) = files(tmp_path)
    data = path.read_bytes()[32:]
    write_pickle(path, with_class(data, "monitor.match.engine", "Engine"))
    assert isinstance(cached_engine("a", never, tmp_path), Engine)
    write_pickle(path, with_class(data, module, name))
    with pytest.raises(AssertionError, match="built again"):
        cached_engine("a", never, tmp_path)


def test_the_engines_used_last_are_kept(tmp_path):
    for number in range(KEPT + 2):
        cached_engine(number, engine_of, tmp_path)
        for path in files(tmp_path):
            os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns - 10**9))
    assert len(files(tmp_path)) == KEPT
    cached_engine(KEPT + 1, never, tmp_path)
    with pytest.raises(AssertionError, match="built again"):
        cached_engine(0, never, tmp_path)


def test_a_folder_that_cannot_be_made_costs_nothing_but_time(tmp_path):
    (tmp_path / "file").touch()
    assert isinstance(cached_engine("a", engine_of, tmp_path / "file" / "cache"), Engine)


def test_the_folder_follows_the_environment(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/xdg")
    assert cache_folder() == Path("/xdg/sanctions-monitor")
    monkeypatch.setenv("CACHE_DIRECTORY", "/var/cache/monitor:/other")
    assert cache_folder() == Path("/var/cache/monitor")


def test_an_engine_of_the_rules_that_ship_judges_alike_when_it_is_read_again(tmp_path):
    built = cached_engine("shipped", lambda: rulebook(Settings()).engine, tmp_path)
    again = cached_engine("shipped", never, tmp_path)
    for title in (
        "Canada lifts sanctions on a bank of Syria",
        "Kanada orders 12 howitzers",
        "Weather is fine",
    ):
        assert again.judge(item(title=title), Tier.WIRE) == built.judge(item(title=title), Tier.WIRE)
