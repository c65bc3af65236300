"""Ask an endpoint for translations: bounded in time and size, cached, and left alone after a failure."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx

from monitor.clock import Clock

from .endpoint import Endpoint, EndpointKind

MAX_TEXT, MAX_TRANSLATION = 500, 300
MAX_TEXTS = 20
MAX_ANSWER_BYTES = 100_000
MAX_CACHED = 5_000

#: After a failure the endpoint is not asked for so long, so that an outage delays few polls.
PAUSE = timedelta(minutes=1)

_LANGUAGES = {
    "en": "English",
    "tr": "Turkish",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "ru": "Russian",
}


class EndpointTranslator:
    """The `Translator` of one endpoint. `http` must be guarded; its owner closes it."""

    def __init__(self, endpoint: Endpoint, http: httpx.AsyncClient, clock: Clock) -> None:
        self._endpoint = endpoint
        self._http = http
        self._clock = clock
        self._known: OrderedDict[str, str] = OrderedDict()
        self._paused_until: datetime | None = None
        self._fault = ""

    @property
    def target(self) -> str:
        return self._endpoint.target

    @property
    def fault(self) -> str:
        return self._fault

    async def __call__(self, texts: Collection[str]) -> Mapping[str, str]:
        """Return what is cached, and what the endpoint answers within the time limit."""
        wanted = list(dict.fromkeys(texts))[:MAX_TEXTS]
        unknown = [text for text in wanted if text not in self._known]
        if unknown and not self._is_paused():
            await self._ask(unknown)
        return {text: self._known[text] for text in wanted if self._known.get(text)}

    def _is_paused(self) -> bool:
        return self._paused_until is not None and self._clock() < self._paused_until

    async def _ask(self, texts: Collection[str]) -> None:
        try:
            async with asyncio.timeout(self._endpoint.time_limit_s):
                for text in texts:
                    self._remember(text, await self._translation(text))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError, LookupError, TypeError) as error:
            self._fault = _reason(error)
            self._paused_until = self._clock() + PAUSE
        else:
            self._fault, self._paused_until = "", None

    def _remember(self, text: str, translation: str) -> None:
        self._known[text] = translation
        while len(self._known) > MAX_CACHED:
            self._known.popitem(last=False)

    async def _translation(self, text: str) -> str:
        """Return one translation, on one line; "" if it is no other than the text."""
        endpoint = self._endpoint
        headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
        body = REQUESTS[endpoint.kind](endpoint, text[:MAX_TEXT])
        async with self._http.stream("POST", endpoint.url, json=body, headers=headers) as response:
            if response.status_code != 200:
                raise ValueError(f"HTTP {response.status_code}")
            answer = await _limited(response)
        said = ANSWERS[endpoint.kind](json.loads(answer))
        if not isinstance(said, str):
            raise TypeError("the answer holds no text")
        translation = " ".join(said.split())[:MAX_TRANSLATION].strip('"“”«» ')
        return "" if translation.casefold() == " ".join(text.split()).casefold() else translation


async def _limited(response: httpx.Response) -> bytes:
    received = b""
    async for chunk in response.aiter_bytes():
        received += chunk
        if len(received) > MAX_ANSWER_BYTES:
            raise ValueError(f"the answer is longer than {MAX_ANSWER_BYTES:,} bytes")
    return received


def _reason(error: Exception) -> str:
    """Return what failed, without the address and what it may hold."""
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, httpx.HTTPError | httpx.InvalidURL):
        return f"it cannot be reached ({type(error).__name__})"
    said = str(error)
    return said[:100] if said.startswith("HTTP ") else "its answer cannot be read"


def _libretranslate(endpoint: Endpoint, text: str) -> dict[str, Any]:
    key = {"api_key": endpoint.key} if endpoint.key else {}
    return {"q": text, "source": "auto", "target": endpoint.target, "format": "text", **key}


def _openai(endpoint: Endpoint, text: str) -> dict[str, Any]:
    language = _LANGUAGES.get(endpoint.target, endpoint.target)
    task = f"Translate the headline that the user sends into {language}. Answer with the translation only."
    messages = [{"role": "system", "content": task}, {"role": "user", "content": text}]
    return {"model": endpoint.model, "temperature": 0, "max_tokens": 200, "messages": messages}


#: The body of a request, by kind of endpoint.
REQUESTS: Mapping[EndpointKind, Callable[[Endpoint, str], dict[str, Any]]] = {
    EndpointKind.LIBRETRANSLATE: _libretranslate,
    EndpointKind.OPENAI: _openai,
}

#: Where an answer has the translation, by kind of endpoint.
ANSWERS: Mapping[EndpointKind, Callable[[Any], Any]] = {
    EndpointKind.LIBRETRANSLATE: lambda answer: answer["translatedText"],
    EndpointKind.OPENAI: lambda answer: answer["choices"][0]["message"]["content"],
}
