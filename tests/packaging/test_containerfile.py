"""The image runs as a user by number, with a umask and a health check, from a base that can be pinned by digest."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

TEXT = (Path(__file__).parents[2] / "packaging" / "Containerfile").read_text("utf-8")
COMPOSE = (Path(__file__).parents[2] / "packaging" / "compose.yaml").read_text("utf-8")
JOINED = TEXT.replace("\\\n", " ")


def instruction(name: str) -> str:
    """Return the only instruction of a name, without the name."""
    (found,) = re.findall(rf"^{name} (.+)$", JOINED, re.M)
    return str(found)


def test_the_image_runs_as_a_user_and_a_group_by_number() -> None:
    user, _, group = instruction("USER").partition(":")
    assert int(user) > 0
    assert int(group) > 0
    assert f"--uid {user} " in TEXT


def test_every_stage_is_built_on_a_base_that_is_given_by_a_variable() -> None:
    assert re.findall(r"^FROM (\S+)", TEXT, re.M) == ["${BASE}", "${BASE}"]
    assert "@sha256:" in TEXT
    assert not re.search(r"^ADD |:latest", TEXT, re.M)


def test_the_root_is_read_only_in_compose_and_nothing_else_is_written() -> None:
    assert "read_only: true" in COMPOSE
    assert "no-new-privileges" in COMPOSE
    assert "PYTHONDONTWRITEBYTECODE=1" in TEXT
    assert re.search(r"XDG_CACHE_HOME=/data\b", TEXT)


def test_health_is_asked_from_the_page_for_it() -> None:
    command = json.loads(instruction("HEALTHCHECK").partition("CMD ")[2])
    assert command[0].endswith("/python")
    compile(command[2], "healthcheck", "exec")
    assert "/healthz" in command[2]


@pytest.mark.skipif(not shutil.which("sh"), reason="no shell on this machine")
def test_the_entry_point_sets_the_umask_hands_arguments_on_and_leaves_its_place_to_the_program() -> None:
    program, option, script, name = json.loads(instruction("ENTRYPOINT"))
    assert (program, option, name) == ("/bin/sh", "-c", "sanctions-monitor")
    probe = script.replace(
        "/opt/monitor/bin/sanctions-monitor", "sh -c 'umask; printf %s, \"$@\"; echo $$' -"
    )
    done = subprocess.Popen(["sh", "-c", probe, name, "once", "a b"], stdout=subprocess.PIPE, text=True)
    out = done.communicate()[0].split("\n")
    assert out[0] == "0077"
    assert out[1] == f"once,a b,{done.pid}"
