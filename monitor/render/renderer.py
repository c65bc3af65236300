"""Alerts and digests to words. The only module that knows Jinja."""

import re
import textwrap
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from monitor.model import Alert, Digest, HealthReport, Message
from monitor.resources import TEMPLATES

from . import card, forms, slack
from .context import (
    BUDGETS,
    SLACK_BUDGET,
    Place,
    Values,
    Written,
    alert_context,
    digest_context,
    health_context,
    no_place,
    samples,
    written,
)
from .digest_layout import extract, lay_out, stories_of
from .json import alert_data, health_data
from .sanitize import clip, href

COLUMNS = 78
LONGEST_SUBJECT = 120
LONGEST_DIGEST_SUBJECT = 70
MOST_HTML = 90 * 1024

#: All that a template's own mistake can raise.
_MISTAKES = (
    jinja2.TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)

_WITH_DATA = {"json", "files"}
_WITH_FILES = {"mail", "files"}
_LIKE_TEMPLATES = {".j2", ".jinja", ".jinja2", ".html", ".txt"}


class Renderer:
    """Words alerts, digests and reports of health with the operator's templates, or the built-in ones.

    A template that fails is replaced by the built-in one for that message, and `on_fallback` is told once: an
    alert is never lost to a typo. Templates are read at their first use; a new renderer reads them again.
    """

    def __init__(
        self,
        own: Path | None = None,
        on_fallback: Callable[[str], None] = lambda note: None,
        answer: Place = no_place,
    ) -> None:
        self._own = own
        self._answer = answer
        self._on_fallback = on_fallback
        self._built_in = _built_in()
        self._chosen = _environments(own, TEMPLATES) if own else self._built_in
        self._failed: dict[str, None] = {}
        self._found: tuple[str, ...] | None = None
        self._last: tuple[Written, Written | None] | None = None

    def alert(self, alert: Alert, form: str) -> tuple[Message, ...]:
        """Return the message of an alert in one of the forms that `Outlet` names."""
        values = alert_context(alert, self._answer)
        subject = self._subject("alert", values, LONGEST_SUBJECT)
        data = alert_data(alert) if form in _WITH_DATA else {}
        return self._messages("alert", form, subject, values, data)

    def digest(self, digest: Digest, form: str) -> tuple[Message, ...]:
        """Return the messages of a digest; more than one only where Slack needs it."""
        whole = self._whole(digest, form in _WITH_FILES)
        values = self._fitting(whole, form)
        subject = self._subject("digest", values, LONGEST_DIGEST_SUBJECT)
        data = whole.data if form in _WITH_DATA else {}
        messages = self._messages("digest", form, subject, values, data)
        return tuple(replace(message, attachments=whole.attached) for message in messages)

    def health(self, report: HealthReport, form: str) -> tuple[Message, ...]:
        """Return the messages of a report on the monitor's own health."""
        values = health_context(report)
        subject = self._subject("health", values, LONGEST_SUBJECT)
        data = health_data(report) if form in _WITH_DATA else {}
        return self._messages("health", form, subject, values, data)

    def page(self, values: Values) -> str:
        """Return a page of the web server; texts in `values` are neutral already, or ours."""
        return _tight(self._words("web.html.j2", values))

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the operator's templates, found in samples or since then in real news."""
        if self._found is None:
            self._found = tuple(self.check())
        return tuple(dict.fromkeys((*self._found, *self._failed)))

    def check(self) -> list[str]:
        """Return every mistake in the operator's templates, as "folder/file: line 3: what"."""
        if self._own is None:
            return []
        if not self._own.is_dir():
            return [f"{self._own.name}: no such folder of templates; create it or drop the setting"]
        return [*self._strangers(), *dict.fromkeys(self._failures())]

    def _messages(
        self, kind: str, form: str, subject: str, values: Values, data: Values
    ) -> tuple[Message, ...]:
        values = {**values, "subject": subject}
        if form in forms.LAYOUTS:
            said = forms.card_of(kind, self._words(f"{kind}.card.j2", values), values)
            return (forms.message(form, said),)
        match form:
            case "json":
                return (Message(subject, "", data=data),)
            case "slack":
                return _slack_messages(subject, self._words(f"{kind}.slack.j2", values))
            case "text":
                return (Message(subject, _tidy(self._words(f"{kind}.console.j2", values))),)
            case "mail" | "files":
                html = _tight(self._words(f"{kind}.html.j2", values))
                text = _tidy(self._words(f"{kind}.txt.j2", values))
                return (Message(subject, text, html, data=data),)
        raise ValueError(f"no form of message is called {form!r}")

    def _subject(self, kind: str, values: Values, most: int) -> str:
        return clip(" ".join(self._words(f"{kind}.subject.j2", values).split()), most)

    def _whole(self, digest: Digest, files: bool) -> Written:
        """Return a digest as programs read it: made once, however many forms of it follow one another."""
        plain, full = self._last or (None, None)
        if plain is None or plain.digest is not digest:
            plain, full = written(digest), None
        if files:
            full = full or plain.with_files()
        self._last = plain, full
        return full if files and full else plain

    def _fitting(self, whole: Written, form: str) -> Values:
        """Lay a digest out with as many stories as its form takes."""
        stories = stories_of(whole.digest.alerts, whole.digest.so_far)
        if form not in {"mail", "files"}:
            budget = SLACK_BUDGET if form == "slack" else BUDGETS[0]
            return digest_context(whole, lay_out(stories, budget), self._answer)
        for budget in BUDGETS:
            values = digest_context(whole, lay_out(stories, budget), self._answer)
            html = _tight(self._words("digest.html.j2", {**values, "subject": ""}))
            if len(html.encode()) <= MOST_HTML - LONGEST_DIGEST_SUBJECT * 4:
                break
        return values

    def _words(self, name: str, values: Values) -> str:
        try:
            return _render(self._chosen, name, values)
        except _MISTAKES as error:
            if self._own is None:
                raise
            self._tell(self._mistake(name, error))
        return _render(self._built_in, name, values)

    def _tell(self, mistake: str) -> None:
        if mistake not in self._failed:
            self._failed[mistake] = None
            self._on_fallback(f"{mistake}; the built-in template was used")

    def _failures(self) -> Iterator[str]:
        for kind, name, values in samples():
            try:
                if not _render(self._chosen, name, values).strip():
                    yield f"{self._place(name)}: renders to nothing for a sample {kind}"
            except _MISTAKES as error:
                yield self._mistake(name, error)

    def _strangers(self) -> Iterator[str]:
        """Files that no name leads to: most often a misspelt name."""
        known = sorted(path.name for path in TEMPLATES.glob("*.j2"))
        for path in sorted(self._own.iterdir() if self._own else ()):
            named_like_one = path.suffix in _LIKE_TEMPLATES and not path.name.startswith((".", "_"))
            if named_like_one and path.name not in known:
                yield (
                    f"{self._place(path.name)}: never used; known names are {', '.join(known)}; "
                    "a file that others include begins with an underscore"
                )

    def _place(self, name: str) -> str:
        return f"{self._own.name}/{name}" if self._own and (self._own / name).exists() else name

    def _mistake(self, name: str, error: BaseException) -> str:
        if isinstance(error, jinja2.TemplateSyntaxError):
            return f"{self._place(error.name or name)}: line {error.lineno}: {error.message}"
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(".j2")]
        if not frames:
            return f"{self._place(name)}: {error or type(error).__name__}"
        return f"{self._place(Path(frames[-1].filename).name)}: line {frames[-1].lineno}: {error}"


@cache
def _built_in() -> dict[bool, ImmutableSandboxedEnvironment]:
    return _environments(TEMPLATES)


def _environments(*folders: Path) -> dict[bool, ImmutableSandboxedEnvironment]:
    """Return an environment that escapes all it shows, in macros and imports too, and one that does not."""
    return {escaping: _environment(folders, escaping) for escaping in (True, False)}


def _environment(folders: Iterable[Path], escaping: bool) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(list(folders)),
        autoescape=escaping,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(clip=_clip, href=href, at=_at, wrap=_wrap)
    link = slack.link if escaping else card.link
    environment.globals.update(extract=extract, link=link, bold=card.bold, **slack.FEEDBACK)
    return environment


def _render(environments: Mapping[bool, ImmutableSandboxedEnvironment], name: str, values: Values) -> str:
    return environments[escapes(name)].get_template(name).render(values)


def escapes(name: str) -> bool:
    """Say whether a template of this name escapes what it shows, going by the word before ``.j2``."""
    return name.removesuffix(".j2").endswith(("html", "slack"))


def _slack_messages(subject: str, rendered: str) -> tuple[Message, ...]:
    packed = slack.pack(slack.blocks(rendered))
    if len(packed) == 1:
        return (Message(subject, slack.plain(packed[0]), blocks=packed[0]),)
    parts = ((f"{subject} ({number}/{len(packed)})", part) for number, part in enumerate(packed, start=1))
    return tuple(Message(line, slack.plain(part), blocks=slack.counted(part, line)) for line, part in parts)


def _clip(text: str, most: int) -> str:
    """Clip what is shown, never its escapes."""
    return clip(text.unescape() if isinstance(text, Markup) else text, most)


def _at(moment: datetime, form: str, zone: str = "UTC") -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime(form)


def _wrap(text: str, first: str = "", rest: str | None = None) -> str:
    return textwrap.fill(
        " ".join(text.split()),
        COLUMNS,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _tidy(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))
    return re.sub("\n{3,}", "\n\n", lines) + "\n"


def _tight(html: str) -> str:
    return re.sub(r"\s*\n\s*", "\n", html).strip() + "\n"
