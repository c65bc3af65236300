"""Promises about the code itself; a failure names the file."""

import ast
import os
import pkgutil
import re
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path, PurePath
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

MOST_LINES = 300
MOST_FIELDS_IN_ORDER = 5
MOST_LINES_OF_A_FUNCTION = (
    40  # without the docstring: what must be said about a function does not make it long
)

#: Parts that decide and never wait, and the modules among them that are the door to something to wait for.
PURE = ("match", "lists", "stories", "alerts", "digests", "store", "feeds", "model", "text")
DOORS = {
    "monitor/feeds/base.py",
    "monitor/feeds/local.py",
    "monitor/feeds/mailbox/fetch.py",
    "monitor/feeds/parsing/template.py",
    "monitor/feeds/parsing/worker_pool.py",
    "monitor/feeds/parsing/worker_process.py",
    "monitor/feeds/websub/base.py",
    "monitor/feeds/websub/client.py",
    *(
        f"monitor/feeds/http/{name}.py"
        for name in (
            "body",
            "clients",
            "connections",
            "direct",
            "download",
            "fetch",
            "get",
            "guard",
            "http2",
            "redirects",
            "resolver",
            "sessions",
            "streams",
            "transport",
        )
    ),
}

#: Where any exception is caught, each time with the reason beside it.
CATCH_ALL = {
    "monitor/jobs/group_commit.py",
    "monitor/jobs/poll.py",
    "monitor/jobs/fulltext.py",
    "monitor/jobs/attempt.py",
    "monitor/jobs/lists.py",
    "monitor/engine/cluster.py",
    "monitor/engine/local.py",
}

#: What no file here may hold. Written so that this file does not hold it.
FORBIDDEN = {
    "a path of some machine": r"(?<![\w.$}~/-])/(tmp|work|root|farm|home|Users)/\w",
    "a package registry": r"p[y]pi[.]org|p[y]thonhosted|n[p]mjs|d[e]bian[.]org|proxy[.]g[o]lang|[-]-(extra-)?ind[e]x-url",
    "an image registry": r"docker[.]io|ghcr[.]io|quay[.]io",
    "a number that says nothing here": r"(?i)\b[i]ssues? #?\d",
    "unfinished business": r"\b(TO[D]O|FIX[M]E|XX[X])\b",
    "a word that is none of the product's": r"(?i)\b[h]elpers?\b",
}


def tracked() -> list[str]:
    """Return the names of the project's own files; outside a checkout with git, of all that are not made."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    if (ROOT / ".git").exists():
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
            "\n"
        )
        return sorted(name for name in listed if name and (ROOT / name).is_file())
    made = {".venv", "var", "dist", "build", "__pycache__"}
    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in made and not name.endswith("_cache")]
        found += [str((Path(folder) / name).relative_to(ROOT)) for name in files]
    return sorted(found)


TRACKED = tracked()
MODULES = [name for name in TRACKED if name.startswith("monitor/") and name.endswith(".py")]
SCRIPTS = [name for name in TRACKED if name.endswith(".py")]
TEXTS = [
    name for name in TRACKED if PurePath(name).suffix not in {".png", ".gz", ".zip"} and name != "LICENSE"
]


@cache
def source(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@cache
def parsed(name: str) -> ast.Module:
    return ast.parse(source(name), name)


def where(name: str, hit: re.Match[str]) -> str:
    """Return file and line of something found in it."""
    return f"{name}:{hit.string.count(chr(10), 0, hit.start()) + 1}"


Function = ast.FunctionDef | ast.AsyncFunctionDef


def body_lines(function: Function) -> int:
    """Return how many lines a function has, its docstring left out."""
    whole = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is None:
        return whole
    return whole - ((first.end_lineno or first.lineno) - first.lineno + 1)


def public_names(module: ast.Module) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    """Yield public functions, classes, and the methods that a protocol promises.

    Other methods are left out: they keep a protocol's promise, or are as plain as a field.
    """
    for node in module.body:
        if not isinstance(
            node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        ) or node.name.startswith("_"):
            continue
        yield node.name, node
        if isinstance(node, ast.ClassDef) and any(
            ast.unparse(base).startswith("Protocol") for base in node.bases
        ):
            for method in node.body:
                if isinstance(method, Function) and not method.name.startswith("_"):
                    yield f"{node.name}.{method.name}", method


def assert_none(complaints: Iterable[str]) -> None:
    """Fail with every complaint on a line of its own."""
    text = "\n".join(complaints)
    assert not text, text


# ---------------------------------------------------------------- size and words


def test_files_are_short() -> None:
    sizes = ((name, len(source(name).splitlines())) for name in MODULES)
    assert_none(f"{name} has {lines} lines" for name, lines in sizes if lines > MOST_LINES)


def test_functions_are_short() -> None:
    assert_none(
        f"{name}:{node.lineno} {node.name} has {body_lines(node)} lines"
        for name in MODULES
        for node in ast.walk(parsed(name))
        if isinstance(node, Function) and body_lines(node) > MOST_LINES_OF_A_FUNCTION
    )


def is_of_many_fields(node: ast.ClassDef) -> bool:
    """Say whether a class has more fields than an order of arguments can be remembered for."""
    fields = (each for each in node.body if isinstance(each, ast.AnnAssign))
    return sum("ClassVar" not in ast.unparse(each.annotation) for each in fields) > MOST_FIELDS_IN_ORDER


def test_dataclasses_of_many_fields_are_made_by_keyword() -> None:
    assert_none(
        f"{name}:{node.lineno} {node.name} has more than {MOST_FIELDS_IN_ORDER} fields and is not kw_only"
        for name in MODULES
        for node in ast.walk(parsed(name))
        if isinstance(node, ast.ClassDef) and is_of_many_fields(node)
        for decorator in node.decorator_list
        if (said := ast.unparse(decorator)).startswith("dataclass") and "kw_only=True" not in said
    )


def test_modules_say_what_they_are_for() -> None:
    scripts = (name for name in SCRIPTS if not PurePath(name).name.startswith("test_"))
    first = ((name, (ast.get_docstring(parsed(name)) or "").split("\n\n")[0]) for name in scripts)
    assert_none(f"{name} begins with no sentence" for name, said in first if not said.endswith((".", ":")))


def test_public_names_say_what_they_are_for() -> None:
    assert_none(
        f"{name}:{node.lineno} {public} has no docstring"
        for name in MODULES
        if "/migrations/" not in name  # Alembic names what is in there
        for public, node in public_names(parsed(name))
        if not ast.get_docstring(node)
    )


# ---------------------------------------------------------------- the house


def test_imports_keep_the_contracts() -> None:
    program = (
        Path(sysconfig.get_path("scripts")) / "lint-imports"
    )  # in its own process: it switches off all logs
    command: list[str | Path] = [
        program,
        "--config",
        ROOT / "pyproject.toml",
        "--cache-dir",
        ROOT / ".import_linter_cache",
        "--no-logo",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_part_has_its_layer() -> None:
    (layered,) = (
        each["layers"] for each in PROJECT["tool"]["importlinter"]["contracts"] if each["type"] == "layers"
    )
    layered_parts = {part.strip() for layer in layered for part in layer.split("|")}
    parts = {"monitor." + PurePath(name).parts[1].removesuffix(".py") for name in MODULES}
    assert parts - {"monitor.__init__", "monitor.__main__"} == layered_parts


def test_each_migration_follows_the_one_before() -> None:
    names = sorted(name for name in MODULES if "/migrations/versions/" in name)
    before = None
    for name in names:
        found = dict(re.findall(r'^(revision|down_revision) = (?:"(\d+)"|None)$', source(name), re.M))
        number = PurePath(name).name.partition("_")[0]
        assert (found["revision"], found["down_revision"] or None) == (number, before), name
        before = number
    assert f'HEAD = "{before}"' in source("monitor/store/migrate.py")


def test_the_map_of_the_package_names_every_part_once() -> None:
    listed = re.findall(r"^    (\w+) +\S", ast.get_docstring(parsed("monitor/__init__.py")) or "", re.M)
    parts = {PurePath(name).parts[1].removesuffix(".py") for name in MODULES} - {"__init__"}
    assert sorted(listed) == sorted(parts)


def resolves(name: str) -> bool:
    """Say whether a dotted name leads to a module, or to something that a module or class defines."""
    try:
        pkgutil.resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


def test_documents_name_only_what_exists() -> None:
    code = re.compile(r"(?<![\w/-])monitor(?:\.\w+)+")
    file = re.compile(
        r"(?<![\w/-])(?:monitor|templates|seeds|tests|docs|packaging|benchmarks)/[\w./-]+\w(?![\w*<{])"
    )
    documents = {name: source(name) for name in TRACKED if name.endswith(".md")}
    names = ((name, hit) for name, text in documents.items() for hit in code.finditer(text))
    assert_none(f"{where(name, hit)}: {hit[0]} does not exist" for name, hit in names if not resolves(hit[0]))
    paths = ((name, hit) for name, text in documents.items() for hit in file.finditer(text))
    assert_none(
        f"{where(name, hit)}: {hit[0]} does not exist" for name, hit in paths if not (ROOT / hit[0]).exists()
    )


def test_what_decides_never_waits() -> None:
    waits = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
    assert_none(
        f"{name}:{node.lineno} waits"
        for name in MODULES
        if PurePath(name).parts[1] in PURE and name not in DOORS
        for node in ast.walk(parsed(name))
        if isinstance(node, waits)
    )


def test_any_exception_is_caught_only_where_one_failure_must_not_stop_the_others() -> None:
    catching = re.compile(r"except\s*(\(?\s*(Base)?Exception\b|:)(?P<reason>.*#)?")
    found = ((name, line) for name in MODULES for line in source(name).splitlines())
    assert_none(
        f"{name}: {line.strip()}"
        for name, line in found
        if (hit := catching.search(line)) and not (name in CATCH_ALL and hit["reason"])
    )


def test_tests_neither_sleep_nor_replace_parts_of_the_program() -> None:
    banned = re.compile(r"[s]leep\((?!0\))|mock[.]patch|unittest[.]mock|monkeypatch[.]setattr")
    tests = (name for name in SCRIPTS if name.startswith("tests/"))
    assert_none(f"{where(name, hit)}: {hit[0]}" for name in tests for hit in banned.finditer(source(name)))


def asserts(test: Function) -> bool:
    """Say whether a test shows what it asserts: a statement, an expected error, or a call named so."""
    for node in ast.walk(test):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if name.startswith("assert_") or name in {"raises", "warns", "fail"}:
                return True
    return False


def test_every_test_shows_what_it_asserts() -> None:
    tests = (name for name in SCRIPTS if PurePath(name).name.startswith("test_"))
    assert_none(
        f"{name}:{node.lineno} {node.name} shows no assertion"
        for name in tests
        for node in ast.walk(parsed(name))
        if isinstance(node, Function) and node.name.startswith("test_") and not asserts(node)
    )


# ---------------------------------------------------------------- what is committed


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_says_anything_of_the_place_it_was_written_at(what: str) -> None:
    said = re.compile(FORBIDDEN[what])
    assert_none(f"{where(name, hit)}: {hit[0]}" for name in TEXTS for hit in said.finditer(source(name)))


def test_what_must_pass_is_check_and_test_and_nothing_else() -> None:
    lines = [line for line in source(".ci/run").splitlines() if line and not line.startswith("#")]
    assert lines[0] == "set -euo pipefail"
    assert [line for line in lines[1:] if not line.startswith("cd ")] == ["make check", "make test"]
    assert os.access(ROOT / ".ci/run", os.X_OK)


GROUPS = PROJECT["dependency-groups"]
RUNTIME: list[str] = PROJECT["project"]["dependencies"]
EXTRAS: list[str] = list(chain(*PROJECT["project"]["optional-dependencies"].values()))
BUILD: list[str] = GROUPS["build"]
DEV: list[str] = [each for each in chain(GROUPS["dev"], GROUPS["docs"]) if isinstance(each, str)]


@pytest.mark.parametrize("requirement", sorted({*RUNTIME, *EXTRAS, *BUILD, *DEV}))
def test_a_dependency_says_why_it_is_needed(requirement: str) -> None:
    lines = [line for line in source("pyproject.toml").splitlines() if f'"{requirement}"' in line]
    reasoned = [line for line in lines if not line.startswith("requires = ")]
    assert reasoned
    assert all(re.search(r"#\s+\S", line) for line in reasoned)


def imported_packages() -> dict[str, str]:
    """Return the top-level packages that the program imports and that are not Python's, each with a file."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "monitor").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(parsed(name)):
            modules = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules = [node.module]
            found |= {module.partition(".")[0]: name for module in modules}
    of_python = {*sys.stdlib_module_names, "compression", "monitor"}  # `compression` is Python's from 3.14 on
    return {package: name for package, name in found.items() if package not in of_python}


def normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_package_that_is_imported_is_a_declared_dependency() -> None:
    declared = {normalized(Requirement(each).name) for each in (*RUNTIME, *EXTRAS)}
    projects = packages_distributions()
    undeclared = {
        package: name
        for package, name in imported_packages().items()
        if declared.isdisjoint(map(normalized, projects.get(package, (package,))))
    }
    assert undeclared == {}


def pins(name: str) -> dict[str, str]:
    """Return the versions a requirements file pins, by name; every line is a pin, a hash or a reason."""
    found = {}
    for entry in re.split(r"\n(?! )", source(name).strip()):
        pin, *hashes = [line.strip() for line in entry.split("\\\n")]
        matched = re.fullmatch(r"([a-z0-9-]+)==([^ ;]+)( ; .+)?", pin)
        assert matched, f"{name}: {pin!r} pins nothing"
        assert hashes, f"{name}: {pin!r} has no hash"
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", each) for each in hashes), f"{name}: {pin!r}"
        found[matched[1]] = matched[2]
    return found


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("requirements/run.txt", RUNTIME + BUILD), ("requirements/dev.txt", RUNTIME + EXTRAS + BUILD + DEV)],
    ids=["run", "dev"],
)
def test_what_is_pinned_is_what_is_asked_for(name: str, wanted: list[str]) -> None:
    pinned = pins(name)
    for requirement in map(Requirement, wanted):
        version = pinned[requirement.name.lower().replace("_", "-")]
        assert requirement.specifier.contains(version), f"{requirement}: {version}; run `make lock`"


def test_development_runs_what_is_shipped() -> None:
    assert pins("requirements/run.txt").items() <= pins("requirements/dev.txt").items()
