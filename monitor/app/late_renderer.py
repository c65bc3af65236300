"""Load the renderer, and the template engine beneath it, when the first message is rendered."""

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.alerts.signed_links import SignedLinks
from monitor.model import Alert, Digest, HealthReport, Message, MessageForm

if TYPE_CHECKING:
    from monitor.render.renderer import Renderer


class LateRenderer:
    """A `Renderer` that is made when it is first needed, with the signer of its links, if there is one."""

    def __init__(
        self, folder: Path | None, on_fallback: Callable[[str], None], links: SignedLinks | None
    ) -> None:
        self._folder = folder
        self._on_fallback = on_fallback
        self._links = links

    @cached_property
    def _renderer(self) -> "Renderer":
        from monitor.render.context import no_link  # noqa: PLC0415  a round without news renders nothing
        from monitor.render.renderer import Renderer  # noqa: PLC0415  as above

        return Renderer(self._folder, self._on_fallback, self._links.placeholder if self._links else no_link)

    def alert(self, alert: Alert, form: MessageForm, language: str = "") -> tuple[Message, ...]:
        return self._renderer.alert(alert, form, language)

    def digest(self, digest: Digest, form: MessageForm) -> tuple[Message, ...]:
        return self._renderer.digest(digest, form)

    def health(self, report: HealthReport, form: MessageForm, language: str = "") -> tuple[Message, ...]:
        return self._renderer.health(report, form, language)

    def web_page(self, context: Mapping[str, Any], /) -> str:
        return self._renderer.web_page(context)

    def desk_page(self, name: str, context: Mapping[str, Any], /) -> str:
        return self._renderer.desk_page(name, context)

    def faults(self) -> tuple[str, ...]:
        return self._renderer.faults() if self._folder else ()
