"""The code uses the field's words: no name carries a private one, and every exception says why."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from monitor.store.tables import metadata

ROOT = Path(__file__).parent.parent

#: Words that the product does not use, each with what is said instead.
PRIVATE = {
    "act": "action",
    "acting": "web actions",
    "acts": "actions",
    "alike": "similar, candidates",
    "aside": "executor, db",
    "buried": "abandoned",
    "bury": "abandon",
    "deaf": "detection failed",
    "derived": "derive",
    "edition": "wording, format version",
    "farewell": "unsubscription",
    "farewells": "unsubscriptions",
    "fates": "overdue",
    "gist": "fingerprint",
    "gists": "fingerprints",
    "ground": "disambiguate, context",
    "grounded": "disambiguated",
    "heard": "retelling",
    "held": "suppressed, deferred",
    "hold": "suppress, defer",
    "holding": "suppression",
    "invented": "sample",
    "learn": "observe",
    "lesson": "observation",
    "lessons": "feed profile",
    "likeness": "similarity",
    "look": "run, candidate",
    "looks": "content profile",
    "lull": "quiet spell",
    "lulls": "quiet spells",
    "near": "index",
    "neutral": "sanitize",
    "neutralised": "sanitized",
    "outlet": "channel target",
    "outlets": "channel targets",
    "pace": "rate limit, interval",
    "paces": "rate limits",
    "reader": "recipient, parser",
    "readers": "recipients",
    "rest": "pause, remaining",
    "rests": "pauses",
    "rhythm": "cadence",
    "shape": "form, payload",
    "shelf": "list cache",
    "shelves": "list caches",
    "sing": "run the canary",
    "speaker": "publisher, authority",
    "standing": "prefilter, trust, status",
    "sung": "canary result",
    "tell": "raise alerts, report",
    "telling": "raised alerts, retelling",
    "tells": "covers",
    "think": "cpu",
    "tidings": "changes",
    "told": "story, sent, reported",
    "untold": "uncovered",
    "values": "context",
    "voice": "publisher",
    "voices": "publishers",
    "wish": "preference",
    "wishes": "preferences",
}

#: Names that keep such a word, by file, each with the reason.
EXCEPTIONS: dict[tuple[str, str], str] = {
    ("monitor/config/__init__.py", "shelf"): "a key of the configuration",
    ("monitor/match/query/nodes.py", "Near"): "the operator NEAR of the query language",
}

#: Parts in which such a word is the field's own term, each with the reason.
DOMAIN_TERMS: dict[tuple[str, str], str] = {
    ("monitor/match/", "act"): "what a clause reports: a designation, a delivery",
    ("monitor/match/", "acts"): "as above",
}

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

MODULES = sorted(path for path in (ROOT / "monitor").rglob("*.py") if "versions" not in path.parts)


def private_words(name: str) -> set[str]:
    """Return the private words in a name, whether it is written in snake case or in camel case."""
    return {word.lower() for word in _WORD.findall(name)} & PRIVATE.keys()


def domain_terms(file: str) -> set[str]:
    """Return the words that are terms of the field in a file."""
    return {word for folder, word in DOMAIN_TERMS if file.startswith(folder)}


def is_logging(function: ast.expr) -> bool:
    """Say whether a function that is called is a method of `log`."""
    owner = function.value if isinstance(function, ast.Attribute) else None
    return isinstance(owner, ast.Name) and owner.id == "log"


def names_in(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield (line, name) of every class, function, field and log event."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield node.lineno, node.name
            for field in node.body:
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                    yield field.lineno, field.target.id
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.Call) and is_logging(node.func):
            yield from ((node.lineno, arg.value) for arg in node.args[:1] if isinstance(arg, ast.Constant))


@cache
def named(path: Path) -> tuple[tuple[int, str], ...]:
    """Return (line, name) of a module, line 0, and of all that it names."""
    return (0, path.stem), *names_in(ast.parse(path.read_text("utf-8")))


def private_names(path: Path) -> Iterator[str]:
    """Yield each name of a module that carries a private word, with what is said instead."""
    file = str(path.relative_to(ROOT))
    for line, name in named(path):
        words = private_words(name) - domain_terms(file)
        if words and (file, name) not in EXCEPTIONS:
            yield f"{file}:{line} {name}: say {' / '.join(PRIVATE[word] for word in sorted(words))}"


def test_no_module_class_function_field_or_log_event_carries_a_private_word() -> None:
    wrong = [found for path in MODULES for found in private_names(path)]
    assert not wrong, "\n".join(wrong)


def test_no_table_or_column_carries_a_private_word() -> None:
    names = [f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns]
    assert [name for name in names if private_words(name)] == []


def test_every_exception_is_needed_and_gives_its_reason() -> None:
    present = {(file, name) for file, _ in EXCEPTIONS for _, name in named(ROOT / file)}
    assert set(EXCEPTIONS) <= present
    assert all(private_words(name) and reason for (_, name), reason in EXCEPTIONS.items())
