"""Read XML as a stream of records in constant memory; entities are refused, so none can expand."""

from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from .base import list_error, normalize_space

_CHUNK = 1 << 16
_DEEPEST = 64
_LARGEST = 1 << 30


def records(
    stream: BinaryIO, name: str, root: str, tags: frozenset[str], *, largest: int = _LARGEST
) -> Iterator[Element]:
    """Yield the outermost elements of these tags, each whole, without namespaces.

    A document type is refused, and with it every entity that a document could declare.

    Raises:
        ListError: not well-formed, cut off, too deep, too large, or the root is not `root`.
    """
    sink = _RecordBuilder(name, root, tags)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = sink.doctype
    parser.StartElementHandler = sink.start
    parser.EndElementHandler = sink.end
    parser.CharacterDataHandler = sink.data
    read = 0
    try:
        while chunk := stream.read(_CHUNK):
            read += len(chunk)
            if read > largest:
                raise list_error(name, f"is larger than {largest:,} bytes")
            parser.Parse(chunk, False)
            yield from sink.take()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        cut = " (it is empty)" if not read else ""
        raise list_error(name, f"is no well-formed XML{cut}: {error}; was it cut off?") from error
    yield from sink.take()


def text(element: Element, path: str) -> str:
    """Return the text at a path, "" where there is none."""
    return normalize_space(element.findtext(path))


def texts(element: Element, path: str) -> tuple[str, ...]:
    """Return the texts at a path, each once, blank ones left out."""
    found = (normalize_space(each.text) for each in element.iterfind(path))
    return tuple(dict.fromkeys(filter(None, found)))


class _RecordBuilder:
    """Builds a tree for one record at a time."""

    def __init__(self, name: str, root: str, tags: frozenset[str]) -> None:
        self._name, self._root, self._tags = name, root, tags
        self._depth = self._opened_at = 0
        self._tree: TreeBuilder | None = None
        self._done: list[Element] = []

    def take(self) -> list[Element]:
        done, self._done = self._done, []
        return done

    def doctype(self, *declared: object) -> None:
        raise list_error(self._name, "declares a document type, which no list of this format does")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(" ")[2]
        self._depth += 1
        if self._depth == 1 and local != self._root:
            raise list_error(
                self._name, f"begins with <{local[:40]}>, not with <{self._root}>: is it another file?"
            )
        if self._depth > _DEEPEST:
            raise list_error(self._name, f"nests deeper than {_DEEPEST} elements")
        if self._tree is None and local in self._tags:
            self._tree, self._opened_at = TreeBuilder(), self._depth
        if self._tree is not None:
            self._tree.start(local, {key.rpartition(" ")[2]: value for key, value in attributes.items()})

    def data(self, text: str) -> None:
        if self._tree is not None:
            self._tree.data(text)

    def end(self, tag: str) -> None:
        if self._tree is not None:
            self._tree.end(tag.rpartition(" ")[2])
            if self._depth == self._opened_at:
                self._done.append(self._tree.close())
                self._tree = None
        self._depth -= 1


__all__ = ["Element", "records", "text", "texts"]
