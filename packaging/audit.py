"""Ask a database of vulnerabilities for the pinned requirements: ``AUDIT=osv python packaging/audit.py``.

`AUDIT` names the service, ``osv`` or ``pypi``; without it nothing is asked, and that is said, so that `make check` needs no network.
The exit code is 1 if a pinned version is vulnerable, 2 if the database cannot be reached.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

REQUIREMENTS = Path(__file__).parents[1] / "requirements" / "run.txt"
SERVICES = ("osv", "pypi")
LEFT_OUT = "dependency audit: left out; AUDIT=osv or AUDIT=pypi asks that database for the versions of requirements/run.txt"


def command(service: str) -> list[str]:
    """Return the command that audits the pinned versions without installing or resolving anything."""
    options = [
        "--requirement",
        str(REQUIREMENTS),
        "--require-hashes",
        "--disable-pip",
        "--progress-spinner",
        "off",
    ]
    return [sys.executable, "-m", "pip_audit", "--vulnerability-service", service, "--strict", *options]


def main(environment: Mapping[str, str]) -> int:
    service = environment.get("AUDIT", "")
    if not service:
        print(LEFT_OUT)
        return 0
    if service not in SERVICES:
        print(f"dependency audit: AUDIT is {service!r}; known: {', '.join(SERVICES)}", file=sys.stderr)
        return 2
    return subprocess.run(command(service), check=False).returncode


if __name__ == "__main__":
    sys.exit(main(os.environ))
