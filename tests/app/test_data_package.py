"""A data package is built from the seeds, checked against its manifest, and read by the program once pip installed it."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.app.data_package import compare_sources, damaged_files, read_manifest, unpacked
from monitor.app.doctor import data as doctor
from monitor.app.doctor.base import Level
from monitor.errors import MonitorError
from monitor.resources import BUILT_IN_SEEDS, DATA_PACKAGE, SERIES

ROOT = Path(__file__).parents[2]


def builder() -> Callable[[Path, Path], Path]:
    """Return the function of packaging/data_package.py that builds a wheel."""
    spec = importlib.util.spec_from_file_location(
        "build_data_package", ROOT / "packaging" / "data_package.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: Callable[[Path, Path], Path] = module.build
    return made


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return newer data: a source and a rule more than ours."""
    folder = tmp_path_factory.mktemp("data") / "seeds"
    shutil.copytree(BUILT_IN_SEEDS, folder)
    (folder / "version.txt").write_text("2099.1.2\n")
    with (folder / "feeds.toml").open("a") as feeds:
        feeds.write(
            '\n[new-source]\nurl = "https://new.example/feed"\ntopics = ["arms"]\ntier = "wire"\nlang = "en"\n'
        )
    rule = '[rule.club]\ntopic = "sanctions"\npoints = 90\nbecause = "a club"\nwhen = "zebrafish"\n'
    (folder / "rules" / "zz.toml").write_text(rule)
    return folder


@pytest.fixture(scope="module")
def wheel(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return builder()(seeds, tmp_path_factory.mktemp("wheel"))


def test_the_same_data_gives_the_same_wheel(wheel: Path, seeds: Path, tmp_path: Path) -> None:
    assert wheel.name == "sanctions_monitor_data-2099.1.2-py3-none-any.whl"
    assert builder()(seeds, tmp_path).read_bytes() == wheel.read_bytes()


def test_a_whole_package_is_unpacked_with_its_manifest_and_its_sources_are_compared(wheel: Path) -> None:
    with unpacked(wheel) as (folder, manifest):
        assert (manifest.version, manifest.program, manifest.fits) == ("2099.1.2", SERIES, True)
        assert not damaged_files(folder, manifest)
        assert compare_sources(folder / "seeds").added == ("new-source",)
        assert not replace(manifest, program="0.0").fits


def changed(wheel: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Write a copy of a wheel whose members were changed."""
    with zipfile.ZipFile(wheel) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            lambda members: members.update({f"{DATA_PACKAGE}/seeds/feeds.toml": b"x = 1"}),
            "damaged: feeds.toml",
        ),
        (lambda members: members.pop(f"{DATA_PACKAGE}/seeds/scoring.toml"), "damaged: scoring.toml"),
        (
            lambda members: members.update({f"{DATA_PACKAGE}/seeds/rules/more.toml": b""}),
            "damaged: rules/more.toml",
        ),
        (lambda members: members.pop(f"{DATA_PACKAGE}/manifest.json"), "not the manifest of a data package"),
        (lambda members: members.update({f"{DATA_PACKAGE}/manifest.json": b"[1]"}), "not the manifest"),
    ],
)
def test_a_package_that_is_not_as_its_manifest_says_is_refused(
    wheel: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None], reason: str
) -> None:
    with pytest.raises(MonitorError, match=reason), unpacked(changed(wheel, tmp_path / "x.whl", change)):
        pass


def test_nothing_is_written_outside_of_the_folder_and_no_other_file_is_taken_for_a_package(
    wheel: Path, tmp_path: Path
) -> None:
    escape = changed(
        wheel, tmp_path / "x.whl", lambda members: members.update({f"{DATA_PACKAGE}/../../../escaped": b"x"})
    )
    with unpacked(escape) as (folder, _):
        assert not list(folder.parent.rglob("escaped"))
        assert not [above for above in folder.parents if (above / "escaped").exists()]
    (tmp_path / "text").write_text("no wheel")
    with pytest.raises(MonitorError, match="not a wheel"), unpacked(tmp_path / "text"):
        pass


#: Prints where the data is read from, what the doctor says, and whether the rules of the package are there.
PROBE = """
import json, sys
from monitor.app.doctor.data import examine_data
from monitor.resources import SEEDS
(finding,) = examine_data(None)
print(json.dumps([str(SEEDS), finding.level, finding.what, (SEEDS / "rules" / "zz.toml").exists()]))
"""


def seen_by_the_program(packages: Path) -> tuple[str, str, str, bool]:
    """Return what a program finds that has a folder of packages before its own."""
    environment = os.environ | {"PYTHONPATH": f"{packages}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        [sys.executable, "-c", PROBE], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    folder, level, what, has_rule = json.loads(done.stdout)
    return folder, level, what, has_rule


def test_an_installed_package_is_read_and_one_that_does_not_fit_or_is_damaged_is_reported(
    wheel: Path, tmp_path: Path
) -> None:
    install = (
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(tmp_path),
        str(wheel),
    )
    subprocess.run([sys.executable, *install], check=True, capture_output=True)
    folder = tmp_path / DATA_PACKAGE
    assert seen_by_the_program(tmp_path) == (
        str(folder / "seeds"), Level.OK, "data package 2099.1.2 in use; the program's own data is "
        + (BUILT_IN_SEEDS / "version.txt").read_text().strip(), True,
    )  # fmt: skip
    (folder / "seeds" / "lists.toml").write_text("")
    assert seen_by_the_program(tmp_path)[1:3] == (Level.FAIL, "data package 2099.1.2 is damaged: lists.toml")
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"program": "0.0"}))
    assert seen_by_the_program(tmp_path) == (
        str(BUILT_IN_SEEDS), Level.WARN, f"data package 2099.1.2 is for program 0.0, not {SERIES}", False,
    )  # fmt: skip


def test_without_a_package_the_own_data_is_in_use() -> None:
    finding = doctor.finding_of(None)
    assert finding.level is Level.OK
    assert "no data package is installed" in finding.what


def test_a_package_older_than_the_own_data_is_a_warning(wheel: Path) -> None:
    with unpacked(wheel) as (folder, manifest):
        finding = doctor.finding_of((folder, replace(manifest, version="2001.1.1")))
    assert finding.level is Level.WARN
    assert "older than the program's own data" in finding.what


def test_a_manifest_that_cannot_be_read_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(MonitorError, match=r"manifest\.json"):
        read_manifest(tmp_path)
