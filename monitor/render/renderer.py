"""Render alerts, digests, health reports and web pages with the operator's templates or the built-in ones."""

import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from monitor.model import Alert, Digest, HealthReport, Message, MessageForm
from monitor.resources import TEMPLATES

from . import forms, slack
from .catalogue import ENGLISH, catalogue_of
from .context import (
    BUDGETS,
    SLACK_BUDGET,
    DigestPayload,
    LinkBuilder,
    TemplateContext,
    alert_context,
    digest_context,
    digest_payload,
    health_context,
    no_link,
    sample_contexts,
)
from .digest_layout import entries_of, lay_out
from .environment import (
    TEMPLATE_ERRORS,
    EnvironmentPair,
    environment_pair,
    render_template,
    trim_html,
    trim_lines,
)
from .json import alert_data, health_data
from .language import Language
from .sanitize import clip, without_marks

MAX_SUBJECT = 120
MAX_DIGEST_SUBJECT = 70
MAX_HTML_BYTES = 90 * 1024

_WITH_DATA = {MessageForm.JSON, MessageForm.FILES}
_WITH_FILES = {MessageForm.MAIL, MessageForm.FILES}
_TEMPLATE_SUFFIXES = {".j2", ".jinja", ".jinja2", ".html", ".txt"}


class Renderer:
    """Renders messages with the operator's templates in `folder`, or the built-in ones.

    A template that fails is replaced by the built-in one for that message, so that a typo loses no alert.
    `on_fallback` is called once for each such mistake, and once for each old name that a template uses.
    Templates are read at their first use; a new renderer reads them again.
    """

    def __init__(
        self,
        folder: Path | None = None,
        on_fallback: Callable[[str], None] = lambda reason: None,
        link: LinkBuilder = no_link,
    ) -> None:
        self._folder = folder
        self._link = link
        self._on_fallback = on_fallback
        self._own_environments: dict[str, EnvironmentPair] = {}
        self._failed: dict[str, None] = {}
        self._old_names: dict[str, None] = {}
        self._check_result: tuple[str, ...] | None = None
        self._last_payload: DigestPayload | None = None
        self._last_with_files: DigestPayload | None = None

    def alert(self, alert: Alert, form: MessageForm, language: str = "") -> tuple[Message, ...]:
        """Return the message of an alert in one of the forms that `ChannelTarget` names."""
        context = alert_context(alert, self._link, language)
        subject = self._subject("alert", context, MAX_SUBJECT)
        data = alert_data(alert) if form in _WITH_DATA else {}
        return self._build_messages("alert", form, subject, context, data)

    def digest(self, digest: Digest, form: MessageForm) -> tuple[Message, ...]:
        """Return the messages of a digest; more than one only where Slack needs it."""
        payload = self._payload_of(digest, with_files=form in _WITH_FILES)
        context = self._fitted_context(payload, form)
        subject = self._subject("digest", context, MAX_DIGEST_SUBJECT)
        data = payload.data if form in _WITH_DATA else {}
        messages = self._build_messages("digest", form, subject, context, data)
        return tuple(replace(message, attachments=payload.attached) for message in messages)

    def health(self, report: HealthReport, form: MessageForm, language: str = "") -> tuple[Message, ...]:
        """Return the messages of a report on the monitor's own health."""
        context = health_context(report, language)
        subject = self._subject("health", context, MAX_SUBJECT)
        data = health_data(report) if form in _WITH_DATA else {}
        return self._build_messages("health", form, subject, context, data)

    def web_page(self, context: TemplateContext) -> str:
        """Return a page of the web server; texts in `context` are sanitized already, or our own."""
        return trim_html(self._render("web.html.j2", context))

    def desk_page(self, name: str, context: TemplateContext) -> str:
        """Return a page of the desk, from ``web/NAME.html.j2``; marks that turn text around are left out."""
        return without_marks(trim_html(self._render(f"web/{name}.html.j2", context)))

    def faults(self) -> tuple[str, ...]:
        """Return the mistakes in the operator's templates, found with samples and since then in messages."""
        if self._check_result is None:
            self._check_result = tuple(self.check())
        return tuple(dict.fromkeys((*self._check_result, *self._failed)))

    def check(self) -> list[str]:
        """Return every mistake in the operator's templates, as "folder/file: line 3: what"."""
        if self._folder is None:
            return []
        if not self._folder.is_dir():
            return [f"{self._folder.name}: no such folder of templates; create it or drop the setting"]
        return [*self._unknown_files(), *dict.fromkeys(self._failures())]

    def warnings(self) -> tuple[str, ...]:
        """Return the old names that the operator's templates have used so far, `check` included."""
        return tuple(self._old_names)

    def _build_messages(
        self, kind: str, form: MessageForm, subject: str, context: TemplateContext, data: Mapping[str, Any]
    ) -> tuple[Message, ...]:
        context = {**context, "subject": subject}
        if form in forms.CARD_FORMS:
            card = forms.build_card(kind, self._render(f"{kind}.card.j2", context), context)
            return (forms.build_message(form, card),)
        match form:
            case MessageForm.JSON:
                return (Message(subject=subject, text="", data=data),)
            case MessageForm.SLACK:
                return _slack_messages(subject, self._render(f"{kind}.slack.j2", context))
            case MessageForm.TEXT:
                return (
                    Message(subject=subject, text=trim_lines(self._render(f"{kind}.console.j2", context))),
                )
            case MessageForm.MAIL | MessageForm.FILES:
                html = trim_html(self._render(f"{kind}.html.j2", context))
                text = trim_lines(self._render(f"{kind}.txt.j2", context))
                return (Message(subject=subject, text=text, html=html, data=data),)
        raise ValueError(f"no form of message is called {form!r}")

    def _subject(self, kind: str, context: TemplateContext, most: int) -> str:
        return clip(" ".join(self._render(f"{kind}.subject.j2", context).split()), most)

    def _payload_of(self, digest: Digest, *, with_files: bool) -> DigestPayload:
        """Return the payload of a digest; the last one is kept for the other forms of the same digest."""
        if self._last_payload is None or self._last_payload.digest is not digest:
            self._last_payload, self._last_with_files = digest_payload(digest), None
        if not with_files:
            return self._last_payload
        if self._last_with_files is None:
            self._last_with_files = self._last_payload.with_files()
        return self._last_with_files

    def _fitted_context(self, payload: DigestPayload, form: MessageForm) -> TemplateContext:
        """Return a digest's context with as many stories as fit its form."""
        stories = entries_of(payload.digest.alerts, payload.digest.so_far)
        language = Language(catalogue_of(payload.digest.subscription.language, self._folder))
        if form not in _WITH_FILES:
            budget = SLACK_BUDGET if form == MessageForm.SLACK else BUDGETS[0]
            return digest_context(payload, lay_out(stories, budget), self._link, language)
        for budget in BUDGETS:
            context = digest_context(payload, lay_out(stories, budget), self._link, language)
            html = trim_html(self._render("digest.html.j2", {**context, "subject": ""}))
            if len(html.encode()) <= MAX_HTML_BYTES - MAX_DIGEST_SUBJECT * 4:
                break
        return context

    def _render(self, name: str, context: TemplateContext) -> str:
        language = str(context.get("language", ENGLISH))
        if self._folder is None:
            return render_template(_built_in(language), name, context)
        try:
            return render_template(self._environments(language), name, context)
        except TEMPLATE_ERRORS as error:
            self._report_failure(self._error_text(name, error))
        return render_template(_built_in(language), name, context)

    def _environments(self, language: str = ENGLISH) -> EnvironmentPair:
        """Return the environments of the operator's templates, or the built-in ones."""
        if self._folder is None:
            return _built_in(language)
        if language not in self._own_environments:
            words = Language(catalogue_of(language, self._folder))
            self._own_environments[language] = environment_pair(
                self._folder, TEMPLATES, language=words, on_old_name=self._report_old_name
            )
        return self._own_environments[language]

    def _report_failure(self, mistake: str) -> None:
        if mistake not in self._failed:
            self._failed[mistake] = None
            self._on_fallback(f"{mistake}; the built-in template was used")

    def _report_old_name(self, template: str, old: str, new: str) -> None:
        warning = f"{self._label(template)}: `{old}` is now called `{new}`; please rename it"
        if warning not in self._old_names:
            self._old_names[warning] = None
            self._on_fallback(warning)

    def _failures(self) -> Iterator[str]:
        for kind, name, context in sample_contexts():
            try:
                if not render_template(self._environments(), name, context).strip():
                    yield f"{self._label(name)}: renders to nothing for a sample {kind}"
            except TEMPLATE_ERRORS as error:
                yield self._error_text(name, error)

    def _unknown_files(self) -> Iterator[str]:
        """Yield a mistake for each file that nothing uses: most often its name is misspelt."""
        known = sorted(path.name for path in TEMPLATES.glob("*.j2"))
        for path in sorted(self._folder.iterdir() if self._folder else ()):
            named_like_one = path.suffix in _TEMPLATE_SUFFIXES and not path.name.startswith((".", "_"))
            if named_like_one and path.name not in known:
                yield (
                    f"{self._label(path.name)}: never used; known names are {', '.join(known)}; "
                    "a file that others include begins with an underscore"
                )

    def _label(self, name: str) -> str:
        return f"{self._folder.name}/{name}" if self._folder and (self._folder / name).exists() else name

    def _error_text(self, name: str, error: BaseException) -> str:
        if isinstance(error, jinja2.TemplateSyntaxError):
            return f"{self._label(error.name or name)}: line {error.lineno}: {error.message}"
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(".j2")]
        if not frames:
            return f"{self._label(name)}: {error or type(error).__name__}"
        return f"{self._label(Path(frames[-1].filename).name)}: line {frames[-1].lineno}: {error}"


@cache
def _built_in(language: str) -> EnvironmentPair:
    return environment_pair(TEMPLATES, language=Language(catalogue_of(language)))


def _slack_messages(subject: str, rendered: str) -> tuple[Message, ...]:
    packed = slack.pack(slack.blocks(rendered))
    if len(packed) == 1:
        return (Message(subject=subject, text=slack.plain(packed[0]), blocks=packed[0]),)
    messages = []
    for number, part in enumerate(packed, start=1):
        line = f"{subject} ({number}/{len(packed)})"
        messages.append(Message(subject=line, text=slack.plain(part), blocks=slack.counted(part, line)))
    return tuple(messages)
