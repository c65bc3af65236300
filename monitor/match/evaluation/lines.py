"""Read labelled JSON Lines: one value per line, and one sentence per line that cannot be read."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

T = TypeVar("T")


def read_lines(
    lines: Iterable[str | bytes], mistakes: list[str], parse: Callable[[Mapping[str, Any], int], T]
) -> Iterator[T]:
    """Yield a value for each object; add each line that cannot be read to `mistakes` and skip it.

    `parse` takes the object and its line number, and raises ValueError with what is wrong.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield parse(_object(json.loads(line)), number)
        except RecursionError:
            mistakes.append(f"line {number}: nested too deep")
        except ValueError as error:
            mistakes.append(f"line {number}: {error}")


def text_of(row: Mapping[str, Any], key: str) -> str:
    """Return a text, "" if it is absent or null.

    Raises:
        ValueError: it is not a text.
    """
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{key} is a text, not {value!r}")
    return value or ""


def texts_of(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return a list of texts, () if it is absent or null; one text is a list of one.

    Raises:
        ValueError: it is neither.
    """
    value = row.get(key)
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"{key} is a list of texts, not {value!r}")
    return tuple(value)


def _object(row: Any) -> Mapping[str, Any]:
    if not isinstance(row, dict):
        raise ValueError("an object in braces is expected")
    return row
