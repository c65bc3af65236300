"""Split text into folded words, exactly as `monitor.text.tokenize_pure` does.

Runs of plain letters are scanned here. The pure functions are asked about everything else: accents and
invisible characters in words, apostrophes, marks at which a sentence may end.
"""

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.object cimport PyObject
from cpython.ref cimport Py_INCREF
from cpython.tuple cimport PyTuple_New, PyTuple_SET_ITEM
from cpython.unicode cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_Substring

cdef extern from "Python.h":
    bint PyUnicode_IS_ASCII(object text)
    unsigned int PyUnicode_READ(int kind, const void *data, Py_ssize_t at)
    int PyObject_GenericSetAttr(object owner, object name, object value) except -1
    Py_ssize_t PyUnicode_FindChar(object text, unsigned int char, Py_ssize_t start, Py_ssize_t stop, int step) except -2
    object PyLong_FromSsize_t(Py_ssize_t value)


cdef enum:
    LETTER = 1
    IDEOGRAPH = 2
    JOINER = 4
    MARK = 8
    PAGES = 0x1100
    UNCLEAR = -1
    LONG = 8  # letters; no abbreviation has as many


cdef struct Spans:
    Py_ssize_t *starts
    Py_ssize_t *stops
    Py_ssize_t count
    Py_ssize_t room
    bint joined


cdef class Tokenizer:
    """Returns texts split into words. The kinds of code points are asked for a page of 256 at a time."""

    cdef object kinds_of, spans_at, fold_word, sentence_end, text
    cdef frozenset last_words
    cdef list kept
    cdef const unsigned char *pages[PAGES]

    def __init__(self, pure):
        """Take the pure functions and tables, as `monitor.text` names them."""
        self.kinds_of = pure.kinds_of
        self.spans_at = pure.spans_at
        self.fold_word = pure.fold_word
        self.sentence_end = pure.sentence_end
        self.last_words = pure.last_words
        self.text = pure.text
        self.kept = []
        for page in range(PAGES):
            self.pages[page] = NULL

    def __call__(self, str raw not None):
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(raw)
        cdef Spans words
        cdef Py_ssize_t *marks
        cdef Py_ssize_t marked = 0
        # No two words share a character, so a text has no more words, and no more marks, than characters.
        cdef Py_ssize_t *memory = <Py_ssize_t *>PyMem_Malloc(3 * (length + 1) * sizeof(Py_ssize_t))
        if memory == NULL:
            raise MemoryError
        words.starts = memory
        words.stops = memory + length + 1
        words.count = 0
        words.room = length
        words.joined = False
        marks = memory + 2 * (length + 1)
        try:
            marked = self.scan(raw, length, &words, marks)
            folded = self.fold(raw, &words)
            return self.made(raw, folded, &words, marks, marked)
        finally:
            PyMem_Free(memory)

    cdef inline const unsigned char *page(self, unsigned int code) except NULL:
        """Return the kinds of the page of a code point."""
        cdef const unsigned char *known = self.pages[code >> 8]
        return known if known != NULL else self.new_page(code)

    cdef const unsigned char *new_page(self, unsigned int code) except NULL:
        cdef Py_ssize_t number = code >> 8
        cdef bytes kinds
        kinds = self.kinds_of(number << 8)
        if len(kinds) != 256:
            raise ValueError("a page of kinds has 256 code points")
        self.kept.append(kinds)
        self.pages[number] = <const unsigned char *><const char *>kinds
        return self.pages[number]

    cdef Py_ssize_t scan(self, str raw, Py_ssize_t length, Spans *words, Py_ssize_t *marks) except -1:
        """Fill in the spans of words and the offsets of marks; return the number of marks."""
        cdef Py_ssize_t at = 0, start, marked = 0, end, past = 0
        cdef int kind = PyUnicode_KIND(raw)
        cdef const void *data = PyUnicode_DATA(raw)
        cdef unsigned char sort
        cdef unsigned int code
        while at < length:
            code = PyUnicode_READ(kind, data, at)
            sort = self.page(code)[code & 0xFF]
            if sort & MARK:
                marks[marked] = at
                marked += 1
            if sort & LETTER:
                start = at
                while sort & LETTER:
                    at += 1
                    if at == length:
                        sort = 0
                        break
                    code = PyUnicode_READ(kind, data, at)
                    sort = self.page(code)[code & 0xFF]
                if sort & JOINER:
                    at = self.joined(raw, start, words)
                else:
                    put(words, start, at)
            elif sort & IDEOGRAPH:
                put(words, at, at + 1)
                at += 1
            elif sort & JOINER:
                end = self.joined(raw, at, words)
                at = end if end > at else at + 1
            else:
                at += 1
        return marked

    cdef Py_ssize_t joined(self, str raw, Py_ssize_t start, Spans *words) except -1:
        """Add the words of what begins at an offset; return where it ends, 0 if nothing begins there."""
        cdef Py_ssize_t end
        words.joined = True
        stop, spans = self.spans_at(raw, start)
        end = stop
        for first, last in spans:
            put(words, first, last)
        return end

    cdef tuple fold(self, str raw, Spans *words):
        """Return the folded words; spans of which nothing remains are removed."""
        cdef Py_ssize_t number, kept = 0
        cdef str word, source = raw
        cdef bint plain = raw.isascii()
        cdef list folded = []
        if plain:
            source = raw.lower()
        for number in range(words.count):
            word = PyUnicode_Substring(source, words.starts[number], words.stops[number])
            if not PyUnicode_IS_ASCII(word):
                word = self.fold_word(word)
            else:
                if not plain:
                    word = word.lower()
                if words.joined and PyUnicode_FindChar(word, c"'", 0, PyUnicode_GET_LENGTH(word), 1) >= 0:
                    word = word.replace("'", "")
            if word or plain:
                words.starts[kept] = words.starts[number]
                words.stops[kept] = words.stops[number]
                kept += 1
                folded.append(word)
        words.count = kept
        return tuple(folded)

    cdef object made(self, str raw, tuple folded, Spans *words, Py_ssize_t *marks, Py_ssize_t marked):
        sentences = self.sentences(raw, words, marks, marked)
        text = self.text.__new__(self.text)
        # The class is frozen; its slots are filled as `dataclasses` does it, only without a call for each.
        PyObject_GenericSetAttr(text, "raw", raw)
        PyObject_GenericSetAttr(text, "words", folded)
        PyObject_GenericSetAttr(text, "starts", numbers(words.starts, words.count))
        PyObject_GenericSetAttr(text, "stops", numbers(words.stops, words.count))
        PyObject_GenericSetAttr(text, "sentences", sentences)
        return text

    cdef tuple sentences(self, str raw, Spans *words, Py_ssize_t *marks, Py_ssize_t marked):
        """Return the number of the sentence of each word."""
        cdef tuple found = PyTuple_New(words.count)
        cdef Py_ssize_t word = 0, mark, past = 0, end
        cdef object number = 0
        cdef Py_ssize_t sentence = 0
        for mark in range(marked):
            if marks[mark] < past:
                continue
            end = self.plain_end(raw, marks[mark])
            if end == UNCLEAR:
                stop, ends = self.sentence_end(raw, marks[mark])
                past = stop if stop > past else past
                end = stop if ends else 0
            if end == 0:
                continue
            past = end if end > past else past
            while word < words.count and words.starts[word] < end:
                Py_INCREF(number)
                PyTuple_SET_ITEM(found, word, number)
                word += 1
            sentence += 1
            number = sentence
        while word < words.count:
            Py_INCREF(number)
            PyTuple_SET_ITEM(found, word, number)
            word += 1
        return found


    cdef Py_ssize_t plain_end(self, str raw, Py_ssize_t mark) except -2:
        """Return where the sentence ends whose mark stands here, 0 if none ends, `UNCLEAR` if it is not plain.

        It is plain where one of ``.!?`` stands between a letter and ASCII spaces with a letter behind them.
        """
        cdef int kind = PyUnicode_KIND(raw)
        cdef const void *data = PyUnicode_DATA(raw)
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(raw), end = mark + 1
        cdef unsigned int code = PyUnicode_READ(kind, data, mark)
        if code not in (33, 46, 63) or mark == 0 or self.kind(kind, data, mark - 1) != LETTER or end == length:
            return UNCLEAR
        if self.kind(kind, data, end) == LETTER:
            return 0
        while end < length and PyUnicode_READ(kind, data, end) == 32:
            end += 1
        if end == mark + 1 or end == length or self.kind(kind, data, end) != LETTER:
            return UNCLEAR
        if code != 46 or self.is_long(raw, kind, data, mark):
            return end
        return UNCLEAR

    cdef inline int kind(self, int kind, const void *data, Py_ssize_t at) except -1:
        cdef unsigned int code = PyUnicode_READ(kind, data, at)
        return self.page(code)[code & 0xFF]

    cdef bint is_long(self, str raw, int kind, const void *data, Py_ssize_t stop) except -1:
        """Say whether the word of ASCII letters before a full stop is no abbreviation."""
        cdef Py_ssize_t start = stop
        cdef unsigned int code = 0
        while start > 0 and stop - start < LONG:
            code = PyUnicode_READ(kind, data, start - 1) | 32
            if not 97 <= code <= 122:
                break
            start -= 1
        if stop - start == LONG:
            return True
        if stop - start < 2 or (start > 0 and PyUnicode_READ(kind, data, start - 1) != 32):
            return False
        return PyUnicode_Substring(raw, start, stop).lower() not in self.last_words


cdef inline int put(Spans *words, Py_ssize_t start, Py_ssize_t stop) except -1:
    if words.count >= words.room:
        raise ValueError("more words than characters")
    words.starts[words.count] = start
    words.stops[words.count] = stop
    words.count += 1
    return 0


cdef tuple numbers(Py_ssize_t *values, Py_ssize_t count):
    cdef tuple found = PyTuple_New(count)
    cdef Py_ssize_t at
    cdef object value
    for at in range(count):
        value = PyLong_FromSsize_t(values[at])
        Py_INCREF(value)
        PyTuple_SET_ITEM(found, at, value)
    return found
