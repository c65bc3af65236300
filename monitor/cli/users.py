"""`user add|list|remove`: who may sign in at the desk."""

import sys
from getpass import getpass
from typing import Annotated, Any

import typer
from rich.text import Text

from monitor import config as configuration
from monitor.clock import utc_now
from monitor.model import Role, User

from .access import take_away
from .common import (
    DEFAULT_CONFIG,
    AsJson,
    ConfigPath,
    audit_entry,
    moment,
    new_name,
    opened_store,
    print_json,
    stdout,
)
from .tables import new_table

app = typer.Typer(help="Who may sign in at the desk.", no_args_is_help=True)


@app.command()
def add(
    name: Annotated[str, typer.Argument(parser=new_name, metavar="NAME", help="The name to sign in with.")],
    role: Annotated[Role, typer.Option(help="A reader changes nothing.")] = Role.READ,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Add a user, or give one another password and role; reads the password from standard input.

    On a terminal it is asked for twice and not shown. Another password ends the user's sessions.
    """
    from monitor.web.security.passwords import MAX_LENGTH, MIN_LENGTH, hash_password  # noqa: PLC0415

    password = _password()
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise typer.BadParameter(f"a password has {MIN_LENGTH} to {MAX_LENGTH} characters")
    now = utc_now()
    user = User(name=name, role=role, password_hash=hash_password(password), created_at=now)
    with opened_store(configuration.load(config)) as store:
        is_new = store.put_user(user)
        store.add_audit(audit_entry(now, "user stored", name, role))
    stdout.print(f"user {name}, {role}, {'added' if is_new else 'changed; signed out everywhere'}")


@app.command("list")
def list_users(config: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """List users."""
    with opened_store(configuration.load(config)) as store:
        found = store.users()
    if as_json:
        print_json([_data(each) for each in found])
        return
    table = new_table("name", "role", "since")
    for each in found:
        table.add_row(Text(each.name), each.role, moment(each.created_at))
    stdout.print(table if found else "no users: the desk is open at this machine, and nowhere else")


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="The user's name.")],
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Remove a user; their sessions end at once."""
    take_away("user", name, "removed", config, lambda store, name: store.remove_user(name))


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass("Password: ")
    if first != getpass("Again: "):
        raise typer.BadParameter("the two passwords differ")
    return first


def _data(user: User) -> dict[str, Any]:
    return {"name": user.name, "role": user.role, "created_at": moment(user.created_at)}
