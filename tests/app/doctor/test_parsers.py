"""The doctor says what the kernel refuses to parsers, and what is missing where it does not."""

import pytest

from monitor.app.doctor.base import Level
from monitor.app.doctor.parsers import findings_of, try_confinement


def test_a_trial_runs_and_a_confined_parser_is_good() -> None:
    tried = try_confinement()
    assert tried is not None
    if not (tried["file"] and tried["connection"]):
        pytest.skip(f"the kernel offers too little: {tried}")
    (finding,) = findings_of(tried)
    assert finding.level is Level.OK
    assert f"Landlock {tried['landlock']}" in finding.what


def test_each_missing_part_is_a_warning_with_a_remedy() -> None:
    tried = {"landlock": 0, "file": False, "connection": False}
    files, connections = findings_of(tried)
    assert "no Landlock" in files.what
    assert "no seccomp filter" in connections.what
    assert {files.level, connections.level} == {Level.WARN}
    assert "Linux 5.13" in files.remedy
    assert "seccomp" in connections.remedy


def test_parsers_that_do_not_start_are_a_failure() -> None:
    (finding,) = findings_of(None)
    assert finding.level is Level.FAIL
