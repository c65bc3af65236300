"""`token add|list|revoke`: tokens by which programs use the API."""

from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.text import Text

from monitor import config as configuration
from monitor.clock import utc_now
from monitor.config.base import format_duration
from monitor.model import ApiToken, TokenScope

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
from .periods import duration
from .tables import new_table

app = typer.Typer(help="Tokens by which programs use the API.", no_args_is_help=True)

#: Longest life of a token.
LONGEST = timedelta(days=731)


@app.command()
def add(
    name: Annotated[str, typer.Argument(parser=new_name, metavar="NAME", help="The name of the program.")],
    scope: Annotated[TokenScope, typer.Option(help="With `read` it changes nothing.")] = TokenScope.READ,
    expires: Annotated[str, typer.Option(help="For how long it is valid: 12h, 90d.")] = "90d",
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Make a token and print it, this once: only its hash is stored."""
    from monitor.web.security.tokens import new_token  # noqa: PLC0415

    life, now = _life(expires), utc_now()
    secret, hashed = new_token()
    token = ApiToken(name=name, scope=scope, token_hash=hashed, created_at=now, expires_at=now + life)
    _store(token, configuration.load(config))
    if as_json:
        print_json(_data(token) | {"token": secret})
        return
    typer.echo(secret)
    typer.echo(f"token {name}, {scope}, until {moment(token.expires_at)}; it is not shown again", err=True)


def _life(written: str) -> timedelta:
    life = duration(written)
    if not timedelta() < life <= LONGEST:
        raise typer.BadParameter(
            f"write how long the token is valid: more than 0, and at most {format_duration(LONGEST)}"
        )
    return life


def _store(token: ApiToken, settings: configuration.Settings) -> None:
    with opened_store(settings) as store:
        if not store.add_token(token):
            raise typer.BadParameter(
                f"there is a token {token.name!r}; revoke it first, or choose another name"
            )
        detail = f"{token.scope}, until {moment(token.expires_at)}"
        store.add_audit(audit_entry(token.created_at, "token added", token.name, detail))


@app.command("list")
def list_tokens(config: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """List tokens, without what programs send."""
    with opened_store(configuration.load(config)) as store:
        found = store.tokens()
    if as_json:
        print_json([_data(each) for each in found])
        return
    now = utc_now()
    table = new_table("name", "scope", "since", "until")
    for each in found:
        until = moment(each.expires_at) if each.expires_at > now else f"expired {moment(each.expires_at)}"
        table.add_row(Text(each.name), each.scope, moment(each.created_at), until)
    stdout.print(table if found else "no tokens")


@app.command()
def revoke(
    name: Annotated[str, typer.Argument(help="The token's name.")],
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Delete a token; it is refused from the next request on."""
    take_away("token", name, "revoked", config, lambda store, name: store.remove_token(name))


def _data(token: ApiToken) -> dict[str, Any]:
    times = {"created_at": moment(token.created_at), "expires_at": moment(token.expires_at)}
    return {"name": token.name, "scope": token.scope, **times}
