"""Keep compiled statements for all SQLite files of a process: compiling one takes longer than running it."""

from typing import Any

from sqlalchemy.util import LRUCache

#: More than the statements that the store has.
_CAPACITY = 500


class CompiledStatements(LRUCache[tuple[Any, ...], Any]):
    """The compiled statements of engines whose dialects are alike, though each engine has its own.

    SQLAlchemy's keys begin with the dialect, which is left out here.
    """

    __slots__ = ()

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        """Return the compiled statement of any of the engines."""
        return super().get(key[1:], default)

    def __setitem__(self, key: tuple[Any, ...], value: Any) -> None:
        super().__setitem__(key[1:], value)


#: Statements compiled for the SQLite library that this process has loaded.
SQLITE_STATEMENTS = CompiledStatements(_CAPACITY)
