"""A group of commands whose modules are imported when a command is used, not when it is listed."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from monitor.resources import without_collection, without_modules


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """A command by its `place`, module:attribute; its panel and first sentence stand in the help of the root.

    The attribute is a function, or a Typer application for a group.
    """

    name: str
    place: str
    panel: str
    summary: str

    def load(self) -> Any:
        """Import and return the function or the application."""
        module, attribute = self.place.split(":")
        # Console output, logging and httpx would load these for uses that no command makes of them.
        with without_collection(), without_modules("attr", "pygments"):
            return getattr(import_module(module), attribute)


def lazy_group(commands: Iterable[LazyCommand]) -> type[TyperGroup]:
    """Return a class of group that lists these commands in this order and imports one when it is called."""
    by_name = {each.name: each for each in commands}

    class LazyGroup(TyperGroup):
        def __init__(self, **attributes: Any) -> None:
            super().__init__(**attributes)
            self.commands.update({name: _listed(each) for name, each in by_name.items()})

        def format_help(self, ctx: Any, formatter: Any) -> None:
            from .help import print_help  # noqa: PLC0415  most commands print no help

            print_help(self, ctx)

        def resolve_command(self, ctx: Any, args: list[str]) -> Any:
            name, _, rest = super().resolve_command(ctx, args)
            return name, callable_command(by_name[name]) if name in by_name else None, rest

    return LazyGroup


def callable_command(lazy: LazyCommand) -> Any:
    """Import a command and return it in the form that the command line calls."""
    target = lazy.load()
    if isinstance(target, typer.Typer):
        made = get_group(target)
        made.name = lazy.name
        return made
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")
    alone.command(lazy.name)(target)
    return get_command(alone)


def _listed(lazy: LazyCommand) -> TyperCommand:
    return TyperCommand(lazy.name, help=lazy.summary, rich_help_panel=lazy.panel, rich_markup_mode="rich")
