"""Suggest the selectors by which a page that lists links can be read. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from monitor.model import Fields

from .listing import page_tree

#: The fewest items of a list, and the fewest letters of a headline.
_MIN_ITEMS, _MIN_LETTERS = 3, 20
_MAX_LINKS, _MAX_DEPTH, _MAX_SUGGESTED = 2_000, 5, 3
_CLASS = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_FURNITURE = frozenset({"nav", "footer", "header", "form"})
_WHOLE = frozenset({"html", "body", "main"})


def suggest_selectors(page: str) -> tuple[Fields, ...]:
    """Return selectors of the elements of a page that each hold one headline, those with most text first."""
    root = page_tree(page)
    if root is None:
        return ()
    letters: Counter[str] = Counter()
    elements: dict[str, set[Any]] = defaultdict(set)
    links: Counter[str] = Counter()
    for link in _headlines(root):
        for element, selector in _containers(link):
            letters[selector] += len("".join(link.itertext()).strip())
            elements[selector].add(element)
            links[selector] += 1
    single = [
        name for name in letters if len(elements[name]) >= _MIN_ITEMS and _is_single(name, elements, links)
    ]
    ranked = sorted(single, key=lambda name: (-letters[name], name.count("."), name))
    return tuple(_fields(name, elements[name]) for name in _distinct(ranked, elements))[:_MAX_SUGGESTED]


def _headlines(root: Any) -> Iterator[Any]:
    """Yield links that read like headlines, outside menus."""
    for number, link in enumerate(root.iter("a")):
        if number >= _MAX_LINKS:
            return
        outside = not any(parent.tag in _FURNITURE for parent in link.iterancestors())
        if link.get("href") and outside and len("".join(link.itertext()).strip()) >= _MIN_LETTERS:
            yield link


def _containers(link: Any) -> Iterator[tuple[Any, str]]:
    """Yield the link and the elements around it, each with a selector for its kind."""
    for depth, element in enumerate((link, *link.iterancestors())):
        if depth > _MAX_DEPTH or element.tag in _WHOLE:
            return
        if selector := _selector(element):
            yield element, selector


def _selector(element: Any) -> str:
    classes = [name for name in (element.get("class") or "").split() if _CLASS.fullmatch(name)]
    if classes:
        return f"{element.tag}.{classes[0]}"
    parent = element.getparent()
    inside = _selector(parent) if element.tag in {"li", "tr", "a", "dt"} and parent is not None else ""
    if inside and parent.tag not in _WHOLE:
        return f"{inside} > {element.tag}"
    return element.tag if element.tag in {"li", "tr", "article", "dt"} else ""


def _is_single(name: str, elements: dict[str, set[Any]], links: Counter[str]) -> bool:
    """Say whether most of the elements hold one headline each."""
    return links[name] <= 1.5 * len(elements[name])


def _distinct(ranked: list[str], elements: dict[str, set[Any]]) -> Iterator[str]:
    """Yield selectors; of several with as many elements the outermost, which may hold a date."""
    by_count: dict[int, str] = {}
    for name in ranked:
        count = len(elements[name])
        known = by_count.get(count)
        if known is None or _depth(elements[name]) < _depth(elements[known]):
            by_count[count] = name
    yield from (name for name in ranked if name in by_count.values())


def _depth(elements: set[Any]) -> int:
    return min(sum(1 for _ in element.iterancestors()) for element in elements)


def _fields(name: str, elements: set[Any]) -> Fields:
    dated = sum(element.find(".//time") is not None for element in elements)
    return Fields(items=name, date="time" if dated >= _MIN_ITEMS else "")
