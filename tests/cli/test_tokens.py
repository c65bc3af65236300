"""`token`: tokens by which programs use the API."""

from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.commands import Cli


def test_a_token_is_printed_once_listed_without_it_and_revoked(cli: Cli) -> None:
    cli("init")
    added = cli("token", "add", "backup", "--scope", "write", "--expires", "30d")
    assert (added.code, added.out[:4], len(added.out)) == (0, "smt_", 48)
    assert "token backup, write, until 2" in added.err
    (listed,) = cli("token", "list", "--json").data
    assert (listed["name"], listed["scope"]) == ("backup", "write")
    assert added.out.strip() not in str(listed)
    assert "backup" in cli("token", "list").out
    assert cli("token", "revoke", "backup").out == "token backup revoked\n"
    assert cli("token", "revoke", "backup").code == 2
    assert cli("token", "list").out == "no tokens\n"


def test_the_database_has_the_hash_of_a_token_and_the_audit_log_its_name(cli: Cli, tmp_path: Path) -> None:
    cli("init")
    secret = cli("token", "add", "backup", "--json").data["token"]
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*.db*"))
    assert sha256(secret.encode()).hexdigest().encode() in stored
    assert secret.encode() not in stored
    assert b"token added" in stored


@pytest.mark.parametrize("expires", ["0d", "900d", "soon"])
def test_a_token_is_valid_for_a_while_and_not_for_ever(cli: Cli, expires: str) -> None:
    cli("init")
    assert cli("token", "add", "backup", "--expires", expires).code == 2
    assert cli("token", "list", "--json").data == []


def test_a_name_is_used_once_and_has_small_letters(cli: Cli) -> None:
    cli("init")
    assert cli("token", "add", "backup").code == 0
    again = cli("token", "add", "backup")
    assert again.code == 2
    assert "revoke it first" in again.err
    assert cli("token", "add", "Back Up").code == 2
