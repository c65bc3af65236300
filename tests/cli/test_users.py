"""`user`: who may sign in at the desk."""

from tests.support.commands import Cli


def test_a_user_is_added_listed_and_removed(cli: Cli) -> None:
    cli("init")
    added = cli("user", "add", "ayse", "--role", "editor", stdin="a long password\n")
    assert (added.code, added.out) == (0, "user ayse, editor, added\n")
    (listed,) = cli("user", "list", "--json").data
    assert (listed["name"], listed["role"]) == ("ayse", "editor")
    assert "a long password" not in str(listed)
    changed = cli("user", "add", "ayse", stdin="another password\n")
    assert changed.out == "user ayse, reader, changed; signed out everywhere\n"
    assert cli("user", "remove", "ayse").out == "user ayse removed\n"
    assert cli("user", "remove", "ayse").code == 2
    assert "no users" in cli("user", "list").out


def test_a_short_password_or_a_strange_name_is_refused(cli: Cli) -> None:
    cli("init")
    assert cli("user", "add", "ayse", stdin="short\n").code == 2
    assert cli("user", "add", "Ayşe !", stdin="a long password\n").code == 2
    assert cli("user", "list", "--json").data == []
