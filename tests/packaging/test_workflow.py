"""What runs elsewhere is what `.ci/run` runs, and what a build needs is copied into the image."""

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]


def test_the_workflow_runs_what_a_clean_checkout_must_pass_and_pins_every_action() -> None:
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        text = path.read_text("utf-8")
        assert re.findall(r"^\s+- run: (.+)$", text, re.M) == [".ci/run"]
        for action in re.findall(r"uses: (\S+)", text):
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action), action
        assert "permissions:\n  contents: read" in text


def test_the_image_is_built_with_all_files_that_the_build_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    copied = (ROOT / "packaging" / "Containerfile").read_text("utf-8")
    needed = [*project["project"]["license-files"], project["project"]["readme"], "pyproject.toml"]
    needed += list(project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"])
    for name in needed:
        assert re.search(rf"^COPY .*\b{re.escape(name)}\b", copied, re.M), name
        assert (ROOT / name).exists(), name


def test_what_runs_before_a_commit_and_what_people_are_asked_for_is_there() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"][0]["hooks"]
    for hook in hooks:
        assert hook["entry"].startswith(".venv/bin/"), hook["id"]
        files = re.findall(r"tests/[\w/]+\.py", hook["entry"])
        assert all((ROOT / file).is_file() for file in files), hook["id"]
    forms = (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")
    asked = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in forms if path.stem != "config"}
    assert asked.keys() == {"fault", "source", "wrong-verdict"}
    assert all(form["name"] and form["description"] and form["body"] for form in asked.values())
    assert "`make check`" in (ROOT / ".github" / "pull_request_template.md").read_text("utf-8")
