"""Regular expressions that are compiled when they are first used: most commands use few of them."""

import re
from typing import cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")


def late_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return a stand-in for a pattern, with its methods, as fast as its own once one was used.

    It is no `re.Pattern` to the functions of `re`, nor to `isinstance`.
    """
    return cast("re.Pattern[str]", _LatePattern(pattern, flags))


class _LatePattern:
    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        """Compile the pattern and take over its methods; this is asked only for what is not there yet."""
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self._flags)
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return self.__dict__[name]
