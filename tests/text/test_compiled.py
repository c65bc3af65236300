"""The compiled build is used where it is installed and fits, and the pure functions everywhere else."""

import os
import subprocess
import sys
from pathlib import Path

from monitor.text import compiled

ASK = "from monitor.text import compiled; print(compiled.module('text'), compiled.misfit(), sep='|')"


def ask(
    folder: Path, wanted: str, interface: object = compiled.INTERFACE
) -> subprocess.CompletedProcess[str]:
    """Ask a new process for a module of a build of this interface, which does nothing."""
    package = folder / compiled.PACKAGE
    package.mkdir()
    (package / "__init__.py").write_text(f"INTERFACE = {interface!r}\n")
    (package / "text.py").write_text("def Tokenizer(pure):\n    return None\n")
    path = os.pathsep.join((str(folder), str(Path(compiled.__file__).parents[2])))
    environment = os.environ | {"PYTHONPATH": path, compiled.VARIABLE: wanted}
    return subprocess.run(
        [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=False
    )


def test_a_build_that_fits_is_used(tmp_path: Path) -> None:
    used, why = ask(tmp_path, "").stdout.strip().split("|")
    assert used.startswith("<module 'sanctions_monitor_compiled.text'")
    assert why == ""


def test_the_environment_can_ask_for_the_pure_functions(tmp_path: Path) -> None:
    assert ask(tmp_path, "pure").stdout == "None|\n"


def test_a_build_of_another_interface_is_left_alone_and_named(tmp_path: Path) -> None:
    used, why = ask(tmp_path, "", interface=0).stdout.strip().split("|")
    assert used == "None"
    assert why.startswith(
        f"sanctions_monitor_compiled has interface 0, and this program needs {compiled.INTERFACE}"
    )
    assert "make compiled" in why


def test_a_build_that_is_asked_for_and_does_not_fit_is_an_error(tmp_path: Path) -> None:
    done = ask(tmp_path, "compiled", interface="old")
    assert done.returncode == 1
    assert "has interface old" in done.stderr


def test_program_and_package_name_the_same_interface() -> None:
    source = Path(compiled.__file__).parents[2] / "compiled" / compiled.PACKAGE / "__init__.py"
    assert f"INTERFACE = {compiled.INTERFACE}\n" in source.read_text("utf-8")
