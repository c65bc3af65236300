"""`search`: find items in the archive by a query and by properties, flagged or not."""

from typing import Annotated

import typer

from monitor import config as configuration
from monitor.app.rulebook import rulebook
from monitor.config import Settings
from monitor.jobs.search import Search, SearchProgress, needs_engine, run_search, search_of
from monitor.match.query.lexer import QueryError
from monitor.match.rules import TOPICS
from monitor.model import ItemFilter

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, opened_store, query_mistake, require_known, stderr
from .periods import moment_before
from .search_output import FORMATS, Format


def search(  # noqa: PLR0913, PLR0917 - each is an option
    words: Annotated[
        list[str] | None,
        typer.Argument(help='A query in the language of rules: words, "a phrase", stem*, OR, NEAR/8, @name.'),
    ] = None,
    since: Annotated[str, typer.Option(help="First seen since then: 24h, 30d, or a date.")] = "",
    until: Annotated[str, typer.Option(help="First seen before then.")] = "",
    feed: Annotated[str, typer.Option(help="Of this feed.")] = "",
    topic: Annotated[str, typer.Option(help="Flagged for sanctions or for arms.")] = "",
    severity: Annotated[int, typer.Option(help="With an event of this severity or more.", min=0, max=5)] = 0,
    possible: Annotated[bool, typer.Option(help="Near misses: just below the threshold of a topic.")] = False,
    event: Annotated[str, typer.Option(help="With this event type, such as imposed.")] = "",
    lang: Annotated[str, typer.Option(help="In this language, as the feed states it: en, tr.")] = "",
    limit: Annotated[int, typer.Option(help="At most so many, the newest.", min=1)] = 20,
    explain: Annotated[bool, typer.Option(help="Print every verdict with its reasons.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV for spreadsheets.")] = False,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Search all stored items, flagged or not, newest first.

    The query is in the language of rules; items that hold it are printed as they are found.
    """
    if topic:
        require_known("topic", topic, TOPICS)
    asked = ItemFilter(
        since=moment_before(since) if since else None,
        until=moment_before(until) if until else None,
        feed=feed,
        topic=topic,
        possible=possible,
        min_severity=severity,
        event=event,
        lang=lang,
    )
    query = " ".join(words or ())
    if not query and asked == ItemFilter():
        raise typer.BadParameter("give words, or an option such as --since 2d or --possible")
    form = Format.JSON if as_json else Format.CSV if as_csv else Format.FULL if explain else Format.TABLE
    settings = configuration.load(config)
    _refuse_unknown(asked, settings)
    _print(_search(query, asked, settings), settings, limit, form)


def _print(search: Search, settings: Settings, limit: int, form: Format) -> None:
    progress = SearchProgress()
    with opened_store(settings) as store:
        FORMATS[form](run_search(store, search, limit, progress))
    if progress.cut_short:
        stderr.print(
            f"the newest {progress.examined:,} items that may hold this were examined, older ones not;"
            " use --until or --since for others, or a rarer word",
            style="yellow",
            soft_wrap=True,
        )


def _search(query: str, asked: ItemFilter, settings: Settings) -> Search:
    """Return the search; rules and lexicon are read only if the query has an @name."""
    try:
        return search_of(query, asked, rulebook(settings).engine if needs_engine(query) else None)
    except QueryError as error:
        raise query_mistake(query, error) from error


def _refuse_unknown(asked: ItemFilter, settings: Settings) -> None:
    """Refuse a feed that neither the configuration nor the archive has, and an event type of no rule."""
    if asked.feed and asked.feed not in settings.feeds:
        with opened_store(settings) as store:
            stored = store.find_items(ItemFilter(feed=asked.feed), limit=1)
        if not stored:
            require_known("feed", asked.feed, (*settings.feeds, *(f"list:{name}" for name in settings.lists)))
    if asked.event:
        require_known("event", asked.event, {each.type for each in rulebook(settings).engine.rules.events})
