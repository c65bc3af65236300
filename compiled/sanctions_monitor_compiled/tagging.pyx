"""Find the listed names of a text, exactly as `monitor.match.names.tagging` does, without a value for each word.

A word is folded to bytes and its CRC-32 is computed while it is scanned; both are what the index of names is
asked for. The pure functions are asked about accents and invisible characters in words, about most
apostrophes, and about unknown words in letters of two alphabets.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from cpython.mem cimport PyMem_Free, PyMem_Malloc, PyMem_Realloc
from cpython.unicode cimport (
    PyUnicode_DATA, PyUnicode_DecodeUTF8, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_Substring,
)
from libc.string cimport memcmp, memcpy, memset

from libc.stdint cimport uint32_t, uint64_t

cdef extern from "nodes.h":
    Py_ssize_t child_of(const uint32_t *labels, Py_ssize_t low, Py_ssize_t high, uint32_t word) noexcept

cdef extern from "words.h":
    enum:
        WORD_MARGIN
    void fill_crc() noexcept
    void prefetch(const void *place) noexcept
    int lowest_bit(uint64_t bits) noexcept
    uint64_t last_block(const unsigned char *end, Py_ssize_t size) noexcept
    uint32_t word_crc(const unsigned char *word, Py_ssize_t size) noexcept
    void fold_ascii(const unsigned char *raw, unsigned char *folded, Py_ssize_t size) noexcept
    uint64_t letters_of_block(const unsigned char *folded) noexcept

cdef extern from "Python.h":
    bint PyUnicode_IS_ASCII(object text)

cdef enum:
    LETTER = 1
    IDEOGRAPH = 2
    JOINER = 4
    APOSTROPHE = 16
    PAGES = 0x1100
    PACKED = 4  # bytes; a letter whose folded form is longer is left to the pure functions
    APART = 255  # a code point that is not folded to one byte
    ALPHABETS = 63
    FOREIGN = 64
    LOOKALIKE = 128
    ASK = 256  # a word that the pure functions have folded; they know whether it looks like another
    ELIDED = 32
    BLOCK = 64

ctypedef fused Unit:
    unsigned char
    unsigned short
    unsigned int


cdef struct Letter:
    unsigned int folded
    unsigned char kind
    unsigned char size
    unsigned char letters


cdef struct Page:
    Letter letters[256]
    unsigned char single[256]


cdef struct Word:
    Py_ssize_t start
    Py_ssize_t stop
    Py_ssize_t at
    Py_ssize_t size
    uint64_t block
    uint32_t check
    uint32_t id
    uint32_t node
    int letters


cdef struct Words:
    Word *all
    Py_ssize_t count
    Py_ssize_t room
    unsigned char *memory
    unsigned char *folded
    Py_ssize_t used
    Py_ssize_t size


fill_crc()


cdef class Vocabulary:
    """The words of an index of names. Every offset is checked: a file may say anything."""

    cdef const unsigned int[::1] kept_slots, kept_ends
    cdef const unsigned char[::1] kept_words
    cdef const unsigned int *slots
    cdef const unsigned int *ends
    cdef const unsigned char *words
    cdef Py_ssize_t size, mask, count

    def __init__(self, index):
        self.kept_slots = index.slots
        self.kept_ends = index.word_ends
        self.kept_words = index.words
        self.mask = self.kept_slots.shape[0] - 1
        self.count = self.kept_ends.shape[0] - 1
        self.size = self.kept_words.shape[0]
        if self.mask < 0 or self.mask & (self.mask + 1) or self.count < 0:
            raise IndexError("an index of names without words")
        self.slots = &self.kept_slots[0]
        self.ends = &self.kept_ends[0]
        self.words = &self.kept_words[0] if self.size else NULL

    cdef inline Py_ssize_t token(
        self, const unsigned char *word, Py_ssize_t size, uint64_t block, uint32_t check
    ) except -1:
        """Return the id of a folded word; 0 if no name contains it."""
        cdef Py_ssize_t at = check & self.mask, tried = 0
        cdef uint32_t id = self.slots[at], begin, end
        while id:
            if id > self.count:
                raise IndexError("a word outside the index of names")
            begin, end = self.ends[id - 1], self.ends[id]
            if end - begin == size:
                if begin > end or end > self.size:
                    raise IndexError("a word outside the words of the index")
                if begin < WORD_MARGIN:
                    if memcmp(self.words + begin, word, size) == 0:
                        return id
                elif last_block(self.words + end, size) == block:
                    if size <= 8 or memcmp(self.words + begin, word, size - 8) == 0:
                        return id
            at = (at + 1) & self.mask
            tried += 1
            if tried > self.mask:
                break
            id = self.slots[at]
        return 0


cdef class Tagger:
    """Finds the names of an index in texts as they were written."""

    cdef object page_of, spans_at, fold_word, lookalikes
    cdef frozenset apostrophes
    cdef Vocabulary vocabulary
    cdef const unsigned int *root_of
    cdef const unsigned int[::1] roots, firsts, labels, names
    cdef Page *pages[PAGES]
    cdef uint32_t elided[ELIDED]
    cdef int articles

    def __cinit__(self):
        for page in range(PAGES):
            self.pages[page] = NULL

    def __init__(self, index, pure):
        """Take an index of names and the pure functions, as `monitor.match.names.tagging` names them."""
        cdef bytes data
        self.page_of = pure.page_of
        self.spans_at = pure.spans_at
        self.fold_word = pure.fold_word
        self.lookalikes = pure.lookalikes
        self.apostrophes = frozenset(pure.apostrophes)
        self.vocabulary = Vocabulary(index)
        self.roots = index.roots
        self.root_of = &self.roots[0] if self.roots.shape[0] else NULL
        self.firsts = index.firsts
        self.labels = index.labels
        self.names = index.names
        self.articles = 0
        for word in pure.elided:
            data = bytes(WORD_MARGIN) + word.encode()
            if self.articles == ELIDED:
                raise ValueError("more articles than there is room for")
            self.elided[self.articles] = word_crc(margined(data), PyBytes_GET_SIZE(data) - WORD_MARGIN)
            self.articles += 1

    def __dealloc__(self):
        for page in range(PAGES):
            PyMem_Free(self.pages[page])

    def tag(self, str raw not None):
        """Return (start, stop, name) of every name in reading order, the shorter of two first."""
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(raw)
        cdef Words words
        # No two words share a character, so a text has no more words than characters.
        words.room, words.size = length + 1, PACKED * (length + 1) + 2 * BLOCK
        words.all = <Word *>PyMem_Malloc(words.room * sizeof(Word))
        words.memory = <unsigned char *>PyMem_Malloc(WORD_MARGIN + words.size)
        words.folded = words.memory + WORD_MARGIN
        words.count = words.used = 0
        try:
            if words.all == NULL or words.memory == NULL:
                raise MemoryError
            self.split(raw, length, &words)
            self.look_up(&words)
            return self.found(&words)
        finally:
            PyMem_Free(words.all)
            PyMem_Free(words.memory)

    cdef int split(self, str raw, Py_ssize_t length, Words *words) except -1:
        """Fill in the words of a text."""
        cdef int kind = PyUnicode_KIND(raw)
        cdef void *data = PyUnicode_DATA(raw)
        if PyUnicode_IS_ASCII(raw):
            fold_ascii(<unsigned char *>data, words.folded, length)
            return split_aligned(self, raw, <unsigned char *>data, length, words)
        if kind == 1:
            return split_units(self, raw, <unsigned char *>data, length, words)
        if kind == 2:
            return split_units(self, raw, <unsigned short *>data, length, words)
        return split_units(self, raw, <unsigned int *>data, length, words)

    cdef inline Page *page(self, uint32_t code) except NULL:
        cdef Page *known = self.pages[code >> 8]
        return known if known != NULL else self.new_page(code >> 8)

    cdef Page *new_page(self, uint32_t number) except NULL:
        """Ask for the kinds and the folded forms of 256 code points."""
        cdef tuple rows = self.page_of(number << 8)
        cdef Page *page
        cdef int at = 0
        if len(rows) != 256:
            raise ValueError("a page has 256 code points")
        page = <Page *>PyMem_Malloc(sizeof(Page))
        if page == NULL:
            raise MemoryError
        try:
            for at in range(256):
                self.fill_in(page, at, chr((number << 8) + at), rows[at])
        except BaseException:
            PyMem_Free(page)
            raise
        self.pages[number] = page
        return page

    cdef int fill_in(self, Page *page, int at, str char, tuple row) except -1:
        cdef Letter *letter = page.letters + at
        cdef bytes data = row[1].encode("utf-8", "replace")
        cdef Py_ssize_t size = PyBytes_GET_SIZE(data), place
        letter.kind = row[0]
        letter.letters = row[2]
        letter.folded = 0
        letter.size = min(size, <Py_ssize_t>PACKED + 1)
        for place in range(min(size, <Py_ssize_t>PACKED)):
            letter.folded |= <uint32_t><unsigned char>data[place] << 8 * place
        if char in self.apostrophes:
            letter.kind |= APOSTROPHE
        if letter.kind & LETTER and size == 1:
            page.single[at] = letter.folded
        else:
            page.single[at] = APART if letter.kind & (LETTER | IDEOGRAPH | JOINER) else 0
        if letter.kind & APOSTROPHE:
            page.single[at] = 0
        return 0

    cdef bint is_elided(self, uint32_t check) noexcept:
        """Say whether a word may be an article that an apostrophe joins to the next word."""
        cdef int number
        for number in range(self.articles):
            if self.elided[number] == check:
                return True
        return False

    cdef Py_ssize_t joined(self, str raw, Py_ssize_t start, Words *words) except -1:
        """Add the words of what begins at an offset; return where it ends, or the next offset."""
        cdef Py_ssize_t end
        stop, spans = self.spans_at(raw, start)
        end = stop
        for first, last in spans:
            self.fold(raw, first, last, words)
        return end if end > start else start + 1

    cdef int fold(self, str raw, Py_ssize_t start, Py_ssize_t stop, Words *words) except -1:
        """Add a word as the pure functions fold it, if anything remains of it."""
        cdef bytes data = self.fold_word(PyUnicode_Substring(raw, start, stop)).encode("utf-8", "replace")
        cdef Py_ssize_t size = PyBytes_GET_SIZE(data), needed
        cdef unsigned char *memory
        if not size:
            return 0
        needed = words.used + size + PACKED * (PyUnicode_GET_LENGTH(raw) - start + 1) + BLOCK
        if needed > words.size:
            memory = <unsigned char *>PyMem_Realloc(words.memory, WORD_MARGIN + 2 * needed)
            if memory == NULL:
                raise MemoryError
            words.memory, words.folded, words.size = memory, memory + WORD_MARGIN, 2 * needed
        memcpy(words.folded + words.used, PyBytes_AS_STRING(data), size)
        put(self, words, start, stop, words.used, size, ASK)
        words.used += size
        return 0

    cdef int look_up(self, Words *words) except -1:
        """Fill in the ids of the words; an unknown one has that of a word which it looks like."""
        cdef Vocabulary vocabulary = self.vocabulary
        cdef Py_ssize_t number
        cdef Word *word
        self.fetch_words(words)
        for number in range(words.count):
            word = words.all + number
            word.id = vocabulary.token(words.folded + word.at, word.size, word.block, word.check)
            if word.id == 0 and word.letters and (word.letters == ASK or is_mixed(word.letters)):
                word.id = self.look_alike(words.folded + word.at, word.size)
        return 0

    cdef void fetch_words(self, Words *words) noexcept:
        """Have the memory read, for all words at once, that the look-up of each will need. Nothing is decided here."""
        cdef Vocabulary vocabulary = self.vocabulary
        cdef Py_ssize_t number
        cdef Word *word
        for number in range(words.count):
            word = words.all + number
            word.id = min(vocabulary.slots[word.check & vocabulary.mask], <uint32_t>vocabulary.count)
            if word.id:
                prefetch(vocabulary.ends + word.id - 1)
        for number in range(words.count):
            word = words.all + number
            if word.id:
                prefetch(vocabulary.words + vocabulary.ends[word.id] - 1)
                prefetch(self.root_of + word.id)

    cdef void fetch_nodes(self, Words *words) noexcept:
        """Have the memory read that following the names from each word will need."""
        cdef Py_ssize_t at
        cdef uint32_t node
        cdef Word *word
        for at in range(words.count):
            word = words.all + at
            word.node = 0
            if word.id and word.id < self.roots.shape[0]:
                node = self.roots[word.id]
                if node < self.names.shape[0] and node < self.firsts.shape[0]:
                    word.node = node
                    prefetch(&self.names[node])
                    if at + 1 < words.count and words.all[at + 1].id:
                        prefetch(&self.firsts[node])
        for at in range(words.count - 1):
            word = words.all + at
            if word.node and words.all[at + 1].id:
                node = self.firsts[word.node]
                if node < self.labels.shape[0]:
                    prefetch(&self.labels[node])

    cdef uint32_t look_alike(self, unsigned char *folded, Py_ssize_t size) except? 0xFFFFFFFF:
        cdef bytes data
        cdef uint32_t id
        for other in self.lookalikes(PyUnicode_DecodeUTF8(<char *>folded, size, "replace")):
            data = bytes(WORD_MARGIN) + other.encode("utf-8", "replace")
            folded, size = margined(data), PyBytes_GET_SIZE(data) - WORD_MARGIN
            id = self.vocabulary.token(folded, size, last_block(folded + size, size), word_crc(folded, size))
            if id:
                return id
        return 0

    cdef list found(self, Words *words):
        """Return the names that begin at each word."""
        cdef list found = []
        cdef Py_ssize_t at
        cdef Word *word
        cdef unsigned int node
        self.fetch_nodes(words)
        for at in range(words.count):
            word = words.all + at
            if word.id:
                if word.id >= self.roots.shape[0]:
                    raise IndexError("a word outside the index of names")
                node = self.roots[word.id]
                if node:
                    self.follow(words, at, node, found)
        return found

    cdef int follow(self, Words *words, Py_ssize_t start, Py_ssize_t node, list found) except -1:
        """Add the names that begin at a word and a node."""
        cdef Py_ssize_t nodes = min(self.names.shape[0], self.labels.shape[0], self.firsts.shape[0] - 1)
        cdef Py_ssize_t stop = start + 1, low, high
        while True:
            if node >= nodes:
                raise IndexError("a node outside the index of names")
            if self.names[node]:
                found.append((words.all[start].start, words.all[stop - 1].stop, self.names[node]))
            if stop == words.count or words.all[stop].id == 0:
                return 0
            low, high = self.firsts[node], self.firsts[node + 1]
            if low == high:
                return 0
            if low > high or high > nodes:
                raise IndexError("children outside the index of names")
            node = child_of(&self.labels[0], low, high, words.all[stop].id)
            if not node:
                return 0
            stop += 1


cdef inline unsigned char *margined(bytes data) noexcept:
    return <unsigned char *>PyBytes_AS_STRING(data) + WORD_MARGIN


cdef inline int put(
    Tagger self, Words *words, Py_ssize_t start, Py_ssize_t stop, Py_ssize_t at, Py_ssize_t size, int letters
) except -1:
    cdef Word *word = words.all + words.count
    cdef unsigned char *folded = words.folded + at
    if words.count >= words.room:
        raise ValueError("more words than characters")
    word.start = start
    word.stop = stop
    word.at = at
    word.size = size
    word.block = last_block(folded + size, size)
    word.check = word_crc(folded, size)
    word.letters = letters
    prefetch(self.vocabulary.slots + (word.check & self.vocabulary.mask))
    words.count += 1
    return 0


cdef inline bint is_mixed(int letters) noexcept:
    """Say whether a word has letters of no one alphabet, of which one looks Latin."""
    return letters & FOREIGN and letters & LOOKALIKE and not letters & ALPHABETS


cdef int split_aligned(Tagger self, str raw, Unit *data, Py_ssize_t length, Words *words) except -1:
    """Fill in the words of a text of which each letter is folded to one byte, where it stands."""
    cdef Py_ssize_t base, at, start = 0, past = 0
    cdef uint64_t bits, turns, before = 0
    cdef bint is_open = False
    words.used = length + BLOCK
    memset(words.folded + length, 0, BLOCK)
    for base in range(0, length + 1, BLOCK):
        bits = letters_of_block(words.folded + base)
        turns = bits ^ (bits << 1 | before)
        before = bits >> 63
        while turns:
            at = base + lowest_bit(turns)
            turns &= turns - 1
            is_open = not is_open
            if is_open:
                start = at
            elif start >= past:
                past = ended(self, raw, data, start, at, length, words)
    return 0


cdef inline Py_ssize_t ended(
    Tagger self, str raw, Unit *data, Py_ssize_t start, Py_ssize_t at, Py_ssize_t length, Words *words
) except -1:
    """Add a word that ends at an offset, or what an apostrophe joins to it; return where the next can begin."""
    cdef int number = 0
    if at < length and is_apostrophe(self, data[at]):
        number = suffix(self, words.folded + start, at - start, 2, data, at, length)
        if number == 0:
            return self.joined(raw, start, words)
    put(self, words, start, at, start, at - start, 0)
    return at + number


cdef inline bint is_apostrophe(Tagger self, uint32_t code) except -1:
    return code == c"'" or (code > 127 and self.page(code).letters[code & 0xFF].kind & APOSTROPHE)


cdef inline bint joins(Tagger self, uint32_t code) except -1:
    """Say whether a code point can be part of a word of several letters."""
    return self.page(code).letters[code & 0xFF].kind & (LETTER | JOINER)


cdef int suffix(
    Tagger self, unsigned char *word, Py_ssize_t size, Py_ssize_t least, Unit *data, Py_ssize_t at, Py_ssize_t length
) except -1:
    """Return how many characters from an apostrophe on belong to no word; 0 if that is for the pure functions to say.

    They do where no letter follows, and where "s" alone follows a word of at least so many bytes, which are more than
    those of one letter.
    """
    if at + 1 == length or not joins(self, data[at + 1]):
        return 1
    if size < least or (data[at + 1] != c"s" and data[at + 1] != c"S"):
        return 0
    if self.is_elided(word_crc(word, size)):
        return 0
    return 0 if at + 2 < length and joins(self, data[at + 2]) else 2


cdef bint fold_aligned(Tagger self, Unit *data, Py_ssize_t length, unsigned char *folded) except -1:
    """Fold a text where it stands; say whether all of it can be folded so."""
    cdef Py_ssize_t at
    cdef unsigned char low
    for at in range(length):
        low = self.page(data[at]).single[data[at] & 0xFF]
        if low == APART:
            return False
        folded[at] = low
    return True


cdef int split_units(Tagger self, str raw, Unit *data, Py_ssize_t length, Words *words) except -1:
    """Fill in the words of a text of code points of one width."""
    if fold_aligned(self, data, length, words.folded):
        return split_aligned(self, raw, data, length, words)
    return split_letters(self, raw, data, length, words)


cdef int split_letters(Tagger self, str raw, Unit *data, Py_ssize_t length, Words *words) except -1:
    """Fill in the words of a text letter by letter."""
    cdef Py_ssize_t at = 0, start, begin
    cdef Letter *letter
    cdef int number, every, some, kind
    cdef bint asks
    while at < length:
        letter = self.page(data[at]).letters + (data[at] & 0xFF)
        kind = letter.kind
        if not kind & (LETTER | IDEOGRAPH):
            at = self.joined(raw, at, words) if kind & JOINER and not kind & APOSTROPHE else at + 1
            continue
        start, begin, every, some, asks = at, words.used, ALPHABETS, 0, False
        while True:
            asks = asks or letter.size > PACKED
            for number in range(min(letter.size, <unsigned char>PACKED)):
                words.folded[words.used] = (letter.folded >> 8 * number) & 0xFF
                words.used += 1
            every &= letter.letters
            some |= letter.letters
            at += 1
            if at == length or kind & IDEOGRAPH:
                kind = 0
                break
            letter = self.page(data[at]).letters + (data[at] & 0xFF)
            if not letter.kind & LETTER:
                kind = letter.kind
                break
        number = 0
        if kind & APOSTROPHE and not asks:
            number = suffix(self, words.folded + begin, words.used - begin, PACKED + 1, data, at, length)
        if kind & JOINER and number == 0:
            words.used = begin
            at = self.joined(raw, start, words)
        elif asks:
            words.used = begin
            self.fold(raw, start, at, words)
        elif words.used > begin:
            put(self, words, start, at, begin, words.used - begin, every & ALPHABETS | some & (LOOKALIKE | FOREIGN))
        at += number
    return 0
