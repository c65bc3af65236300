"""The head of a response and its body, whichever client received it."""

from collections.abc import AsyncIterable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, overload

T = TypeVar("T")

#: Tried in this order, each for all headers of a response; the last never fails.
_ENCODINGS = ("ascii", "utf-8", "iso-8859-1")


class ResponseHeaders(Mapping[str, str]):
    """Headers by name in any case; the values of a name that occurs more than once are joined by commas."""

    __slots__ = ("_values",)

    def __init__(self, raw: Iterable[tuple[bytes, bytes]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in _decoded(tuple(raw)):
            self._values.setdefault(name.lower(), []).append(value)

    def __getitem__(self, name: str) -> str:
        return ", ".join(self._values[name.lower()])

    @overload
    def get(self, name: str, /) -> str | None: ...

    @overload
    def get(self, name: str, default: T, /) -> str | T: ...

    def get(self, name: str, default: object = None, /) -> object:
        """Return the value of a name, or `default`; most names that are asked for are absent."""
        found = self._values.get(name.lower())
        return default if found is None else ", ".join(found)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def get_list(self, name: str) -> list[str]:
        """Return each value of a name, in the order of the response."""
        return list(self._values.get(name.lower(), ()))


@dataclass(frozen=True, slots=True)
class Received:
    """A response whose body is not read yet; `url` was requested, without credentials and fragment."""

    status: int
    url: str = field(repr=False)
    headers: ResponseHeaders
    body: AsyncIterable[bytes] = field(repr=False)


def _decoded(raw: tuple[tuple[bytes, bytes], ...]) -> list[tuple[str, str]]:
    for encoding in _ENCODINGS:
        try:
            return [(name.decode(encoding), value.decode(encoding)) for name, value in raw]
        except UnicodeDecodeError:
            continue
    raise AssertionError("unreachable")  # the last encoding decodes every byte
