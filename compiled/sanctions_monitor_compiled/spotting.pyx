"""Find all patterns and listed names of a text, exactly as `monitor.match.spotting` and `.names.index` do.

Words are compared here where they are plain ASCII. The pure functions are asked about other words and about
what a pattern demands of the text as written.
"""

from cpython.dict cimport PyDict_GetItemWithError, PyDict_Size
from cpython.list cimport PyList_Append
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.object cimport PyObject
from cpython.ref cimport Py_INCREF
from cpython.tuple cimport PyTuple_GET_ITEM, PyTuple_GET_SIZE, PyTuple_SET_ITEM
from cpython.unicode cimport PyUnicode_Compare, PyUnicode_Tailmatch

cdef extern from "nodes.h":
    Py_ssize_t child_of(const unsigned int *labels, Py_ssize_t low, Py_ssize_t high, unsigned int word) noexcept

cdef extern from "Python.h":
    bint PyUnicode_IS_ASCII(object text)
    object PyType_GenericAlloc(type kind, Py_ssize_t size)

# Kinds of the elements of a pattern.
cdef enum:
    WORD = 0
    STEM = 1
    GAP = 2
    OTHER = 3

_KINDS = {"word": WORD, "stem": STEM, "gap": GAP}


cdef class Pattern:
    """A pattern with its tag; `agrees` where it demands something of the text as written."""

    cdef str tag
    cdef object pure
    cdef tuple elements
    cdef list kinds
    cdef list values
    cdef bint demands

    def __init__(self, str tag not None, pure):
        self.tag = tag
        self.pure = pure
        self.elements = tuple(pure.elements)
        self.kinds = [_KINDS.get(each.kind, OTHER) for each in self.elements]
        self.values = [str(each.value) for each in self.elements]
        self.demands = bool(pure.written or pure.case)


cdef class Begun:
    """What a word can begin: its id among listed names, and patterns by what else they need."""

    cdef unsigned int token
    cdef tuple alone
    cdef list others
    cdef dict seconds

    def __init__(self, begun, dict known not None):
        self.token = begun.token
        self.alone = tuple(begun.alone) or None
        self.others = [pattern(known, each) for each in begun.others] or None
        self.seconds = {
            word: [pattern(known, each) for each in several] for word, several in begun.seconds.items()
        } or None


cdef Pattern pattern(dict known, tuple tagged):
    """Return a pattern that is made once for all words which can begin it."""
    found = known.get(tagged)
    if found is None:
        found = known[tagged] = Pattern(tagged[0], tagged[1])
    return found


cdef class Finder:
    """Finds names in a text given as word ids. Every offset is checked: a file may say anything."""

    cdef const unsigned int[::1] roots, firsts, labels, names

    def __init__(self, index):
        self.roots = index.roots
        self.firsts = index.firsts
        self.labels = index.labels
        self.names = index.names

    def find(self, tokens):
        """Return (start, stop, name) of every name, in reading order; the shorter of two first."""
        cdef Py_ssize_t count = len(tokens), start, at
        cdef unsigned int *ids = <unsigned int *>PyMem_Malloc((count + 1) * sizeof(unsigned int))
        cdef list found = []
        if ids == NULL:
            raise MemoryError
        try:
            for at in range(count):
                ids[at] = tokens[at]
            for start in range(count):
                for stop, name in self.begun(ids, start, count) or ():
                    found.append((start, stop, name))
        finally:
            PyMem_Free(ids)
        return found

    cdef list begun(self, const unsigned int *ids, Py_ssize_t start, Py_ssize_t count):
        """Return (stop, name) of the names that begin at a word; None if none does."""
        cdef list found = None
        cdef Py_ssize_t stop = start + 1
        cdef Py_ssize_t nodes = min(self.names.shape[0], self.labels.shape[0], self.firsts.shape[0] - 1)
        cdef Py_ssize_t node, low, high
        cdef unsigned int token = ids[start]
        if token >= self.roots.shape[0]:
            raise IndexError("a word outside the index of names")
        node = self.roots[token]
        while node:
            if node >= nodes:
                raise IndexError("a node outside the index of names")
            if self.names[node]:
                found = [] if found is None else found
                found.append((stop, self.names[node]))
            low, high = self.firsts[node], self.firsts[node + 1]
            if low == high or stop == count:
                break
            if low > high or high > nodes:
                raise IndexError("children outside the index of names")
            node = child_of(&self.labels[0], low, high, ids[stop])
            stop += 1
        return found


cdef class Spotter:
    """Finds patterns by their first word, and names by their word ids; both are cached for each word."""

    cdef object begin, span, variants, reach
    cdef str name_tag
    cdef Finder finder
    cdef dict cache, patterns, shared
    cdef Py_ssize_t most
    cdef frozenset endings

    def __init__(self, begin, index, pure, Py_ssize_t most):
        """Take a function that says what a word can begin, an index of names or None, and the pure functions."""
        self.begin = begin
        self.finder = None if index is None else Finder(index)
        self.span = pure.span
        self.name_tag = pure.name_tag
        self.variants = pure.variants
        self.endings = frozenset(pure.endings)
        self.reach = pure.reach
        self.most = most
        self.cache = {}
        self.patterns = {}
        self.shared = {}

    def spot(self, str name not None, text):
        """Return every span of one field in reading order, the longest first where several begin."""
        cdef tuple words = text.words
        cdef Py_ssize_t count = PyTuple_GET_SIZE(words), at
        cdef unsigned int *ids = <unsigned int *>PyMem_Malloc((count + 1) * sizeof(unsigned int))
        cdef list begun = [], found = [], here = []
        cdef Begun each
        if ids == NULL:
            raise MemoryError
        try:
            for at in range(count):
                each = self.begun(<object>PyTuple_GET_ITEM(words, at))
                ids[at] = each.token
                begun.append(each)
            for at in range(count):
                self.at(<Begun>begun[at], text, words, at, here)
                if self.finder is not None:
                    self.names(ids, at, count, here)
                if here:
                    self.put(name, at, here, found)
        finally:
            PyMem_Free(ids)
        return found

    cdef Begun begun(self, str word):
        cdef PyObject *known = PyDict_GetItemWithError(self.cache, word)
        if known != NULL:
            return <Begun>known
        made = self.converted(self.begin(word))
        if PyDict_Size(self.cache) < self.most:
            self.cache[word] = made
        return made

    cdef Begun converted(self, begun):
        """Return the same in this form; words that share a value with patterns share it here too."""
        if not (begun.alone or begun.others or begun.seconds):
            return Begun(begun, self.patterns)
        shared = self.shared.get(id(begun))
        if shared is None:
            shared = self.shared[id(begun)] = begun, Begun(begun, self.patterns)
        return <Begun>shared[1]

    cdef int at(self, Begun begun, text, tuple words, Py_ssize_t at, list here) except -1:
        """Add (stop, tag) of the patterns that match at a word."""
        cdef Pattern each
        cdef str following
        if begun.alone is not None:
            for tag in begun.alone:
                here.append((at + 1, tag))
        if begun.others is not None:
            for each in begun.others:
                self.match(each, text, words, at, here)
        if begun.seconds is None or at + 1 == PyTuple_GET_SIZE(words):
            return 0
        following = <str>PyTuple_GET_ITEM(words, at + 1)
        if PyUnicode_IS_ASCII(following):
            self.seconds(begun, following, text, words, at, here)
        else:
            for form in (begun.seconds if following in self.endings else self.variants(following)):
                self.seconds(begun, form, text, words, at, here)
        return 0

    cdef int seconds(self, Begun begun, str form, text, tuple words, Py_ssize_t at, list here) except -1:
        cdef PyObject *fitting = PyDict_GetItemWithError(begun.seconds, form)
        cdef Pattern each
        if fitting != NULL:
            for each in <list>fitting:
                self.match(each, text, words, at, here)
        return 0

    cdef int match(self, Pattern each, text, tuple words, Py_ssize_t at, list here) except -1:
        cdef Py_ssize_t stop = at + 1
        if PyTuple_GET_SIZE(each.elements) > 1:
            if not may_be(each, words, stop):
                return 0
            stop = end_after(each, 1, text, words, stop, self)
            if stop < 0 or text.sentences[at] != text.sentences[stop - 1]:
                return 0
        if not each.demands or each.pure.agrees(text, at, stop):
            here.append((stop, each.tag))
        return 0

    cdef int names(self, const unsigned int *ids, Py_ssize_t at, Py_ssize_t count, list here) except -1:
        cdef list hits = self.finder.begun(ids, at, count)
        if hits is not None:
            for stop, number in hits:
                here.append((stop, f"{self.name_tag}{number}"))
        return 0

    cdef int put(self, str name, Py_ssize_t at, list here, list found) except -1:
        """Move what begins at one word to the spans found, the longest first, each once."""
        cdef tuple last = None, each
        if len(here) > 1:
            here.sort(key=_order)
        for each in here:
            if each != last:
                found.append(self.made(name, at, each))
            last = each
        here.clear()
        return 0

    cdef object made(self, str name, Py_ssize_t start, tuple each):
        """Return a span; it is a named tuple, and made as a tuple is."""
        cdef object span = PyType_GenericAlloc(self.span, 4)
        cdef object first = start, stop = each[0], tag = each[1]
        Py_INCREF(name)
        PyTuple_SET_ITEM(span, 0, name)
        Py_INCREF(first)
        PyTuple_SET_ITEM(span, 1, first)
        Py_INCREF(stop)
        PyTuple_SET_ITEM(span, 2, stop)
        Py_INCREF(tag)
        PyTuple_SET_ITEM(span, 3, tag)
        return span


def _order(tuple each):
    return -each[0], each[1]


cdef bint may_be(Pattern each, tuple words, Py_ssize_t at) except -1:
    """Say quickly whether a word can be the second of a pattern."""
    if <int>each.kinds[1] == GAP:
        return True
    if at >= PyTuple_GET_SIZE(words):
        return False
    word = <object>PyTuple_GET_ITEM(words, at)
    return not PyUnicode_IS_ASCII(word) or accepts(each, 1, word)


cdef bint accepts(Pattern each, Py_ssize_t position, str word) except -1:
    """Say whether a word fits at a place of a pattern."""
    cdef int kind
    if PyUnicode_IS_ASCII(word):
        kind = each.kinds[position]
        if kind == WORD:
            return word == <str>each.values[position]
        if kind == STEM:
            return PyUnicode_Tailmatch(word, each.values[position], 0, len(word), -1)
    return each.elements[position].accepts(word)


cdef Py_ssize_t end_after(
    Pattern each, Py_ssize_t position, text, tuple words, Py_ssize_t at, Spotter spotter
) except -2:
    """Return the word after the match of the elements from a position on; -1 if they do not match."""
    cdef Py_ssize_t count = PyTuple_GET_SIZE(words), first, last, end
    cdef str word
    while position < PyTuple_GET_SIZE(each.elements):
        if <int>each.kinds[position] == GAP:
            last = at + <Py_ssize_t>spotter.reach(text, at)
            for first in range(at, min(last, count) + 1):
                end = end_after(each, position + 1, text, words, first, spotter)
                if end >= 0:
                    return end
            return -1
        if at >= count:
            return -1
        word = <str>PyTuple_GET_ITEM(words, at)
        if accepts(each, position, word):
            at += 1
        elif at + 1 < count and not PyUnicode_IS_ASCII(word) and word in spotter.endings:
            at += 1
            if not accepts(each, position, <str>PyTuple_GET_ITEM(words, at)):
                return -1
            at += 1
        else:
            return -1
        position += 1
    return at
