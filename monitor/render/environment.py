"""Build the Jinja environments: filters, globals, escaping, and the old names that templates may still use.

To rename something that templates use, change the built-in templates and add the old name to `aliases`.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from inspect import currentframe
from pathlib import Path
from types import BuiltinMethodType, MethodType
from typing import Any

import jinja2
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from markupsafe import Markup

from . import aliases, card, slack
from .catalogue import ENGLISH, catalogue_of
from .compiled import CompiledTemplates, evaluated_late
from .digest_layout import extract
from .headline import headline_of
from .language import Language
from .reasons import reasons_of, relevance_of
from .sanitize import clip, href, sanitize
from .wrapping import isolated, wrap

#: All that a mistake in a template can raise.
TEMPLATE_ERRORS = (
    jinja2.TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)


#: Compiled templates, by whether they escape.
_COMPILED = {True: CompiledTemplates(), False: CompiledTemplates()}


def ignore_old_name(template: str, old: str, new: str) -> None:
    """Report nothing."""


class _AliasContext(Context):
    """Finds a variable under its old name too."""

    def resolve_or_missing(self, key: str) -> Any:
        found = super().resolve_or_missing(key)
        new = aliases.VARIABLES.get(key)
        if found is not missing or new is None:
            return found
        found = super().resolve_or_missing(new)
        if found is not missing and isinstance(self.environment, TemplateEnvironment):
            self.environment.report_old_name(self.name or "", key, new)
        return found


#: What the sandbox may replace, or is looked up by another name; all else of allowed attributes stays.
_LOOKED_AT = (MethodType, BuiltinMethodType, jinja2.Undefined)


class TemplateEnvironment(ImmutableSandboxedEnvironment):
    """Finds fields and macros under their old names too, and reports each use to `on_old_name`."""

    context_class = _AliasContext

    def __init__(
        self, folders: tuple[Path, ...], escaping: bool, language: Language, on_old_name: aliases.OnOldName
    ) -> None:
        super().__init__(
            loader=jinja2.FileSystemLoader(folders),
            autoescape=escaping,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=_COMPILED[escaping],
        )
        self.report_old_name = on_old_name
        self._safe: dict[tuple[type, str], bool] = {}
        link = slack.link if escaping else card.link
        self.filters.update(clip=clip_text, href=href, wrap=wrap, iso=isolated, safe_text=sanitize)
        self.filters.update({name: evaluated_late(each) for name, each in _filters(language).items()})
        self.globals.update(extract=extract, **_functions(language))
        self.globals.update(link=link, bold=card.bold, **slack.BLOCK_SIGNS)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Return whether a template may use an attribute that an object has, by the object's type."""
        known = self._safe.get((type(obj), attr))
        if known is None:
            known = self._safe[type(obj), attr] = super().is_safe_attribute(obj, attr, value)
        return known

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute as templates see it; also under its old name."""
        if self._safe.get((type(obj), attribute)):
            found = getattr(obj, attribute, None)
            if found is not None and not isinstance(found, _LOOKED_AT):
                return found
        found = super().getattr(obj, attribute)
        return self._under_other_name(obj, attribute, found) if _is_undefined(found) else found

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an item or attribute as templates see it; also under its old name."""
        found = super().getitem(obj, argument)
        return self._under_other_name(obj, str(argument), found) if _is_undefined(found) else found

    def _under_other_name(self, obj: Any, name: str, undefined: Any) -> Any:
        """Return an attribute by its other name, and report the template that holds the old one."""
        module = str(obj.__name__) if isinstance(obj, TemplateModule) else ""
        other = aliases.other_macro(module, name) if module else aliases.new_field(type(obj).__name__, name)
        found = super().getattr(obj, other) if other else undefined
        if _is_undefined(found):
            return undefined
        if other in aliases.old_macros(module):
            self.report_old_name(module, other, name)
        else:
            self.report_old_name(_calling_template(), name, other)
        return found


EnvironmentPair = Mapping[bool, TemplateEnvironment]


def environment_pair(
    *folders: Path, language: Language | None = None, on_old_name: aliases.OnOldName = ignore_old_name
) -> EnvironmentPair:
    """Return an environment that escapes all it shows, in macros and imports too, and one that does not."""
    words = language or Language(catalogue_of(ENGLISH))
    return {
        escaping: TemplateEnvironment(folders, escaping, words, on_old_name) for escaping in (True, False)
    }


def _filters(language: Language) -> dict[str, Callable[..., str]]:
    """Return the filters of templates that write in a language."""
    return {
        "at": language.at,
        "day": language.day,
        "phrase": language.phrase,
        "upper": language.upper,
        "capitalize": language.capitalized,
    }


def _functions(language: Language) -> dict[str, Any]:
    """Return the functions of templates that write in a language."""
    return {
        "t": language.text,
        "language": language.code,
        "count": language.count,
        "word_table": language.table,
        "line": language.heading,
        "undated_line": language.undated_line,
        "in_days": language.in_days,
        "is_specific": language.is_specific,
        "goods": language.goods,
        "sums": language.sums,
        "news_of": language.news,
        "headline": headline_of_alert,
        "reasons": partial(reasons_of, catalogue=language.catalogue),
        "relevance": partial(relevance_of, catalogue=language.catalogue),
    }


def render_template(environments: EnvironmentPair, name: str, context: Mapping[str, Any]) -> str:
    """Return the text of a template; may raise any of `TEMPLATE_ERRORS`."""
    return environments[escapes(name)].get_template(name).render(context)


def escapes(name: str) -> bool:
    """Say whether a template of this name escapes what it shows, going by the word before ``.j2``."""
    return name.removesuffix(".j2").endswith(("html", "slack"))


def clip_text(text: str, most: int) -> str:
    """Clip text to a number of characters as shown, so that no escape is cut in two."""
    return clip(text.unescape() if isinstance(text, Markup) else text, most)


def headline_of_alert(alert: Any) -> str:
    """Return the headline of an alert without its publisher's name."""
    return headline_of(alert.item.title, alert.source or alert.item.feed, alert.tier)


def trim_lines(text: str) -> str:
    """Return text without trailing spaces and with at most one blank line in a row."""
    lines = "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))
    return re.sub("\n{3,}", "\n\n", lines) + "\n"


def trim_html(html: str) -> str:
    """Return HTML without blank lines and indentation."""
    return re.sub(r"\s*\n\s*", "\n", html).strip() + "\n"


def _calling_template() -> str:
    """Return the file name of the template that is being rendered, macros and included files counted."""
    frame = currentframe()
    while frame is not None and not frame.f_code.co_filename.endswith(".j2"):
        frame = frame.f_back
    return Path(frame.f_code.co_filename).name if frame else ""


def _is_undefined(value: Any) -> bool:
    return isinstance(value, jinja2.Undefined)
