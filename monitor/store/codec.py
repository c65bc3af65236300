"""Convert values to columns and back: times to text that sorts, text to valid text, all else to JSON."""

import json
import re
from collections.abc import Callable, Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum, StrEnum
from functools import cache, partial
from types import UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from sqlalchemy import Text, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

#: PostgreSQL refuses NUL, and UTF-8 half of a surrogate pair; feeds may contain both.
_IMPOSSIBLE = re.compile("[\0\ud800-\udfff]")


def moment_to_text(moment: datetime) -> str:
    """Return UTC text of fixed width with microseconds, which sorts as time does.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.utcoffset() is None:
        raise ValueError(f"{moment!r} has no time zone")
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="microseconds")[:-6] + "Z"


def to_json(value: object) -> str:
    """Return compact JSON of any value of the model.

    Raises:
        TypeError: a value in it cannot be written as JSON.
    """
    return _ENCODER.encode(value)


def from_json(target: type[T], text: str) -> T:
    """Return the value that `to_json` wrote; fields it did not know yet get their defaults."""
    decode = _decoder(cast(Any, target))
    return cast(T, decode(json.loads(text)))


@cache
def field_names(target: Any) -> tuple[str, ...]:
    """Return the names of the fields of a dataclass, in order."""
    return tuple(field.name for field in fields(target))


def _plain(value: object) -> object:
    target: Any = type(value)
    if is_dataclass(value):
        return {name: getattr(value, name) for name in field_names(target)}
    if isinstance(value, datetime):
        return moment_to_text(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be stored")


#: Made once: `json.dumps` makes one for each value that is not written in its usual form.
_ENCODER = json.JSONEncoder(default=_plain, ensure_ascii=False, separators=(",", ":"))


@cache
def _decoder(target: Any) -> Callable[[Any], Any]:
    """Return the function that converts plain JSON to a `target`; made once for each."""
    args = get_args(target)
    if is_dataclass(target):
        hints = get_type_hints(target)
        decoders = {field.name: _decoder(hints[field.name]) for field in fields(target)}
        converted = tuple((name, decode) for name, decode in decoders.items() if decode is not _as_is)
        return partial(_build, target, decoders.keys(), converted)
    if get_origin(target) is tuple:
        return partial(_tuple, _decoder(args[0]))
    if get_origin(target) in {Union, UnionType}:
        return partial(_optional, _decoder(args[0]))
    if target is datetime:
        return datetime.fromisoformat
    if isinstance(target, type) and issubclass(target, Enum):
        return partial(_member, target._value2member_map_) if issubclass(target, StrEnum) else target
    return _as_is


def _build(
    target: Any,
    names: Set[str],
    converted: tuple[tuple[str, Callable[[Any], Any]], ...],
    plain: dict[str, Any],
) -> Any:
    """Return a dataclass of fresh JSON; only fields whose values are not plain are `converted`."""
    if not plain.keys() <= names:  # a field that there was once
        plain = {name: plain[name] for name in plain.keys() & names}
    for name, decode in converted:
        if name in plain:
            plain[name] = decode(plain[name])
    return target(**plain)


def _tuple(decode: Callable[[Any], Any], plain: list[Any]) -> tuple[Any, ...]:
    return tuple(map(decode, plain))


def _member(members: Mapping[Any, Any], plain: Any) -> Any:
    """Return the member of a closed vocabulary; a word that was one once is read as plain text."""
    return members.get(plain, plain)


def _optional(decode: Callable[[Any], Any], plain: Any) -> Any:
    return None if plain is None else decode(plain)


def _as_is(plain: Any) -> Any:
    return plain


class _Textual(TypeDecorator[T]):
    """Text compared byte by byte, so that both databases sort and look up in the same order."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Text(collation="C" if dialect.name == "postgresql" else None)


class Words(_Textual[str]):
    """Text from anywhere; a character that no database takes becomes U+FFFD."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None else _IMPOSSIBLE.sub("\ufffd", value)


class Choice(_Textual[E]):
    """A member of a closed vocabulary, stored as its value; an old word is read as plain text."""

    cache_ok = True

    def __init__(self, members: type[E]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        return value if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        return cast("E | None", self.members._value2member_map_.get(value, value))


class Moment(_Textual[datetime]):
    """An aware datetime; a naive one is refused."""

    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return value if value is None else moment_to_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return value if value is None else datetime.fromisoformat(value)


class Stored(_Textual[T]):
    """A value of the model that is only ever read whole, as JSON."""

    cache_ok = True

    def __init__(self, target: type[T]) -> None:
        super().__init__()
        self.target = target

    def process_bind_param(self, value: T | None, dialect: Dialect) -> str | None:
        return value if value is None else _IMPOSSIBLE.sub("\ufffd", to_json(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> T | None:
        return value if value is None else from_json(self.target, value)
