"""The root command: registers all commands and groups."""

from typing import Annotated

import typer

from monitor import __version__

from . import channels, feedback, feeds, lists, outbox, preview, route, rules, run, silences
from .check import check
from .evaluate import evaluate
from .evidence import evidence
from .explain import explain
from .health import health
from .init import init
from .replay import replay
from .search import search


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sanctions-monitor {__version__}")
        raise typer.Exit


app = typer.Typer(
    help="Watch public feeds for sanctions and arms-purchase news, alert once and give the reasons.\n\n"
    "A monitoring aid, not a screening verdict and not legal advice.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="rich",
)


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and end.", is_eager=True, callback=_version),
    ] = False,
) -> None:
    pass


BEGIN, SERVE, UNDERSTAND, TEND = "To begin", "To serve", "To understand", "To tend"

app.command(rich_help_panel=BEGIN)(init)
app.command(rich_help_panel=BEGIN)(check)
app.command(rich_help_panel=SERVE)(run.run)
app.command(rich_help_panel=SERVE)(run.once)
app.command(rich_help_panel=SERVE)(run.reload)
app.command(rich_help_panel=UNDERSTAND)(explain)
app.command(rich_help_panel=UNDERSTAND)(evaluate)
app.command(rich_help_panel=UNDERSTAND)(replay)
app.command(rich_help_panel=UNDERSTAND)(search)
app.command(rich_help_panel=UNDERSTAND)(evidence)
app.add_typer(preview.previews, name="preview", rich_help_panel=UNDERSTAND)
app.add_typer(rules.app, name="rules", rich_help_panel=UNDERSTAND)
app.add_typer(route.app, name="route", rich_help_panel=UNDERSTAND)
app.command(rich_help_panel=TEND)(health)
app.add_typer(feeds.app, name="feeds", rich_help_panel=TEND)
app.add_typer(lists.app, name="lists", rich_help_panel=TEND)
app.add_typer(channels.app, name="channel", rich_help_panel=TEND)
app.add_typer(outbox.app, name="outbox", rich_help_panel=TEND)
app.add_typer(silences.app, name="silence", rich_help_panel=TEND)
app.add_typer(silences.unsubscribed, name="unsubscribed", rich_help_panel=TEND)
app.add_typer(feedback.app, name="feedback", rich_help_panel=TEND)
