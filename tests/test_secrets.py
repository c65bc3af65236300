"""No secret is in the repository: no private key, no token of a known form, no password in an address."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

#: The forms of secrets that their issuers publish, so that scanners find them; a text without `marks` has none.
FORMS = {
    "private key": (
        ("PRIVATE KEY-----",),
        r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{60}",
    ),
    "AWS access key": (("AKIA", "ASIA"), r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "GitHub token": (
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        r"\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_[A-Za-z0-9_]{60,}\b",
    ),
    "GitLab token": (("glpat-",), r"\bglpat-[A-Za-z0-9_-]{20}\b"),
    "Slack token": (("xox",), r"\bxox[abeprs]-\d{9,}-\d{9,}-[A-Za-z0-9-]{20,}"),
    "Slack webhook": (
        ("hooks.slack.com",),
        r"hooks\.slack\.com/services/T[A-Z0-9]{8,}/B[A-Z0-9]{8,}/[A-Za-z0-9]{20,}",
    ),
    "Google key": (("AIza",), r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "Stripe key": (("sk_live_",), r"\bsk_live_[0-9a-zA-Z]{24,}\b"),
    "PyPI token": (("pypi-",), r"\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}"),
    "Telegram token": ((":AA",), r"\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b"),
    "JSON Web Token": (
        ("eyJ",),
        r"\beyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{20,}",
    ),
    "age key": (("AGE-SECRET-KEY-1",), r"AGE-SECRET-KEY-1[0-9A-Z]{58}"),
}

#: A password in an address, unless the host is one that cannot exist or is this machine.
ADDRESS = re.compile(r"\b[a-z][a-z+]*://[^\s/:@'\"{}<>]*:([^\s/@'\"{}<>]{6,})@([\w.-]+)")
EXAMPLE = re.compile(r"(?:^|\.)(?:example|test|invalid|local|example\.(?:com|org|net))$|^127\.|^[^.]+$")


def secrets_in(text: str) -> Iterator[str]:
    """Yield the kind of each secret in a text."""
    for kind, (marks, form) in FORMS.items():
        if any(mark in text for mark in marks):
            yield from (kind for _ in re.finditer(form, text))
    for match in ADDRESS.finditer(text):
        if not EXAMPLE.search(match[2]):
            yield f"password for {match[2]}"


def files() -> list[Path]:
    """Return the files of the repository; without git, those of the folders that it has."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    folders = ("monitor", "seeds", "templates", "docs", "packaging", "deploy", "benchmarks", "tests")
    return [path for name in folders for path in (ROOT / name).rglob("*") if path.is_file()]


def test_no_file_holds_a_secret() -> None:
    found = []
    for path in files():
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{path.relative_to(ROOT)}: {kind}" for kind in secrets_in(text)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN " + "PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n",
        "key = 'AKIA" + "IOSFODNN7EXAMPLE'",
        "ghp_" + "a1B2" * 9,
        "xoxb-" + "123456789012-123456789012-" + "abcdefghijklmnopqrstuvwx",
        "postgresql://monitor:" + "s3cret-pass@db.newsroom.org/news",
        "eyJhbGciOiJIUzI1NiJ9x." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
    ],
)  # fmt: skip
def test_a_secret_would_be_found(text: str) -> None:
    assert list(secrets_in(text))


@pytest.mark.parametrize(
    "text",
    [
        'password = "better MONITOR_CHANNELS__DESK__PASSWORD"',
        "http://user:password@proxy.example:3128",
        "whsec_…",
        "xoxb-better",
    ],
)
def test_an_example_is_no_secret(text: str) -> None:
    assert not list(secrets_in(text))
