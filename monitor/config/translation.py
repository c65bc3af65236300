"""``[translation]``: the endpoint that translates headlines for readers."""

from datetime import timedelta
from typing import Any, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from monitor.channels.settings import read_secret_files, refuse_unsafe
from monitor.translation.endpoint import Endpoint, EndpointKind

from .base import Duration, Section

_LONGEST = timedelta(seconds=15)


class TranslationSettings(Section):
    """``[translation]``: without the table no headline leaves this program.

    `url` is the whole address of the request: ``…/translate`` of LibreTranslate, ``…/v1/chat/completions`` of
    a server with OpenAI's API. An alert waits at most `timeout` for it. `key_file` names a file with the key.
    """

    kind: EndpointKind
    url: str
    key: SecretStr | None = None
    model: str = ""
    target: str = Field("en", pattern=r"^[a-z]{2}$")
    timeout: Duration = timedelta(seconds=4)
    allow_http: bool = False

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, given: Any) -> Any:
        return read_secret_files(cls, given)

    @field_validator("timeout")
    @classmethod
    def _is_short(cls, given: timedelta) -> timedelta:
        if not timedelta() < given <= _LONGEST:
            raise ValueError("alerts wait for it: at most 15s")
        return given

    @model_validator(mode="after")
    def _is_usable(self) -> Self:
        refuse_unsafe(self.url, allow_http=self.allow_http)
        if (self.kind is EndpointKind.OPENAI) != bool(self.model):
            raise ValueError('model is needed with kind = "openai", and only there')
        return self

    @property
    def endpoint(self) -> Endpoint:
        """The endpoint as it is asked."""
        return Endpoint(
            kind=self.kind,
            url=self.url,
            key=self.key.get_secret_value() if self.key else "",
            model=self.model,
            target=self.target,
            time_limit_s=self.timeout.total_seconds(),
        )
