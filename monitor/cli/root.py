"""The root command: lists all commands and groups, and imports the one that is called."""

from typing import Annotated

import typer

from monitor import __version__

from .lazy import LazyCommand, lazy_group

BEGIN, SERVE, UNDERSTAND, TEND = "To begin", "To serve", "To understand", "To tend"

#: In the order of the help. The last column is the first sentence of the command's own help.
COMMANDS = (
    LazyCommand(
        "init",
        "monitor.cli.init:init",
        BEGIN,
        "Write a starter config.toml and rules/, never overwriting what is there.",
    ),
    LazyCommand(
        "check",
        "monitor.cli.check:check",
        BEGIN,
        "Read configuration, rules with their examples, lexicon and templates; print every mistake at once.",
    ),
    LazyCommand(
        "run",
        "monitor.cli.run:run",
        SERVE,
        "Serve: poll feeds, raise alerts, make deliveries, send digests, until told to stop.",
    ),
    LazyCommand(
        "worker",
        "monitor.cli.run:worker",
        SERVE,
        "Join a cluster: take a share of its polls, deliveries and other jobs, until told to stop.",
    ),
    LazyCommand(
        "once",
        "monitor.cli.run:once",
        SERVE,
        "Poll what is due, deliver what is owed, and end; for cron and for trying.",
    ),
    LazyCommand(
        "reload",
        "monitor.cli.run:reload",
        SERVE,
        "Make the running service read its configuration, rules and templates again.",
    ),
    LazyCommand(
        "explain",
        "monitor.cli.explain:explain",
        UNDERSTAND,
        "Judge one text and print the verdict with its reasons; `--full` adds rules and points.",
    ),
    LazyCommand(
        "evaluate",
        "monitor.cli.evaluate:evaluate",
        UNDERSTAND,
        "Measure topics and events on labelled items: precision, recall and F1 per topic and language.",
    ),
    LazyCommand(
        "replay",
        "monitor.cli.replay:replay",
        UNDERSTAND,
        "Print what these rules would have flagged in the archive, compared with what was flagged.",
    ),
    LazyCommand(
        "search",
        "monitor.cli.search:search",
        UNDERSTAND,
        "Search all stored items, flagged or not, newest first.",
    ),
    LazyCommand(
        "export",
        "monitor.cli.export:export",
        UNDERSTAND,
        "Write all stored records in open formats: items, alerts, deliveries, feedback, entries of lists.",
    ),
    LazyCommand(
        "evidence",
        "monitor.cli.evidence:evidence",
        UNDERSTAND,
        "Show an item's alerts and the documents they came from: hash, size, when, from where, headers.",
    ),
    LazyCommand(
        "preview",
        "monitor.cli.preview:previews",
        UNDERSTAND,
        "The exact message, before or after it is sent.",
    ),
    LazyCommand(
        "rules",
        "monitor.cli.rules:app",
        UNDERSTAND,
        "The rules in force, their examples, and queries in words.",
    ),
    LazyCommand("route", "monitor.cli.route:app", UNDERSTAND, "The routes that alerts take to channels."),
    LazyCommand(
        "health",
        "monitor.cli.health:health",
        TEND,
        "Show the state of feeds and channels, and what became of all deliveries.",
    ),
    LazyCommand(
        "data",
        "monitor.cli.data:app",
        TEND,
        "The data: lexicon, frames, rules and sources, and packages of newer ones.",
    ),
    LazyCommand("feeds", "monitor.cli.feeds:app", TEND, "The feeds: which are polled and how they answer."),
    LazyCommand(
        "lists",
        "monitor.cli.lists:app",
        TEND,
        "Sanctions lists: fetch them, show their state, look a name up.",
    ),
    LazyCommand("channel", "monitor.cli.channels:app", TEND, "The channels by which messages are sent."),
    LazyCommand("outbox", "monitor.cli.outbox:app", TEND, "Deliveries and their attempts."),
    LazyCommand(
        "silence", "monitor.cli.silences:app", TEND, "Alerts suppressed for a time, by whom and why."
    ),
    LazyCommand("unsubscribed", "monitor.cli.silences:unsubscribed", TEND, "Recipients who unsubscribed."),
    LazyCommand(
        "feedback", "monitor.cli.feedback:app", TEND, "Feedback on alerts, and the precision of rules by it."
    ),
    LazyCommand(
        "doctor",
        "monitor.cli.doctor:doctor",
        TEND,
        "Examine this installation: what is wrong, where, and what to do. Changes and sends nothing.",
    ),
    LazyCommand(
        "backup",
        "monitor.cli.backup:backup",
        TEND,
        "Write the database, the signing key, configuration, rules and templates into one file.",
    ),
    LazyCommand(
        "restore",
        "monitor.cli.backup:restore",
        TEND,
        "Put a backup in place of the database; refuses while the service runs.",
    ),
    LazyCommand(
        "migrate",
        "monitor.cli.migrate:migrate",
        TEND,
        "Move the database from SQLite to PostgreSQL; refuses while the service runs.",
    ),
    LazyCommand(
        "erase",
        "monitor.cli.erase:erase",
        TEND,
        "Remove what is stored about one person; a pseudonym takes the place of their address or name.",
    ),
    LazyCommand("user", "monitor.cli.users:app", TEND, "Who may sign in at the desk."),
    LazyCommand("token", "monitor.cli.tokens:app", TEND, "Tokens by which programs use the API."),
)


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
    cls=lazy_group(COMMANDS),
)


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and end.", is_eager=True, callback=_version),
    ] = False,
) -> None:
    pass
