"""Read a frame class as it is typed, and the frame that somebody wants to add. Pure."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from monitor.errors import ConfigError
from monitor.match.engine import Engine
from monitor.match.frames.own_frames import unknown_name
from monitor.match.frames.sentences import sentences
from monitor.match.frames.tables import OBJECT, Tables
from monitor.match.query.nodes import Query
from monitor.match.spans import Doc

from .fields import WorkbenchFields

_WORD = re.compile(r"[a-z_]+")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

#: Between the two classes of what is typed, and before each of them.
_SIGNS = frozenset({"x", "verb", "object"})


@dataclass(frozen=True, slots=True)
class FrameClass:
    """A class of verbs with a class of objects; without one, the verbs with any object or none."""

    verb: str
    thing: str = ""

    def __str__(self) -> str:
        return f"{self.verb} × {self.thing}" if self.thing else self.verb


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFrame:
    """A frame to be added: an act of `type` where a verb of the class has an object of the class."""

    id: str
    type: str
    classes: FrameClass

    def table(self) -> dict[str, object]:
        """Return it as a table of the file."""
        return {"type": self.type, "verbs": [self.classes.verb], "objects": [self.classes.thing]}


def read_frame_class(text: str, engine: Engine, verbs: Collection[str]) -> FrameClass:
    """Return the classes that are typed, as "impose × sanctions", "impose x sanctions" or "impose".

    Raises:
        ConfigError: there is no such class; names one that is spelt similarly, or all.
    """
    words = [word for word in _WORD.findall(text.lower()) if word not in _SIGNS]
    if not 1 <= len(words) <= 2:
        raise ConfigError("Type a class of verbs and a class of objects, as impose × sanctions.")
    if words[0] not in verbs:
        raise ConfigError(f"There is {unknown_name('class of verbs', words[0], verbs)}")
    things = object_classes(engine)
    if len(words) == 2 and words[1] not in things:
        raise ConfigError(f"There is {unknown_name('class of objects', words[1], things)}")
    return FrameClass(*words)


def object_classes(engine: Engine) -> frozenset[str]:
    """Return the classes of objects that frames have, or a concept of the lexicon is."""
    of_frames = {thing for _, thing in engine.tables.frames if thing}
    concepts = {each.removeprefix(OBJECT) for each in engine.lexicon.concepts if each.startswith(OBJECT)}
    return frozenset(of_frames | concepts - {"alone"})


def known_pairs(engine: Engine) -> tuple[str, ...]:
    """Return the frame classes of all frames, as they are typed."""
    return tuple(sorted(str(FrameClass(verb, thing)) for verb, thing in engine.tables.frames if thing))


def unjoined(classes: FrameClass, tables: Tables) -> Callable[[Query, Doc], str]:
    """Return the function that names a verb and an object of the classes in one sentence of a text."""

    def lacks(query: Query, doc: Doc) -> str:
        for sentence in sentences(doc, tables):
            verbs = [each for each in sentence.verbs if each.tag.split(":")[1] == classes.verb]
            things = [each for each in sentence.objects if each.tag == f"{OBJECT}{classes.thing}"]
            if verbs and things:
                verb, thing = (sentence.text.quote(each.start, each.stop) for each in (verbs[0], things[0]))
                return f"“{verb}” and “{thing}” are in one sentence and not joined"
        return ""

    return lacks


def new_frame(fields: WorkbenchFields, classes: FrameClass, engine: Engine) -> NewFrame | None:
    """Return the frame that the fields add; None if they choose no type of event.

    Raises:
        ConfigError: the type, the name or the class of objects is missing or unknown.
    """
    if not fields.event:
        return None
    if fields.event not in engine.tables.types:
        raise ConfigError(f"There is {unknown_name('type of event', fields.event, engine.tables.types)}")
    if not classes.thing:
        raise ConfigError("A frame of your own needs a class of objects, as impose × sanctions.")
    id = fields.frame_id
    if not _ID.fullmatch(id):
        raise ConfigError("The name of a frame has small letters, digits and single -, as drones-imposed.")
    return NewFrame(id=id, type=fields.event, classes=classes)
