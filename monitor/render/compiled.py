"""Keep compiled templates for all environments of a process: compiling takes longer than rendering."""

from collections.abc import Callable
from functools import wraps
from types import CodeType
from typing import Any

import jinja2
from jinja2.bccache import Bucket
from jinja2.runtime import Context


class CompiledTemplates(jinja2.BytecodeCache):
    """Keeps the code of each template file until the file changes.

    Environments may share it if they escape alike and their filters agree; those that write in a language
    are made by `evaluated_late`.
    """

    def __init__(self) -> None:
        self._codes: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket, which stands for one file, if its file is as it was."""
        if bucket.key in self._codes and self._codes[bucket.key][0] == bucket.checksum:
            bucket.code = self._codes[bucket.key][1]

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a bucket."""
        if bucket.code is not None:
            self._codes[bucket.key] = bucket.checksum, bucket.code


def evaluated_late(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that is never applied while a template is compiled, not even to a constant."""

    @jinja2.pass_context
    @wraps(function)
    def applied(context: Context, *args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return applied
