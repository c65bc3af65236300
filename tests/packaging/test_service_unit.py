"""The systemd unit is hardened, and systemd finds no mistake in it."""

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[2] / "packaging" / "sanctions-monitor.service"

#: The exposure that docs/operations.md states, in tenths.
EXPOSURE = 12


def test_the_unit_gives_no_more_than_is_needed() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(UNIT, "utf-8")
    service = unit["Service"]
    assert (service["Type"], service["DynamicUser"], service["CapabilityBoundingSet"]) == (
        "notify",
        "yes",
        "",
    )
    assert int(service["LimitNOFILE"]) >= 8192
    assert service["ProtectSystem"] == "strict"
    assert service["RestartPreventExitStatus"] == "2"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_systemd_rates_the_unit_as_documented() -> None:
    command = [
        "systemd-analyze",
        "security",
        "--offline=true",
        f"--threshold={EXPOSURE}",
        "--no-pager",
        str(UNIT),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-300:]
    assert f"is rated {EXPOSURE / 10}" in (UNIT.parents[1] / "docs" / "operations.md").read_text("utf-8")
