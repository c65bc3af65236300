"""The bill of materials names every pinned requirement; the audit is left out without a network, and says so."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUN = ROOT / "requirements" / "run.txt"


def pinned() -> set[tuple[str, str]]:
    """Return the names and versions that requirements/run.txt pins."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", RUN.read_text("utf-8"), re.M)
    return {(name.lower().replace("_", "-"), version) for name, version in found}


def test_the_bill_of_materials_names_every_pinned_requirement_with_its_hashes(tmp_path: Path) -> None:
    out = tmp_path / "bill.json"
    (line,) = re.findall(
        r"^\t\$\(BIN\)/python -m cyclonedx_py (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.M
    )
    arguments = line.replace("dist/sanctions-monitor.cdx.json", str(out)).split()
    done = subprocess.run(
        [sys.executable, "-m", "cyclonedx_py", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    bill = json.loads(out.read_text("utf-8"))
    assert bill["bomFormat"] == "CycloneDX"
    assert bill["metadata"]["component"]["name"] == "sanctions-monitor"
    components = {(each["name"].lower().replace("_", "-"), each["version"]) for each in bill["components"]}
    assert components == pinned()
    hashed = [
        each for each in bill["components"] if any(ref.get("hashes") for ref in each["externalReferences"])
    ]
    assert len(hashed) == len(bill["components"])


def audit(**environment: str) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if name != "AUDIT"}
    command = [sys.executable, str(ROOT / "packaging" / "audit.py")]
    return subprocess.run(command, env=clean | environment, capture_output=True, text=True, check=False)


def test_without_a_database_nothing_is_asked_and_that_is_said() -> None:
    done = audit()
    assert (done.returncode, done.stdout.startswith("dependency audit: left out")) == (0, True)


def test_an_unknown_database_is_a_mistake() -> None:
    done = audit(AUDIT="none")
    assert done.returncode == 2
    assert "osv, pypi" in done.stderr
