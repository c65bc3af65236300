"""The endpoint that translates headlines, as values."""

from dataclasses import dataclass, field
from enum import StrEnum


class EndpointKind(StrEnum):
    """The API that an endpoint speaks."""

    LIBRETRANSLATE = "libretranslate"
    OPENAI = "openai"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where and how headlines are translated; `url` is that of the request itself, `model` for OPENAI."""

    kind: EndpointKind
    url: str = field(repr=False)
    key: str = field(default="", repr=False)
    model: str = ""
    target: str = "en"
    time_limit_s: float = 4.0
